/** What is kept of every image to find its like: a small grey picture; and its colourfulness, which costs nothing beside it. */
import { ColourSums } from "../image/colourfulness.ts";

/** Side of the grey picture, in pixels. Guards stored data: do not change without a migration. */
export const fingerprintSide = 32;

export interface Fingerprint {
  /** `fingerprintSide²` bytes, row-major: the whole picture squashed to a square, Rec. 601 luma, mean of the area under each pixel. */
  readonly grey: Uint8Array<ArrayBuffer>;
  /** See `ColourSums`. */
  readonly colourfulness: number;
}

/** @param rgba `height × width × 4` bytes, row-major; a picture of thumbnail size is enough. */
export function fingerprintOf(rgba: Uint8ClampedArray, width: number, height: number): Fingerprint {
  const luma = new Float32Array(width * height);
  const colours = new ColourSums();
  for (let i = 0, at = 0; i < luma.length; i++, at += 4) {
    const red = rgba[at]!;
    const green = rgba[at + 1]!;
    const blue = rgba[at + 2]!;
    luma[i] = 0.299 * red + 0.587 * green + 0.114 * blue;
    colours.add(red, green, blue);
  }
  return {
    grey: squashed(luma, width, height, fingerprintSide),
    colourfulness: colours.colourfulness(),
  };
}

/** Squashes a grey picture to a square by the mean of the area under each pixel. */
export function squashed(luma: Float32Array, width: number, height: number, side: number): Uint8Array<ArrayBuffer> {
  const narrow = new Float32Array(side * height);
  const columns = spans(width, side);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < side; x++) narrow[y * side + x] = meanOf(luma, y * width, 1, columns[x]!);
  }
  const rows = spans(height, side);
  const target = new Uint8ClampedArray(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) target[y * side + x] = meanOf(narrow, x, side, rows[y]!);
  }
  return new Uint8Array(target.buffer);
}

type Span = readonly [low: number, high: number];

function spans(from: number, to: number): Span[] {
  return Array.from({ length: to }, (_, i) => [(i * from) / to, ((i + 1) * from) / to]);
}

/** The mean of what lies between two positions, parts of pixels counted as such. */
function meanOf(values: Float32Array, offset: number, stride: number, [low, high]: Span): number {
  let sum = 0;
  for (let i = Math.floor(low); i < high; i++) {
    sum += values[offset + i * stride]! * (Math.min(i + 1, high) - Math.max(i, low));
  }
  return sum / (high - low);
}
