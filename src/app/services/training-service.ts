/** Runs: prepared, started, watched, stopped, judged. */
import type { RunEstimate, TrainingEvent } from "../../contract/engine.ts";
import { failed, type ErrorCode, failureOf, type Outcome } from "../../contract/outcome.ts";

import { kerasSplit } from "../../domain/dataset/split.ts";
import type { Dataset } from "../../domain/dataset/dataset.ts";
import type { Split } from "../../domain/dataset/split-types.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { presets } from "../../domain/experiment/presets.ts";
import { validateExperiment } from "../../domain/experiment/validate.ts";
import { canResume, type Run } from "../../domain/run/run.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { getDataset, listImages } from "../../storage/datasets.ts";
import { deleteRun, getRun, listRuns, putRun } from "../../storage/runs.ts";
import type { ActiveRun, Progress, RunEvaluation, TrainingService } from "../../ui/services.ts";
import { classCountsOf } from "./class-counts.ts";
import { judge, type PixelPreparer } from "./judging.ts";
import { MutableStore } from "./mutable-store.ts";
import { type News, type Tabs, trainingLock, whenFree, whileAlone } from "./tabs.ts";

/** What the notebook holds out. */
const notebookValidationShare = 0.2;

export interface TrainingParts {
  readonly engine: Pick<Engine, "train" | "predict" | "pause" | "estimate">;
  readonly pixels: PixelPreparer;
  readonly tabs: Tabs;
  /** Called when a run's model was stored. */
  readonly onModel: () => void;
}

export interface TrainingOptions {
  /** Image ids to validate on instead of a split by seed. All other images are trained on. */
  readonly validation?: readonly string[];
  /** Share that a split by seed holds out, between 0 and 1; the notebook's 0.2 where not given. */
  readonly validationShare?: number;
}

export class Training implements TrainingService {
  readonly runs = new MutableStore<readonly Run[]>([]);
  readonly active = new MutableStore<ActiveRun | null>(null);
  readonly presets = presets;
  readonly #parts: TrainingParts;
  /** Set while this tab trains. */
  #stopping: AbortController | null = null;

  constructor(parts: TrainingParts) {
    this.#parts = parts;
    parts.tabs.listen((news) => this.#hear(news));
  }

  /** Reads what is stored; runs that no tab computes any more become `interrupted`. */
  async load(): Promise<void> {
    await whileAlone(trainingLock, async () => {
      for (const run of await listRuns()) {
        if (run.status !== "running" && run.status !== "queued") continue;
        await putRun({ ...run, status: "interrupted", problem: "Tamis was closed before the run ended." });
      }
    });
    await this.#read();
  }

  train(datasetId: string, experiment: Experiment, options: TrainingOptions = {}): Promise<Outcome<Run>> {
    return this.#alone(async (signal) => {
      const prepared = await this.#newRun(datasetId, experiment, options);
      return prepared.ok ? this.#compute(prepared.value, signal) : prepared;
    });
  }

  estimate(dataset: Dataset, experiment: Experiment, signal: AbortSignal): Promise<Outcome<RunEstimate>> {
    if (this.active.value) return Promise.resolve(failed("busy", "A run is being computed."));
    const { classNames, classCounts, positiveClass } = dataset;
    const images = classCounts.reduce((sum, count) => sum + count, 0);
    const validationImages = Math.trunc(notebookValidationShare * images);
    const trainingImages = images - validationImages;
    const positiveShare = (classCounts[classNames.indexOf(positiveClass)] ?? 0) / images;
    const positives = Math.round(positiveShare * trainingImages);
    const request = { experiment, classes: classNames.length, trainingImages, positives, validationImages };
    return this.#parts.engine.estimate(request, signal);
  }

  resumeRun(runId: string): Promise<Outcome<Run>> {
    return this.#alone(async (signal) => {
      const run = await getRun(runId);
      if (!run) return failed("not-found", "This run is not there any more.");
      if (!canResume(run)) {
        return failed("bad-input", `This run is ${run.status} and has nothing to go on from.`, "Start a new run.");
      }
      return this.#compute(run, signal);
    });
  }

  pause(isPaused: boolean): void {
    const active = this.active.value;
    if (!active) return;
    if (this.#stopping) void this.#parts.engine.pause(isPaused).catch(() => undefined);
    else this.#parts.tabs.tell({ type: "pause", runId: active.runId, isPaused });
    // That it does wait is told by the engine, at the end of its step.
    if (!isPaused && active.phase === "paused") this.#setActive({ ...active, phase: "training" });
  }

  /** One run at a time, also across tabs. */
  async #alone(work: (signal: AbortSignal) => Promise<Outcome<Run>>): Promise<Outcome<Run>> {
    const busy = failed(
      "busy",
      "A run is being computed.",
      "Wait until it ends, or stop it; it may be in another tab.",
    );
    if (this.active.value) return busy;
    const stopping = new AbortController();
    this.#stopping = stopping;
    try {
      const alone = await whileAlone(trainingLock, () => work(stopping.signal));
      return alone?.result ?? busy;
    } catch (error) {
      return failureOf(error);
    } finally {
      this.#stopping = null;
      this.#setActive(null);
      await this.#changed();
    }
  }

  stop(): void {
    const active = this.active.value;
    if (!active) return;
    if (!this.#stopping) {
      this.#parts.tabs.tell({ type: "stop", runId: active.runId });
      return;
    }
    this.#setActive({ ...active, phase: "stopping" });
    this.#stopping.abort();
  }

  async evaluate(
    runId: string,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<RunEvaluation>> {
    const run = await getRun(runId);
    if (!run) return failed("not-found", "This run is not there any more.");
    if (run.modelId === null) return failed("not-found", "This run has no model yet: no epoch has ended.");
    const { modelId, datasetId, positiveClass, split } = run;
    const { engine, pixels } = this.#parts;
    return judge(
      { modelId, datasetId, positiveClass, imageIds: split.validation },
      { engine, pixels },
      onProgress,
      signal,
    );
  }

  async remove(runId: string): Promise<void> {
    if (this.active.value?.runId === runId) return;
    await deleteRun(runId);
    await this.#changed();
  }

  /** Computes a run, new or to go on, to its end. */
  async #compute(run: Run, signal: AbortSignal): Promise<Outcome<Run>> {
    const { datasetId, experiment } = run;
    const show = (change: Partial<ActiveRun>): void => {
      const active = this.active.value;
      if (!active) return;
      this.#setActive({ ...active, ...change, phase: signal.aborted ? "stopping" : (change.phase ?? active.phase) });
    };
    this.#setActive({
      runId: run.id,
      run,
      phase: "preparing",
      preparing: null,
      started: null,
      step: null,
      recovered: null,
    });

    const cached = await this.#parts.pixels.prepare(
      datasetId,
      experiment.pixels,
      (preparing) => show({ preparing }),
      signal,
    );
    if (!cached.ok) return cached;

    for (let isRecovery = false; ; isRecovery = true) {
      // As stored: what the attempt before this one reached.
      await putRun({ ...((await getRun(run.id)) ?? run), status: "queued", problem: "" });
      await this.#changed();
      show({ phase: "starting", preparing: null });
      const events = new EventOrder((event) => this.#follow(event, run.id, show));
      const outcome = await this.#parts.engine.train(run.id, (event) => events.take(event), signal);
      await events.settled();
      if (outcome.ok || isRecovery || signal.aborted || !isRecoverable(outcome.code)) {
        return this.#settle(run.id, outcome, signal.aborted);
      }
      const reached = await getRun(run.id);
      if (reached && reached.history.length > 0 && reached.checkpointEpoch === null) {
        return this.#settle(run.id, outcome, false);
      }
      show({ recovered: outcome.message, started: null, step: null });
    }
  }

  /** A run record, not stored yet; or why there cannot be one. */
  async #newRun(datasetId: string, experiment: Experiment, options: TrainingOptions): Promise<Outcome<Run>> {
    const dataset = await getDataset(datasetId);
    if (!dataset) return failed("not-found", "This dataset is not there any more.");
    const images = await listImages(datasetId);
    const split = options.validation
      ? givenSplit(images, options.validation, experiment.seed)
      : kerasSplit(images, options.validationShare ?? notebookValidationShare, experiment.seed);
    if (!split || split.training.length === 0 || split.validation.length === 0) {
      return failed(
        "too-few-images",
        `${images.length} images cannot be split into training and validation images.`,
        "Import a folder with more images.",
      );
    }
    const training = new Set(split.training);
    const counts = classCountsOf(
      dataset.classNames,
      images.filter((image) => training.has(image.imageId)),
    );
    const problem = validateExperiment(experiment, dataset, counts);
    if (problem) return { ok: false, ...problem };
    return {
      ok: true,
      value: {
        id: crypto.randomUUID(),
        datasetId,
        datasetName: dataset.name,
        classNames: dataset.classNames,
        positiveClass: dataset.positiveClass,
        experiment,
        split,
        createdAt: Date.now(),
        status: "queued",
        problem: "",
        history: [],
        modelId: null,
        keptEpoch: null,
        checkpointEpoch: null,
        checkpointProblem: "",
        engine: null,
      },
    };
  }

  async #follow(event: TrainingEvent, runId: string, show: (change: Partial<ActiveRun>) => void): Promise<void> {
    switch (event.type) {
      case "started":
        show({ started: event, phase: "training" });
        break;
      case "step":
        show({ step: event, phase: "training" });
        break;
      case "paused":
        show({ phase: "paused" });
        break;
      case "validating":
        show({ phase: "validating" });
        break;
      case "epoch": {
        const run = await getRun(runId);
        if (run) show({ run, phase: "training" });
        this.#parts.onModel();
        await this.#changed();
      }
    }
  }

  /** The engine stores how a run ended; where it could not any more, it is said here. */
  async #settle(runId: string, outcome: Outcome<Run>, wasStopped: boolean): Promise<Outcome<Run>> {
    const run = await getRun(runId);
    if (!run || (run.status !== "queued" && run.status !== "running")) return outcome;
    if (wasStopped) {
      const stopped: Run = { ...run, status: "stopped" };
      await putRun(stopped);
      return { ok: true, value: stopped };
    }
    const problem = outcome.ok ? "The engine left it unfinished." : outcome.message;
    const died = !outcome.ok && outcome.code === "worker-died";
    await putRun({ ...run, status: died ? "interrupted" : "failed", problem });
    return outcome;
  }

  #hear(news: News): void {
    if (news.type === "changed" && news.what === "runs") void this.#read();
    if (news.type === "stop" && this.active.value?.runId === news.runId && this.#stopping) this.stop();
    if (news.type === "pause" && this.active.value?.runId === news.runId && this.#stopping) this.pause(news.isPaused);
    if (news.type !== "training" || this.#stopping) return;
    const wasIdle = this.active.value === null;
    this.active.set(news.active);
    if (news.active && wasIdle) void this.#forgetWhenFree();
  }

  /** The tab that trains may be closed without a word. */
  async #forgetWhenFree(): Promise<void> {
    await whenFree(trainingLock);
    if (this.#stopping) return;
    this.active.set(null);
    await this.load();
  }

  #setActive(active: ActiveRun | null): void {
    this.active.set(active);
    this.#parts.tabs.tell({ type: "training", active });
  }

  async #read(): Promise<void> {
    this.runs.set(await listRuns());
  }

  async #changed(): Promise<void> {
    this.#parts.tabs.tell({ type: "changed", what: "runs" });
    await this.#read();
  }
}

/** The worker or its device is gone, and a new one may do better. */
function isRecoverable(code: ErrorCode): boolean {
  return code === "worker-died" || code === "device-lost";
}

/** Takes events one after the other, though what is done for one takes time. */
class EventOrder {
  readonly #act: (event: TrainingEvent) => Promise<void>;
  #last: Promise<void> = Promise.resolve();

  constructor(act: (event: TrainingEvent) => Promise<void>) {
    this.#act = act;
  }

  take(event: TrainingEvent): void {
    this.#last = this.#last.then(() => this.#act(event));
  }

  async settled(): Promise<void> {
    await this.#last;
  }
}

function givenSplit(
  images: readonly { readonly imageId: string }[],
  validation: readonly string[],
  seed: number,
): Split {
  const held = new Set(validation);
  const ids = images.map((image) => image.imageId);
  return {
    kind: "given",
    validationShare: validation.length / ids.length,
    seed,
    training: ids.filter((id) => !held.has(id)),
    validation,
  };
}
