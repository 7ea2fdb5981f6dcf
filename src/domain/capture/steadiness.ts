/** When a camera's picture holds still: then a page lies ready under it, and nobody need press anything. */

/** Mean difference of two frames, in grey levels of 255, up to which nothing moves: cameras' noise is below it. */
const stillUpTo = 4;
/** Mean difference from which it is another picture than the one that was taken last. */
const anotherFrom = 12;
/** So long has it to hold still, in milliseconds. */
const stillFor = 900;

/** Looks at small grey frames, one after the other, and says when to take a picture: once a picture. */
export class SteadyTrigger {
  #last: Uint8Array | null = null;
  #taken: Uint8Array | null = null;
  #stillSince = 0;

  /**
   * @param frame grey levels, always of the same length
   * @param now milliseconds, monotonic
   * @returns true where the picture is to be taken now
   */
  look(frame: Uint8Array, now: number): boolean {
    const last = this.#last;
    this.#last = frame;
    if (last === null || difference(frame, last) > stillUpTo) {
      this.#stillSince = now;
      return false;
    }
    if (now - this.#stillSince < stillFor) return false;
    if (this.#taken !== null && difference(frame, this.#taken) < anotherFrom) return false;
    this.#taken = frame;
    return true;
  }
}

function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

/** Grey levels of RGBA pixels (ITU-R BT.601). */
export function greyOf(rgba: Uint8ClampedArray): Uint8Array {
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0, at = 0; i < grey.length; i++, at += 4) {
    grey[i] = Math.round(0.299 * rgba[at]! + 0.587 * rgba[at + 1]! + 0.114 * rgba[at + 2]!);
  }
  return grey;
}
