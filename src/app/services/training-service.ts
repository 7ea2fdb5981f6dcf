/** Runs: prepared, started, queued, watched, stopped, judged. */
import type { RunEstimate } from "../../contract/engine.ts";
import {
  type ErrorCode,
  errorCodes,
  type Failure,
  failed,
  failureOf,
  type Outcome,
  succeeded,
} from "../../contract/outcome.ts";
import type { Dataset } from "../../domain/dataset/dataset.ts";
import { defaultSplit, type Split, type SplitPlan, trainingShare } from "../../domain/dataset/split-types.ts";
import { type Backbone, needsBackbone } from "../../domain/experiment/backbone.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { presets } from "../../domain/experiment/presets.ts";
import type { JudgedImages, JudgedPart } from "../../domain/run/predictions.ts";
import { afterLoss, currentQueue, lastPlace, moved, waitingRuns } from "../../domain/run/queue.ts";
import { canResume, type Run } from "../../domain/run/run.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { deleteRun, getRun, listRuns, putRun, putRuns } from "../../storage/runs.ts";
import { getSetting, putSetting } from "../../storage/settings.ts";
import type { Progress } from "../../ui/services/progress.ts";
import type { ActiveRun, TrainingService } from "../../ui/services/training-service.ts";
import type { PixelPreparer } from "./judging.ts";
import { MutableStore } from "./mutable-store.ts";
import { type News, type Tabs, trainingLock, whenFree, whileAlone } from "./tabs.ts";

/** What runs need that are begun, computed or judged: the first screen does without. */
const running = () => import("./running.ts");

/** What the next run would fail of too: the queue waits until somebody has seen to it. */
const holding: readonly ErrorCode[] = ["backend-unavailable", "storage-full", "busy"];

const busy: Failure = failed(
  "busy",
  "A run is being computed.",
  "Wait until it ends, or stop it; it may be in another tab.",
);

export interface TrainingParts {
  readonly engine: Pick<Engine, "train" | "outputs" | "pause" | "estimate">;
  readonly pixels: PixelPreparer;
  readonly tabs: Tabs;
  /** Called when a run's model was stored. */
  readonly onModel: () => void;
}

export class Training implements TrainingService {
  readonly runs = new MutableStore<readonly Run[]>([]);
  readonly active = new MutableStore<ActiveRun | null>(null);
  #backbone: Backbone | null = null;
  readonly queueHeld = new MutableStore(false);
  readonly queueProblem = new MutableStore<Failure | null>(null);
  readonly #parts: TrainingParts;
  /** This tab holds the lock: it trains, or is between two runs of the queue. */
  #isAlone = false;
  /** Set while this tab computes a run. */
  #stopping: AbortController | null = null;

  constructor(parts: TrainingParts) {
    this.#parts = parts;
    parts.tabs.listen((news) => this.#hear(news));
  }

  /**
   * Reads what is stored. A run that no tab computes any more waits for its turn again where it is one of the queue, and becomes `interrupted`
   * where it is not; then the queue goes on.
   */
  async load(): Promise<void> {
    await whileAlone(trainingLock, async () => {
      for (const run of await listRuns()) {
        if (run.status === "running" || (run.status === "queued" && run.queue === null)) await putRun(afterLoss(run));
      }
    });
    await this.#read();
    void this.#workOff();
  }

  /** Those that are built on a backbone are there once there is one. */
  get presets(): readonly Experiment[] {
    const network = this.#backbone;
    return presets.flatMap((preset) => {
      const { backbone } = preset;
      if (backbone?.role !== "features" || !needsBackbone(backbone)) return [preset];
      return network ? [{ ...preset, backbone: { ...backbone, network } }] : [];
    });
  }

  /** What is built on a backbone is built on this one from now on. */
  useBackbone(backbone: Backbone | null): void {
    this.#backbone = backbone;
  }

  async drawSplit(datasetId: string, plan: SplitPlan): Promise<Outcome<Split>> {
    try {
      return await (await running()).drawSplitOf(datasetId, plan);
    } catch (error) {
      return failureOf(error);
    }
  }

  train(datasetId: string, experiment: Experiment, split: SplitPlan | Split = defaultSplit): Promise<Outcome<Run>> {
    return this.#byItself(async () => {
      const { newRun, splitDataset } = await running();
      const shared = await splitDataset(datasetId, split);
      if (!shared.ok) return shared;
      const run = newRun(shared.value, experiment);
      return run.ok ? this.#compute(run.value) : run;
    });
  }

  resumeRun(runId: string): Promise<Outcome<Run>> {
    return this.#byItself(async () => {
      const run = await getRun(runId);
      if (!run) return failed("not-found", "This run is not there any more.");
      if (!canResume(run)) {
        return failed("bad-input", `This run is ${run.status} and has nothing to go on from.`, "Start a new run.");
      }
      return this.#compute(run);
    });
  }

  async enqueue(
    datasetId: string,
    experiments: readonly Experiment[],
    split: SplitPlan | Split = defaultSplit,
  ): Promise<Outcome<readonly Run[]>> {
    const { newRun, splitDataset } = await running();
    const shared = await splitDataset(datasetId, split);
    if (!shared.ok) return shared;
    const known = await listRuns();
    const id = currentQueue(known) ?? crypto.randomUUID();
    const first = lastPlace(known);
    const runs: Run[] = [];
    for (const [index, experiment] of experiments.entries()) {
      const run = newRun(shared.value, experiment, { id, place: first + index, lost: null });
      if (!run.ok) return { ...run, message: `${experiment.preset}, seed ${experiment.seed}: ${run.message}` };
      // Newest first is the order of the list, and the queue's is the other way round.
      runs.push({ ...run.value, createdAt: run.value.createdAt + index });
    }
    try {
      await putRuns(runs);
    } catch (error) {
      return failureOf(error);
    }
    await this.#changed();
    void this.#workOff();
    return succeeded(runs);
  }

  async moveInQueue(runId: string, by: -1 | 1): Promise<void> {
    await putRuns(moved(await listRuns(), runId, by));
    await this.#changed();
  }

  async withdraw(runId: string): Promise<() => Promise<void>> {
    const run = await getRun(runId);
    if (run?.status !== "queued" || this.active.value?.runId === runId) return () => Promise.resolve();
    // What it had reached before it was interrupted is a run of its own right.
    if (run.history.length > 0) await putRun({ ...run, status: "stopped" });
    else await deleteRun(runId);
    await this.#changed();
    return async () => {
      await putRun(run);
      await this.#changed();
      void this.#workOff();
    };
  }

  holdQueue(isHeld: boolean): Promise<void> {
    return this.#hold(isHeld, null);
  }

  async #hold(isHeld: boolean, problem: Failure | null): Promise<void> {
    await putSetting("queueProblem", problem);
    await putSetting("queueHeld", isHeld);
    await this.#changed();
    void this.#workOff();
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

  pause(isPaused: boolean): void {
    const active = this.active.value;
    if (!active) return;
    if (this.#stopping) void this.#parts.engine.pause(isPaused).catch(() => undefined);
    else this.#parts.tabs.tell({ type: "pause", runId: active.runId, isPaused });
    // That it does wait is told by the engine, at the end of its step.
    if (!isPaused && active.phase === "paused") this.#setActive({ ...active, phase: "training" });
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

  async predictions(
    runId: string,
    part: JudgedPart,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<JudgedImages>> {
    try {
      return await (await running()).predictionsOf(runId, part, this.#parts, onProgress, signal);
    } catch (error) {
      return failureOf(error);
    }
  }

  async storedPredictions(runId: string, part: JudgedPart): Promise<JudgedImages | null> {
    const run = await getRun(runId);
    return run ? (await running()).storedPredictions(run, part) : null;
  }

  async remove(runId: string): Promise<void> {
    if (this.active.value?.runId === runId) return;
    await deleteRun(runId);
    await this.#changed();
  }

  /**
   * Computes what waits, one after the other, until nothing does or the queue is held. A run whose files cannot be read without the person lets the
   * others go first.
   */
  async #workOff(): Promise<void> {
    if (this.queueHeld.value || waitingRuns(this.runs.value).length === 0) return;
    const outcome = await this.#alone<null>(async () => {
      const unreadable = new Map<string, Failure>();
      for (;;) {
        // As stored: another tab may have changed either.
        if (await getSetting("queueHeld")) return succeeded(null);
        const next = waitingRuns(await listRuns()).find(({ id }) => !unreadable.has(id));
        if (!next) return [...unreadable.values()][0] ?? succeeded(null);
        const computed = await this.#compute(next);
        if (computed.ok) continue;
        const isUnreadable = computed.code === "not-cached";
        if (!isUnreadable && !holding.includes(computed.code)) continue;
        const run = await getRun(next.id);
        if (run) await putRun({ ...run, status: "queued" });
        if (!isUnreadable) return computed;
        unreadable.set(next.id, computed);
      }
    });
    // Something may have been put into the queue, or let go on, while the lock was about to be given back.
    if (outcome.ok) void this.#workOff();
    else if (outcome !== busy) await this.#hold(true, outcome);
  }

  /** A run that is started by itself; then the queue where there is one. */
  async #byItself(work: () => Promise<Outcome<Run>>): Promise<Outcome<Run>> {
    const outcome = await this.#alone(work);
    if (outcome !== busy) void this.#workOff();
    return outcome;
  }

  /** One run at a time, also across tabs. */
  async #alone<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (this.#isAlone || this.active.value) return busy;
    const alone = await whileAlone(trainingLock, async () => {
      this.#isAlone = true;
      try {
        return await work();
      } catch (error) {
        return failureOf(error);
      } finally {
        this.#isAlone = false;
        this.#setActive(null);
        await this.#changed();
      }
    });
    return alone?.result ?? busy;
  }

  /** Computes a run, new or to go on, to its end. */
  async #compute(run: Run): Promise<Outcome<Run>> {
    const stopping = new AbortController();
    this.#stopping = stopping;
    const { signal } = stopping;
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
    try {
      const { computeRun } = await running();
      const outcome = await computeRun(run, { ...this.#parts, show, onRun: () => this.#changed() }, signal);
      return await this.#judge(outcome, show, signal);
    } finally {
      this.#stopping = null;
    }
  }

  /** A finished run's images are judged while all is at hand. Where that fails, whoever looks at the run asks again. */
  async #judge(
    outcome: Outcome<Run>,
    show: (change: Partial<ActiveRun>) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Run>> {
    if (!outcome.ok || outcome.value.status !== "finished") return outcome;
    const { id, split } = outcome.value;
    show({ phase: "validating" });
    for (const part of ["validation", "test"] as const) {
      if (split[part].length > 0) await this.predictions(id, part, () => undefined, signal);
    }
    return outcome;
  }

  #hear(news: News): void {
    if (news.type === "changed" && news.what === "runs") void this.#read();
    if (news.type === "stop" && this.active.value?.runId === news.runId && this.#stopping) this.stop();
    if (news.type === "pause" && this.active.value?.runId === news.runId && this.#stopping) this.pause(news.isPaused);
    if (news.type !== "training" || this.#isAlone) return;
    const wasIdle = this.active.value === null;
    this.active.set(news.active);
    if (news.active && wasIdle) void this.#forgetWhenFree();
  }

  /** The tab that trains may be closed without a word. */
  async #forgetWhenFree(): Promise<void> {
    await whenFree(trainingLock);
    if (this.#isAlone) return;
    this.active.set(null);
    await this.load();
  }

  #setActive(active: ActiveRun | null): void {
    this.active.set(active);
    this.#parts.tabs.tell({ type: "training", active });
  }

  async #read(): Promise<void> {
    const [runs, isHeld, problem] = await Promise.all([
      listRuns(),
      getSetting("queueHeld"),
      getSetting("queueProblem"),
    ]);
    this.runs.set(runs);
    this.queueHeld.set(isHeld ?? false);
    const code = errorCodes.find((known) => known === problem?.code) ?? "unexpected";
    this.queueProblem.set(problem ? failed(code, problem.message, problem.remedy) : null);
  }

  async #changed(): Promise<void> {
    this.#parts.tabs.tell({ type: "changed", what: "runs" });
    await this.#read();
  }
}
