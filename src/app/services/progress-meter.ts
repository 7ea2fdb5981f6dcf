/** How fast a long task goes and how long it still takes, from the last seconds of it. */
import type { Progress } from "../../ui/services.ts";

/** The rate is measured over this long, in milliseconds: shorter is nervous, longer notices too late that a task got slower. */
const span = 8_000;
/** Before this much was measured there is no rate, in milliseconds. */
const leastSpan = 500;

export class ProgressMeter {
  readonly #samples: { readonly at: number; readonly done: number }[] = [];
  readonly #now: () => number;

  /** @param now milliseconds, monotonic */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#samples.push({ at: now(), done: 0 });
  }

  /** What is done so far, of how many. */
  measure(done: number, total: number): Progress {
    const at = this.#now();
    this.#samples.push({ at, done });
    // The oldest sample kept lies just outside of the span, so that the rate covers all of it.
    while (this.#samples.length > 2 && at - this.#samples[1]!.at >= span) this.#samples.shift();
    const oldest = this.#samples[0]!;
    const elapsed = at - oldest.at;
    const rate = elapsed >= leastSpan && done > oldest.done ? ((done - oldest.done) / elapsed) * 1000 : null;
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
