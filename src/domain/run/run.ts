/** A run is one execution of an experiment on a dataset. Plain data, stored after every epoch. */
import type { Dataset } from "../dataset/dataset.ts";
import type { Leakage } from "../dataset/leakage.ts";
import type { Split } from "../dataset/split-types.ts";
import type { Experiment } from "../experiment/experiment.ts";

/** `interrupted`: the tab or the worker went away; what the last finished epoch reached is kept. */
export const runStatuses = ["queued", "running", "finished", "stopped", "failed", "interrupted"] as const;
export type RunStatus = (typeof runStatuses)[number];

/** The values of one epoch. Losses are means over batches; accuracies 0 to 1. */
export interface EpochValues {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  /** Wall time, validation included. */
  readonly seconds: number;
}

export interface Run {
  readonly id: string;
  readonly datasetId: string;
  /** As it was when the run began: a dataset can be deleted, its run stays readable. */
  readonly datasetName: string;
  readonly classNames: readonly string[];
  readonly positiveClass: string;
  readonly experiment: Experiment;
  readonly split: Split;
  /** Between the parts of the split, as known when the run began; null for runs of before it was measured. */
  readonly leakage: Leakage | null;
  readonly createdAt: number;
  readonly status: RunStatus;
  /** Why it failed or was interrupted, in English; empty otherwise. */
  readonly problem: string;
  readonly history: readonly EpochValues[];
  /** Set once the first epoch ended. */
  readonly modelId: string | null;
  /** The epoch whose weights the model holds: the last one, or the best one under early stopping. */
  readonly keptEpoch: number | null;
  /** The epoch after which the run can go on, if it does not end by itself; null where nothing is kept for that. */
  readonly checkpointEpoch: number | null;
  /** Why nothing is kept to go on from, in English; empty where there is no problem. */
  readonly checkpointProblem: string;
  /** Set once training began. */
  readonly engine: RunEngine | null;
  /** Its place in the queue that it was put into; null where it was started by itself. */
  readonly queue: QueuePlace | null;
  /** What the kernels of the kept epoch look like; null before the first epoch, and for runs of before it was measured. */
  readonly kernels: readonly KernelStatistics[] | null;
}

/** A run of this dataset that nothing was computed of yet. */
export function queuedRun(
  { id, name, classNames, positiveClass }: Pick<Dataset, "id" | "name" | "classNames" | "positiveClass">,
  planned: Pick<Run, "id" | "experiment" | "split" | "leakage" | "createdAt" | "queue">,
): Run {
  return {
    datasetId: id,
    datasetName: name,
    classNames,
    positiveClass,
    status: "queued",
    problem: "",
    history: [],
    modelId: null,
    keptEpoch: null,
    checkpointEpoch: null,
    checkpointProblem: "",
    engine: null,
    kernels: null,
    ...planned,
  };
}

/** A run keeps its place when it has ended, so that a queue knows what it has done. */
export interface QueuePlace {
  /** The same for all runs of a queue. */
  readonly id: string;
  /** Lower ones come first. */
  readonly place: number;
  /** How often the tab went away while it computed this run, without an epoch ending in between; `epoch` is the last one that had ended. */
  readonly lost: { readonly epoch: number; readonly times: number } | null;
}

/** One kernel (weights that are multiplied, without biases and normalisations), summed up. */
export interface KernelStatistics {
  /** Of its layer, as the network has it: `conv1`, `dense1`. */
  readonly layer: string;
  readonly count: number;
  /** Weights with |w| < `nearZero`. */
  readonly nearZeroCount: number;
  /** Σ|w| */
  readonly absoluteSum: number;
  /** Σw² */
  readonly squareSum: number;
}

/** Below this a weight counts as driven to zero: a tenth of Adam's usual step, with which L1 makes it swing around zero. */
export const nearZero = 1e-3;

/** What a run was computed with, and what it cost. */
export interface RunEngine {
  readonly backend: string;
  readonly threads: number;
  readonly simd: string;
  /** Trainable and not, without the optimiser's. */
  readonly parameters: number;
  /** Median over all steps so far. */
  readonly millisecondsPerStep: number;
  /** Share of the training time that was spent waiting for batches, 0 to 1; null for runs of before it was measured. */
  readonly waitingShare: number | null;
  /** WASM: the heap's size; WebGPU: buffers. Highest seen so far, in bytes. */
  readonly peakHeapBytes: number;
  /** That computing fixed features took before the first epoch; 0 where there are none, not there for runs of before it was measured. */
  readonly featureSeconds?: number;
}

/** Seconds that a run was computed for so far: its epochs, and the fixed features before them. */
export function computedSeconds({ history, engine }: Pick<Run, "history" | "engine">): number {
  return history.reduce((sum, { seconds }) => sum + seconds, engine?.featureSeconds ?? 0);
}

/** The problem of a run that diverged, in English. @param epoch in which the loss was no longer a number, from 1 */
export function divergenceProblem(epoch: number): string {
  const kept = epoch === 1 ? "Nothing was kept." : `What epoch ${epoch - 1} reached is kept.`;
  return `The loss was no longer a number in epoch ${epoch}: the training diverged. ${kept}`;
}

export function isDivergence(problem: string): boolean {
  return problem.startsWith("The loss was no longer a number");
}

/** Whether a run that ended can go on: from its checkpoint, or from the beginning where no epoch had ended. */
export function canResume({ status, history, checkpointEpoch }: Run): boolean {
  if (status === "finished" || status === "queued" || status === "running") return false;
  return checkpointEpoch !== null || (status === "interrupted" && history.length === 0);
}
