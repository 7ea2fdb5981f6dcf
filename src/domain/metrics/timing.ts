/** How fast a long task goes and how long it will take, from its last seconds: steady enough to read, quick enough to follow. */

export interface Pace {
  /** Items a second over the last seconds; `null` until there is enough to tell. */
  readonly rate: number | null;
  /** Until all is done at that rate; `null` until there is enough to tell. */
  readonly secondsLeft: number | null;
}

/** The rate is a mean over this much time. */
const windowMilliseconds = 8_000;
/** Before this, a rate is a guess. */
const settlingMilliseconds = 500;
/** Older marks closer together than this are merged, so that their number stays small. */
const markInterval = 200;

export class PaceMeter {
  readonly #now: () => number;
  readonly #total: number;
  readonly #marks: { readonly time: number; readonly done: number }[];

  /**
   * @param total items, known beforehand
   * @param now a clock in milliseconds that never goes back
   */
  constructor(total: number, now: () => number) {
    this.#total = total;
    this.#now = now;
    this.#marks = [{ time: now(), done: 0 }];
  }

  /** @param done items finished so far; never less than before */
  update(done: number): Pace {
    const time = this.#now();
    const marks = this.#marks;
    while (marks.length > 1 && time - marks[1]!.time >= windowMilliseconds) marks.shift();
    const first = marks[0]!;
    const elapsed = time - first.time;
    if (time - marks.at(-1)!.time >= markInterval) marks.push({ time, done });
    if (elapsed < settlingMilliseconds || done === first.done) return { rate: null, secondsLeft: null };
    const rate = ((done - first.done) / elapsed) * 1000;
    return { rate, secondsLeft: Math.max(0, this.#total - done) / rate };
  }
}
