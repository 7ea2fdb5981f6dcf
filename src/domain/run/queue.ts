/** The queue of runs: which run comes next, how far the whole is. Told from the stored runs alone. */
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
