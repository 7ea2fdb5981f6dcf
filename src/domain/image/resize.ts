/** The one resize of Tamis, for import, training and classification alike: decoded pixels to the fixed-size picture of a pixel format. */
import { type AxisTable, axisTable } from "./axis.ts";
import { type Frame, frameOf } from "./frame.ts";
import { type PixelFormat, bytesPerImage } from "./pixel-format.ts";

/** Decoded pixels, row-major; of four channels the last is ignored. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** `height × width × channels`, 0 to 255. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Where a row of the source lies. */
export interface RowLocation {
  readonly data: Uint8Array | Uint8ClampedArray;
  /** Index in `data` of the row's first value. */
  readonly offset: number;
}

/** Source pixels by row, so that a large picture need not be in memory at once. Rows are asked for from top to bottom, each once. */
export interface PixelRows {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  row(y: number): RowLocation;
}

/** `format.height × format.width × 3` values, row-major RGB, 0 to 255, not rounded: what Keras hands to a network. */
export function resize(source: Pixels, format: PixelFormat): Float32Array {
  const target = new Float32Array(bytesPerImage(format));
  resizeRows(rowsOf(source), format, target);
  return target;
}

/** The same, rounded to the nearest byte, half to even: what the cache keeps. */
export function resizeToBytes(source: Pixels | PixelRows, format: PixelFormat): Uint8Array {
  const target = new Uint8ClampedArray(bytesPerImage(format));
  resizeRows("row" in source ? source : rowsOf(source), format, target);
  return new Uint8Array(target.buffer);
}

function rowsOf({ width, height, channels, data }: Pixels): PixelRows {
  const stride = width * channels;
  return { width, height, channels, row: (y) => ({ data, offset: y * stride }) };
}

function resizeRows(source: PixelRows, format: PixelFormat, target: Float32Array | Uint8ClampedArray): void {
  const frame = frameOf(source, format, format.aspect);
  const window = frame.target;
  const rows = axisTable(frame.source.height, window.height, format.resampling);
  const lines = new NarrowedLines(source, frame, format, rows.taps);
  const sum = new Float64Array(window.width * 3);
  for (let y = 0; y < window.height; y++) {
    const out = ((window.top + y) * format.width + window.left) * 3;
    const start = rows.starts[y]!;
    if (rows.taps === 2) {
      const share = rows.weights[y * 2 + 1]!;
      // A weight of 0 is no reason to compute a row.
      const upper = lines.line(share === 1 ? start + 1 : start);
      blend(upper, share === 0 ? upper : lines.line(start + 1), share, target, out);
      continue;
    }
    sum.fill(0);
    for (let tap = 0; tap < rows.taps; tap++) {
      const weight = rows.weights[y * rows.taps + tap]!;
      if (weight !== 0) addScaled(lines.line(start + tap), weight, sum);
    }
    store(sum, target, out);
  }
}

// Storing rounds: to float32, or (a clamped byte array) to the nearest byte, half to even.

function blend(
  upper: Float64Array,
  lower: Float64Array,
  share: number,
  target: Float32Array | Uint8ClampedArray,
  out: number,
): void {
  const rest = 1 - share;
  for (let i = 0; i < upper.length; i++) target[out + i] = rest * upper[i]! + share * lower[i]!;
}

function store(line: Float64Array, target: Float32Array | Uint8ClampedArray, out: number): void {
  for (let i = 0; i < line.length; i++) target[out + i] = line[i]!;
}

function addScaled(line: Float64Array, weight: number, sum: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + weight * line[i]!;
}

/** Source rows already resampled to the target's width. Each is computed once and kept as long as target rows can need it. */
class NarrowedLines {
  readonly #source: PixelRows;
  readonly #frame: Frame;
  readonly #columns: AxisTable;
  readonly #kept: readonly { row: number; readonly line: Float64Array }[];

  constructor(source: PixelRows, frame: Frame, format: PixelFormat, most: number) {
    this.#source = source;
    this.#frame = frame;
    this.#columns = axisTable(frame.source.width, frame.target.width, format.resampling);
    this.#kept = Array.from({ length: most }, () => ({ row: -1, line: new Float64Array(frame.target.width * 3) }));
  }

  /** The row `row` of the source window. */
  line(row: number): Float64Array {
    const kept = this.#kept[row % this.#kept.length]!;
    if (kept.row !== row) {
      const { left, top } = this.#frame.source;
      const { data, offset } = this.#source.row(top + row);
      const resample = this.#columns.taps === 2 ? narrowByTwo : narrow;
      resample(data, offset + left * this.#source.channels, this.#source.channels, this.#columns, kept.line);
      kept.row = row;
    }
    return kept.line;
  }
}

/** Resamples the row that begins at `data[offset]` to `line`, three values a pixel. */
function narrow(
  data: Uint8Array | Uint8ClampedArray,
  offset: number,
  channels: 3 | 4,
  columns: AxisTable,
  line: Float64Array,
): void {
  const { taps, starts, weights } = columns;
  for (let x = 0, w = 0, out = 0; x < starts.length; x++, out += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let tap = 0, at = offset + starts[x]! * channels; tap < taps; tap++, w++, at += channels) {
      const weight = weights[w]!;
      red += weight * data[at]!;
      green += weight * data[at + 1]!;
      blue += weight * data[at + 2]!;
    }
    line[out] = red;
    line[out + 1] = green;
    line[out + 2] = blue;
  }
}

/** The same for two taps, the common case, in a third of the time. */
function narrowByTwo(
  data: Uint8Array | Uint8ClampedArray,
  offset: number,
  channels: 3 | 4,
  columns: AxisTable,
  line: Float64Array,
): void {
  const { starts, weights } = columns;
  for (let x = 0, out = 0; x < starts.length; x++, out += 3) {
    const left = offset + starts[x]! * channels;
    const right = left + channels;
    const share = weights[x * 2 + 1]!;
    const rest = 1 - share;
    line[out] = rest * data[left]! + share * data[right]!;
    line[out + 1] = rest * data[left + 1]! + share * data[right + 1]!;
    line[out + 2] = rest * data[left + 2]! + share * data[right + 2]!;
  }
}
