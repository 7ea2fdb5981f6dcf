/** Progress as the screens show it. */
import { PaceMeter } from "../../domain/metrics/timing.ts";
import type { Progress } from "../../ui/services/progress.ts";

export class ProgressMeter {
  readonly #pace: PaceMeter;

  /** @param now milliseconds, monotonic */
  constructor(now: () => number = () => performance.now()) {
    // Totals grow while a task runs, so what is left is reckoned here.
    this.#pace = new PaceMeter(Number.POSITIVE_INFINITY, now);
  }

  /** What is done so far, of how many. */
  measure(done: number, total: number): Progress {
    const { rate } = this.#pace.update(done);
    return { done, total, rate, secondsLeft: rate === null ? null : Math.max(0, total - done) / rate };
  }
}

/** Calls `act` at most once in `milliseconds`, the last time included; `flush` acts at once where something waits. */
export function throttled(act: () => void, milliseconds: number): { (): void; flush(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const flush = (): void => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    act();
  };
  const call = (): void => {
    timer ??= setTimeout(flush, milliseconds);
  };
  return Object.assign(call, { flush });
}
