/** The queue of runs: which run comes next, how far the whole is, how long it will take. Told from the stored runs alone. */
import { featureBackbone } from "../experiment/backbone.ts";
import { networkSize } from "../experiment/network-size.ts";
import { samplesPerEpoch } from "../experiment/sampling.ts";
import { trainingSizeAt } from "../experiment/schedule.ts";
import type { Run } from "./run.ts";

/** A run whose tab went away this often without an epoch ending is not tried again by itself. */
const mostLosses = 3;

/** A run that waits for its turn. */
function isWaiting(run: Run): boolean {
  return run.status === "queued" && run.queue !== null;
}

/** The waiting runs, in the order in which they will be computed. */
export function waitingRuns(runs: readonly Run[]): Run[] {
  return runs.filter(isWaiting).sort((a, b) => a.queue!.place - b.queue!.place);
}

/** The queue that is worked on: that of the runs that wait or are computed; null where there is none. */
export function currentQueue(runs: readonly Run[]): string | null {
  const open = runs.find((run) => run.queue !== null && (run.status === "queued" || run.status === "running"));
  return open?.queue?.id ?? null;
}

/** Every run of a queue, those that have ended too, in its order. */
export function runsOfQueue(runs: readonly Run[], queueId: string): Run[] {
  return runs.filter((run) => run.queue?.id === queueId).sort((a, b) => a.queue!.place - b.queue!.place);
}

/** The place behind everything that waits. */
export function lastPlace(runs: readonly Run[]): number {
  return Math.max(0, ...runs.map((run) => (run.queue ? run.queue.place + 1 : 0)));
}

/**
 * The waiting runs that have another place after `runId` moved up (`-1`) or down (`1`) by one: the two that changed places, or none.
 */
export function moved(runs: readonly Run[], runId: string, by: -1 | 1): Run[] {
  const waiting = waitingRuns(runs);
  const index = waiting.findIndex((run) => run.id === runId);
  const run = waiting[index];
  const other = waiting[index + by];
  if (!run?.queue || !other?.queue) return [];
  return [
    { ...run, queue: { ...run.queue, place: other.queue.place } },
    { ...other, queue: { ...other.queue, place: run.queue.place } },
  ];
}

/**
 * What becomes of a run of a queue whose tab went away: it waits for its turn again, and goes on from its last epoch; unless it seems to be
 * what takes the tab along.
 */
export function afterLoss(run: Run): Run {
  const epoch = run.history.length;
  const times = run.queue?.lost?.epoch === epoch ? run.queue.lost.times + 1 : 1;
  if (!run.queue || times >= mostLosses) {
    const often = run.queue ? ` ${times} times in a row` : "";
    return { ...run, status: "interrupted", problem: `Tamis was closed${often} before the run ended.` };
  }
  return { ...run, status: "queued", problem: "", queue: { ...run.queue, lost: { epoch, times } } };
}

/** Floating-point operations of a run's epochs from `done` on, validation included; 0 where its network cannot be built. */
function operationsFrom({ experiment, split, classNames }: Run, done: number): number {
  const { layers, inputSize, output, epochs, sampling, views, backbone } = experiment;
  const outputs = output === "binary" ? 1 : classNames.length;
  const images = samplesPerEpoch(sampling, split.training.length, split.training.length / 2);
  try {
    const { operations, trainingOperations } = networkSize(layers, inputSize, outputs, featureBackbone(backbone));
    let sum = 0;
    for (let epoch = done; epoch < epochs; epoch++) {
      const area = (trainingSizeAt(experiment, epoch) / inputSize) ** 2;
      sum += images * area * trainingOperations + split.validation.length * views.length * operations;
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
  return like ? pace(like) * operationsFrom(run, run.history.length) : null;
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
