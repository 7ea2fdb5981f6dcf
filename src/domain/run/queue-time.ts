/** How long a queue of runs will take, told from the stored runs alone. */
import { fixedFeatures } from "../experiment/backbone.ts";
import { networkSize } from "../experiment/network-size.ts";
import { samplesPerEpoch } from "../experiment/sampling.ts";
import { trainingSizeAt } from "../experiment/schedule.ts";
import { waitingRuns } from "./queue.ts";
import type { Run } from "./run.ts";

/** Floating-point operations of a run's epochs from `done` on, validation included; 0 where its network cannot be built. */
function operationsFrom({ experiment, split, classNames }: Run, done: number): number {
  const { layers, inputSize, output, epochs, sampling, views, backbone } = experiment;
  const outputs = output === "binary" ? 1 : classNames.length;
  const images = samplesPerEpoch(sampling, split.training.length, split.training.length / 2);
  try {
    const fixed = fixedFeatures(backbone, inputSize);
    const { operations, trainingOperations } = networkSize(layers, inputSize, outputs, fixed);
    // Fixed features are computed before the first epoch.
    const validationOperations = operations - (fixed?.operations ?? 0);
    let sum = 0;
    for (let epoch = done; epoch < epochs; epoch++) {
      const area = (trainingSizeAt(experiment, epoch) / inputSize) ** 2;
      sum += images * area * trainingOperations + split.validation.length * views.length * validationOperations;
    }
    return sum;
  } catch (error) {
    if (error instanceof RangeError) return 0;
    throw error;
  }
}

/** Seconds an operation took in a run's finished epochs. */
function pace(run: Run): number {
  const operations = operationsFrom(run, 0) - operationsFrom(run, run.history.length);
  return run.history.reduce((sum, { seconds }) => sum + seconds, 0) / operations;
}

/** What computing the fixed features of a run's images will take, from what it took another run. */
function featureSeconds(run: Run, like: Run): number {
  const images = ({ split }: Run) => split.training.length + split.validation.length;
  return ((like.engine?.featureSeconds ?? 0) * images(run)) / images(like);
}

/**
 * How long a run will take at the most, from the pace of the run most like it: of the same preset and size, else of the same preset, else the newest.
 * @param known runs, newest first
 * @returns null where no run has finished an epoch
 */
export function secondsFor(run: Run, known: readonly Run[]): number | null {
  const timed = known.filter(({ history }) => history.length > 0);
  const isAlike = ({ experiment }: Run) => experiment.preset === run.experiment.preset;
  const isSameSize = ({ experiment }: Run) => experiment.inputSize === run.experiment.inputSize;
  const like = timed.find((other) => isAlike(other) && isSameSize(other)) ?? timed.find(isAlike) ?? timed[0];
  return like ? featureSeconds(run, like) + pace(like) * operationsFrom(run, run.history.length) : null;
}

/**
 * How long the waiting runs and the one that is computed will take at the most.
 * @param current what the engine says is left of the run that is computed, in seconds; null before it can say, or where none is
 */
export function secondsLeft(runs: readonly Run[], activeRun: Run | null, current: number | null): number | null {
  const known = activeRun ? [activeRun, ...runs.filter(({ id }) => id !== activeRun.id)] : runs;
  const others = waitingRuns(runs).filter(({ id }) => id !== activeRun?.id);
  let sum = activeRun ? (current ?? secondsFor(activeRun, known) ?? Number.NaN) : 0;
  for (const run of others) sum += secondsFor(run, known) ?? Number.NaN;
  return Number.isFinite(sum) ? sum : null;
}
