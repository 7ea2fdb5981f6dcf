import type { RunEstimate, TrainingEvent } from "../../contract/engine.ts";
import type { Failure, Outcome } from "../../contract/outcome.ts";
import type { Dataset } from "../../domain/dataset/dataset.ts";
import type { Split, SplitPlan } from "../../domain/dataset/split-types.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import type { JudgedImages, JudgedPart } from "../../domain/run/predictions.ts";
import type { Run } from "../../domain/run/run.ts";
import type { Progress } from "./progress.ts";
import type { Store } from "./store.ts";

/** A run while it is computed. */
export interface ActiveRun {
  readonly runId: string;
  /** The run as stored after its last epoch. */
  readonly run: Run;
  /** Preparing: pixels at the experiment's size are being cached. Extracting: a backbone says what it sees in each image. */
  readonly phase: "preparing" | "extracting" | "starting" | "training" | "paused" | "validating" | "stopping";
  /** Of either of the two. */
  readonly preparing: Progress | null;
  readonly started: Extract<TrainingEvent, { type: "started" }> | null;
  readonly step: Extract<TrainingEvent, { type: "step" }> | null;
  /** Why the run had to begin again from its last stored epoch, in English; null where nothing happened. */
  readonly recovered: string | null;
}

/** Runs: start, queue, watch, stop, judge. */
export interface TrainingService {
  /** Newest first. */
  readonly runs: Store<readonly Run[]>;
  readonly active: Store<ActiveRun | null>;
  /** Presets by name, as experiments that can be changed before they start. */
  readonly presets: readonly Experiment[];
  /** Draws a split that several runs can be given, so that they may be compared. */
  drawSplit(datasetId: string, plan: SplitPlan): Promise<Outcome<Split>>;
  /**
   * Resolves when the run ended (also stopped); refuses nonsense with a message. One at a time, also across tabs.
   * @param split how to split, or a split that was drawn before; `defaultSplit` where not given
   */
  train(datasetId: string, experiment: Experiment, split?: SplitPlan | Split): Promise<Outcome<Run>>;
  /**
   * Puts runs at the end of the queue, all on one split of the dataset; all of them or, where one is nonsense, none. The queue is worked off one run
   * after the other, and goes on by itself when Tamis was closed and is opened again.
   */
  enqueue(
    datasetId: string,
    experiments: readonly Experiment[],
    split?: SplitPlan | Split,
  ): Promise<Outcome<readonly Run[]>>;
  /** The queue waits until it is let go on: no further run begins. */
  readonly queueHeld: Store<boolean>;
  /** Why it waits where nobody held it: what the next run would fail of too, or files that cannot be read without the person. */
  readonly queueProblem: Store<Failure | null>;
  /** Letting it go on asks for the permission to read folders, which browsers allow only soon after a click. */
  holdQueue(isHeld: boolean): Promise<void>;
  /** Lets a waiting run change places with the one before (-1) or after (1) it. */
  moveInQueue(runId: string, by: -1 | 1): Promise<void>;
  /** Takes a waiting run out of the queue. Returns a function that undoes it (until the page is left). */
  withdraw(runId: string): Promise<() => Promise<void>>;
  /** What such a run would cost, from a few real steps; not while another one is computed. */
  estimate(
    dataset: Dataset,
    experiment: Experiment,
    split: SplitPlan,
    signal: AbortSignal,
  ): Promise<Outcome<RunEstimate>>;
  /** Goes on with a run that was interrupted or stopped, from its last stored epoch. Resolves as `train` does. */
  resumeRun(runId: string): Promise<Outcome<Run>>;
  /** Lets the run wait between two steps, or go on; what it has in memory stays. */
  pause(isPaused: boolean): void;
  /** Ends the run; what the last finished epoch reached is kept, and it can go on from there. */
  stop(): void;
  /**
   * What a run's model says of each image of its validation or test part. Computed once, when the run ends or at the first call, and then read.
   * A run without that part is refused with the code `too-few-images`.
   */
  predictions(
    runId: string,
    part: JudgedPart,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<JudgedImages>>;
  /** What of that is stored, as of the run's last epoch; null where nothing is. Computes nothing. */
  storedPredictions(runId: string, part: JudgedPart): Promise<JudgedImages | null>;
  remove(runId: string): Promise<void>;
}
