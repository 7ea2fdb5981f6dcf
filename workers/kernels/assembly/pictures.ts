/**
 * The resize of decoded pictures (src/domain/image/resize.ts) two channels at a time, in a memory of the decode worker's own. It computes what that one
 * computes, operation by operation in double precision, so that the bytes are the same.
 */

/** One axis as in src/domain/image/axis.ts. */
@unmanaged
class Axis {
  /** `count` × i32 */
  starts: usize;
  /** `count` × `taps` × f64 */
  weights: usize;
  taps: i32;
  count: i32;
}

@unmanaged
class Resize {
  /** Four bytes a pixel, of which the last does not count. */
  source: usize;
  /** Bytes from one source row to the next. */
  stride: i32;
  /** Whether the source begins with blue. */
  isSwapped: i32;
  /** Addresses. */
  columns: Axis;
  rows: Axis;
  /** `rows.taps` + 1 lines of `columns.count` × 4 × f64. */
  lines: usize;
  /** `rows.taps` × i32: which source row each line holds. */
  held: usize;
  target: usize;
  /** Bytes from one target row to the next. */
  targetStride: i32;
  /** Bytes a target pixel: 3, or 4 with the last one 255. */
  targetBytes: i32;
}

export function resize(args: usize): void {
  const p = changetype<Resize>(args);
  const rows = p.rows;
  const taps = rows.taps;
  for (let tap = 0; tap < taps; tap++) i32.store(p.held + (<usize>tap << 2), -1);
  for (let y = 0; y < rows.count; y++) {
    const start = i32.load(rows.starts + (<usize>y << 2));
    const target = p.target + <usize>(y * p.targetStride);
    if (taps == 2) {
      const share = f64.load(rows.weights + (<usize>y << 4), 8);
      // A weight of 0 is no reason to compute a row.
      const upper = lineOf(p, share == 1 ? start + 1 : start);
      blend(p, upper, share == 0 ? upper : lineOf(p, start + 1), share, target);
    } else {
      sumLines(p, start, rows.weights + (<usize>(y * taps) << 3), target);
    }
  }
}

/** A source row at the target's width, computed once as long as target rows can need it. */
function lineOf(p: Resize, row: i32): usize {
  const taps = p.rows.taps;
  const slot = row % taps;
  const line = p.lines + <usize>slot * (<usize>p.columns.count << 5);
  const held = p.held + (<usize>slot << 2);
  if (i32.load(held) != row) {
    const source = p.source + <usize>row * <usize>p.stride;
    if (p.columns.taps == 2) narrowByTwo(p.columns, source, line);
    else narrow(p.columns, source, line);
    i32.store(held, row);
  }
  return line;
}

@inline
function pixelAt(at: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at)));
}

@inline
function highPair(pixel: v128): v128 {
  return v128.shuffle<i64>(pixel, pixel, 1, 1);
}

function narrowByTwo(columns: Axis, source: usize, line: usize): void {
  let weights = columns.weights;
  let out = line;
  for (let x = 0; x < columns.count; x++) {
    const left = source + (<usize>i32.load(columns.starts + (<usize>x << 2)) << 2);
    const share = f64.load(weights, 8);
    const a = f64x2.splat(1 - share);
    const b = f64x2.splat(share);
    const first = pixelAt(left);
    const second = pixelAt(left + 4);
    v128.store(
      out,
      f64x2.add(f64x2.mul(a, f64x2.convert_low_i32x4_s(first)), f64x2.mul(b, f64x2.convert_low_i32x4_s(second))),
    );
    v128.store(
      out,
      f64x2.add(
        f64x2.mul(a, f64x2.convert_low_i32x4_s(highPair(first))),
        f64x2.mul(b, f64x2.convert_low_i32x4_s(highPair(second))),
      ),
      16,
    );
    weights += 16;
    out += 32;
  }
}

function narrow(columns: Axis, source: usize, line: usize): void {
  let weights = columns.weights;
  let out = line;
  for (let x = 0; x < columns.count; x++) {
    let at = source + (<usize>i32.load(columns.starts + (<usize>x << 2)) << 2);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    for (let tap = 0; tap < columns.taps; tap++) {
      const weight = f64x2.splat(f64.load(weights));
      const pixel = pixelAt(at);
      low = f64x2.add(low, f64x2.mul(weight, f64x2.convert_low_i32x4_s(pixel)));
      high = f64x2.add(high, f64x2.mul(weight, f64x2.convert_low_i32x4_s(highPair(pixel))));
      weights += 8;
      at += 4;
    }
    v128.store(out, low);
    v128.store(out, high, 16);
    out += 32;
  }
}

function blend(p: Resize, upper: usize, lower: usize, share: f64, target: usize): void {
  const a = f64x2.splat(1 - share);
  const b = f64x2.splat(share);
  let out = target;
  for (let x = 0; x < p.columns.count; x++) {
    const low = f64x2.add(f64x2.mul(a, v128.load(upper)), f64x2.mul(b, v128.load(lower)));
    const high = f64x2.add(f64x2.mul(a, v128.load(upper, 16)), f64x2.mul(b, v128.load(lower, 16)));
    storePixel(p, low, high, out);
    upper += 32;
    lower += 32;
    out += <usize>p.targetBytes;
  }
}

/** Σ weight · line, summed in the line behind the others. */
function sumLines(p: Resize, start: i32, weights: usize, target: usize): void {
  const taps = p.rows.taps;
  const bytes = <usize>p.columns.count << 5;
  const sums = p.lines + <usize>taps * bytes;
  memory.fill(sums, 0, bytes);
  for (let tap = 0; tap < taps; tap++) {
    const weight = f64.load(weights + (<usize>tap << 3));
    if (weight == 0) continue;
    const line = lineOf(p, start + tap);
    const w = f64x2.splat(weight);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(sums + at, f64x2.add(v128.load(sums + at), f64x2.mul(w, v128.load(line + at))));
    }
  }
  let out = target;
  for (let at = sums; at < sums + bytes; at += 32) {
    storePixel(p, v128.load(at), v128.load(at, 16), out);
    out += <usize>p.targetBytes;
  }
}

/** To the nearest byte, half to even. */
@inline
function storePixel(p: Resize, low: v128, high: v128, out: usize): void {
  const first = i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(low));
  const second = i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(high));
  const all = p.isSwapped ? v128.shuffle<i32>(first, second, 4, 1, 0, 5) : v128.shuffle<i32>(first, second, 0, 1, 4, 5);
  const words = i16x8.narrow_i32x4_s(all, all);
  const pixel = i32x4.extract_lane(i8x16.narrow_i16x8_u(words, words), 0);
  if (p.targetBytes == 4) {
    i32.store(out, pixel | 0xff000000);
  } else {
    i32.store16(out, pixel);
    i32.store8(out, pixel >>> 16, 2);
  }
}
