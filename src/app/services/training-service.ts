/** Runs: prepared, started, watched, stopped, judged. */
import type { RunEstimate, TrainingEvent } from "../../contract/engine.ts";
import { failed, type ErrorCode, failureOf, type Outcome } from "../../contract/outcome.ts";
import type { Dataset } from "../../domain/dataset/dataset.ts";
import { defaultSplit, type Split, type SplitPlan, trainingShare } from "../../domain/dataset/split-types.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { presets } from "../../domain/experiment/presets.ts";
import { canResume, type Run } from "../../domain/run/run.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { deleteRun, getRun, listRuns, putRun } from "../../storage/runs.ts";
import type { ActiveRun, Progress, RunEvaluation, TrainingService } from "../../ui/services.ts";
import { judge, type PixelPreparer } from "./judging.ts";
import { MutableStore } from "./mutable-store.ts";
import { newRun } from "./new-run.ts";
import { drawSplitOf } from "./splits.ts";
import { type News, type Tabs, trainingLock, whenFree, whileAlone } from "./tabs.ts";

export interface TrainingParts {
  readonly engine: Pick<Engine, "train" | "predict" | "pause" | "estimate">;
  readonly pixels: PixelPreparer;
  readonly tabs: Tabs;
  /** Called when a run's model was stored. */
  readonly onModel: () => void;
}

export class Training implements TrainingService {
  readonly runs = new MutableStore<readonly Run[]>([]);
  readonly active = new MutableStore<ActiveRun | null>(null);
  /** Those that need nothing but a dataset. */
  readonly presets = presets.filter(({ backbone }) => backbone?.role !== "features");
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

  drawSplit(datasetId: string, plan: SplitPlan): Promise<Outcome<Split>> {
    return drawSplitOf(datasetId, plan).catch(failureOf);
  }

  train(datasetId: string, experiment: Experiment, split: SplitPlan | Split = defaultSplit): Promise<Outcome<Run>> {
    return this.#alone(async (signal) => {
      const prepared = await newRun(datasetId, experiment, split);
      return prepared.ok ? this.#compute(prepared.value, signal) : prepared;
    });
  }

  estimate(
    dataset: Dataset,
    experiment: Experiment,
    split: SplitPlan,
    signal: AbortSignal,
  ): Promise<Outcome<RunEstimate>> {
    if (this.active.value) return Promise.resolve(failed("busy", "A run is being computed."));
    const { classNames, classCounts, positiveClass } = dataset;
    const images = classCounts.reduce((sum, count) => sum + count, 0);
    const validationImages = Math.trunc(split.validationShare * images);
    const trainingImages = Math.round(trainingShare(split) * images);
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

  async #follow(event: TrainingEvent, runId: string, show: (change: Partial<ActiveRun>) => void): Promise<void> {
    switch (event.type) {
      case "extracting": {
        const { done, total, secondsLeft } = event;
        show({ preparing: { done, total, rate: null, secondsLeft }, phase: "extracting" });
        break;
      }
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
