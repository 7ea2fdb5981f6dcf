/** Cuts a rectangle out of a picture and brings it to another size. One function for training views and test views. */

/** In pixels of the source, edges rather than centres: the whole picture is 0, 0, width, height. May be fractional. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** RGB bytes or numbers from 0 to 255, row-major, interleaved. */
export interface Picture {
  readonly data: Uint8Array | Float32Array;
  readonly width: number;
  readonly height: number;
}

/** For each target pixel of one axis: where its source pixels begin, and their weights, `taps` each (some of them 0). */
interface Axis {
  readonly starts: Int32Array;
  readonly weights: Float32Array;
  readonly taps: number;
  /** Source pixels that any target pixel reads: from `first` to `last`, inclusive. */
  readonly first: number;
  readonly last: number;
}

/**
 * A triangle filter widened by the shrink factor, as `tf.image.resize(antialias=True)`: the weight of source pixel j for target pixel i is
 * max(0, 1 − |j + 0.5 − x| / s), normalised, with x = start + (i + 0.5)·length/n and s = max(length/n, 1). Pixels outside the source
 * do not count.
 */
function axisOf(start: number, length: number, sourceLength: number, targetLength: number, reverse: boolean): Axis {
  const scale = length / targetLength;
  const support = Math.max(scale, 1);
  const taps = Math.min(Math.ceil(2 * support) + 1, sourceLength);
  const starts = new Int32Array(targetLength);
  const weights = new Float32Array(targetLength * taps);
  let first = sourceLength - 1;
  let last = 0;
  for (let i = 0; i < targetLength; i++) {
    const centre = start + (i + 0.5) * scale;
    const from = Math.min(Math.max(Math.floor(centre - support + 0.5), 0), sourceLength - taps);
    const place = reverse ? targetLength - 1 - i : i;
    starts[place] = from;
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / support);
    for (let k = 0; k < taps; k++) {
      weights[place * taps + k] = Math.max(0, 1 - Math.abs(from + k + 0.5 - centre) / support) / sum;
    }
    if (from < first) first = from;
    if (from + taps - 1 > last) last = from + taps - 1;
  }
  return { starts, weights, taps, first, last };
}

/** Keeps its workspace between calls: resampling thousands of views allocates next to nothing. */
export class Resampler {
  #rows = new Float32Array(0);

  /**
   * Brings `rectangle` of `source` to `width × height` numbers from 0 to 255, not rounded, written to `target` from `offset` on.
   * @param mirrored left and right exchanged.
   */
  resample(
    source: Picture,
    rectangle: Rectangle,
    target: Float32Array,
    offset: number,
    width: number,
    height: number,
    mirrored = false,
  ): void {
    const across = axisOf(rectangle.left, rectangle.width, source.width, width, mirrored);
    const down = axisOf(rectangle.top, rectangle.height, source.height, height, false);
    const stride = width * 3;
    const rowCount = down.last - down.first + 1;
    if (this.#rows.length < rowCount * stride) this.#rows = new Float32Array(rowCount * stride);
    shrinkRows(source, across, down.first, rowCount, this.#rows, width);
    shrinkColumns(this.#rows, down, target, offset, stride, height);
  }
}

function shrinkRows(
  source: Picture,
  axis: Axis,
  firstRow: number,
  rowCount: number,
  rows: Float32Array,
  width: number,
): void {
  const { data } = source;
  const { starts, weights, taps } = axis;
  let to = 0;
  for (let y = 0; y < rowCount; y++) {
    const row = (firstRow + y) * source.width;
    for (let x = 0; x < width; x++) {
      let from = (row + starts[x]!) * 3;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = x * taps, end = k + taps; k < end; k++) {
        const weight = weights[k]!;
        red += weight * data[from]!;
        green += weight * data[from + 1]!;
        blue += weight * data[from + 2]!;
        from += 3;
      }
      rows[to] = red;
      rows[to + 1] = green;
      rows[to + 2] = blue;
      to += 3;
    }
  }
}

function shrinkColumns(
  rows: Float32Array,
  axis: Axis,
  target: Float32Array,
  offset: number,
  stride: number,
  height: number,
): void {
  const { starts, weights, taps, first } = axis;
  for (let y = 0; y < height; y++) {
    const to = offset + y * stride;
    let from = (starts[y]! - first) * stride;
    const weight = weights[y * taps]!;
    for (let x = 0; x < stride; x++) target[to + x] = weight * rows[from + x]!;
    for (let k = 1; k < taps; k++) {
      const next = weights[y * taps + k]!;
      from += stride;
      if (next === 0) continue;
      for (let x = 0; x < stride; x++) target[to + x]! += next * rows[from + x]!;
    }
  }
}
