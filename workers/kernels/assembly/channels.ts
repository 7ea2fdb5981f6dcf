/**
 * Passes over a tensor seen as rows × columns, one column a channel: sums over rows, activations and batch normalisation with their
 * gradients. Sums go through short runs of rows first, which keeps them accurate and in the first-level cache.
 */
import { share, zeroFloats } from "./memory";
import { clamp } from "./tile";

/** Rows summed in registers before they join the total. */
export const RUN: i32 = 64;

@unmanaged
export class Channels {
  /** The forward input, or what is summed. */
  from: usize;
  /** The forward output, or a second factor; 0 for none. */
  other: usize;
  /** The gradient of the output. */
  dy: usize;
  to: usize;
  /** Partial sums: [part][columns], `partBytes` apart; a second set follows `secondBytes` later. */
  sums: usize;
  partBytes: i32;
  secondBytes: i32;
  rows: i32;
  columns: i32;
  /** Per column. */
  scale: usize;
  offset: usize;
  mean: usize;
  third: usize;
  /** Of the activation: the gradient passes where low < y < high. */
  low: f32;
  high: f32;
  factor: f32;
}

@inline
export function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

@inline
export function addTo(address: usize, value: v128): void {
  v128.store(address, f32x4.add(v128.load(address), value));
}

/** What the activation lets through of a gradient. */
@inline
export function masked(dy: v128, y: v128, low: v128, high: v128): v128 {
  return v128.and(dy, v128.and(f32x4.gt(y, low), f32x4.lt(y, high)));
}

@inline
export function maskedScalar(dy: f32, y: f32, low: f32, high: f32): f32 {
  return y > low && y < high ? dy : 0;
}

/** sums[part][c] = factor · Σ rows of this part. */
export function columnSums(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const columns = p.columns;
  const rowBytes = <usize>columns << 2;
  const sums = p.sums + <usize>part * <usize>p.partBytes;
  const last = share(p.rows, 1, part + 1, parts);
  zeroFloats(sums, columns);
  for (let row = share(p.rows, 1, part, parts); row < last; row += RUN) {
    const count = min(RUN, last - row);
    const begin = p.from + <usize>row * rowBytes;
    let c = 0;
    if (ASC_FEATURE_SIMD) {
      for (; c + 16 <= columns; c += 16) {
        let q = at(begin, c);
        let s0 = f32x4.splat(0);
        let s1 = s0;
        let s2 = s0;
        let s3 = s0;
        for (let i = 0; i < count; i++) {
          s0 = f32x4.add(s0, v128.load(q));
          s1 = f32x4.add(s1, v128.load(q, 16));
          s2 = f32x4.add(s2, v128.load(q, 32));
          s3 = f32x4.add(s3, v128.load(q, 48));
          q += rowBytes;
        }
        const to = at(sums, c);
        addTo(to, s0);
        addTo(to + 16, s1);
        addTo(to + 32, s2);
        addTo(to + 48, s3);
      }
      for (; c + 4 <= columns; c += 4) {
        let q = at(begin, c);
        let s0 = f32x4.splat(0);
        for (let i = 0; i < count; i++) {
          s0 = f32x4.add(s0, v128.load(q));
          q += rowBytes;
        }
        addTo(at(sums, c), s0);
      }
    }
    for (; c < columns; c++) {
      let q = at(begin, c);
      let s: f32 = 0;
      for (let i = 0; i < count; i++) {
        s += f32.load(q);
        q += rowBytes;
      }
      f32.store(at(sums, c), f32.load(at(sums, c)) + s);
    }
  }
  scaleSums(sums, columns, p.factor);
}

@inline
export function scaleSums(sums: usize, columns: i32, factor: f32): void {
  for (let c = 0; c < columns; c++) f32.store(at(sums, c), f32.load(at(sums, c)) * factor);
}

/** For each group of `rows` rows, to[group][c] = factor · Σ; the parts share the groups (`partBytes` holds their number). */
export function groupSums(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const columns = p.columns;
  const rowBytes = <usize>columns << 2;
  const last = share(p.partBytes, 1, part + 1, parts);
  for (let group = share(p.partBytes, 1, part, parts); group < last; group++) {
    const to = p.to + <usize>group * rowBytes;
    zeroFloats(to, columns);
    let from = p.from + <usize>group * <usize>p.rows * rowBytes;
    if (columns == 1) {
      f32.store(to, sumRow(from, p.rows));
    } else {
      for (let row = 0; row < p.rows; row++) {
        let c = 0;
        if (ASC_FEATURE_SIMD) {
          for (; c + 4 <= columns; c += 4) addTo(at(to, c), v128.load(at(from, c)));
        }
        for (; c < columns; c++) f32.store(at(to, c), f32.load(at(to, c)) + f32.load(at(from, c)));
        from += rowBytes;
      }
    }
    scaleSums(to, columns, p.factor);
  }
}

function sumRow(from: usize, count: i32): f32 {
  let total: f32 = 0;
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    let sum = f32x4.splat(0);
    for (; i + 4 <= count; i += 4) sum = f32x4.add(sum, v128.load(at(from, i)));
    total =
      f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
  } else {
    // Short runs first, as everywhere: one long sum would lose digits.
    for (; i + RUN <= count; i += RUN) {
      let run: f32 = 0;
      for (let j = 0; j < RUN; j++) run += f32.load(at(from, i + j));
      total += run;
    }
  }
  for (; i < count; i++) total += f32.load(at(from, i));
  return total;
}

/** to = dy where low < y < high, else 0; with sums ≠ 0 also sums[part][c] = Σ of that. y is `other`. */
export function activationGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const columns = p.columns;
  const rowBytes = <usize>columns << 2;
  const sums = p.sums + <usize>part * <usize>p.partBytes;
  const hasSums = p.sums != 0;
  const last = share(p.rows, 1, part + 1, parts);
  if (hasSums) zeroFloats(sums, columns);
  for (let row = share(p.rows, 1, part, parts); row < last; row += RUN) {
    const count = min(RUN, last - row);
    const begin = <usize>row * rowBytes;
    let c = 0;
    if (ASC_FEATURE_SIMD) {
      const low = f32x4.splat(p.low);
      const high = f32x4.splat(p.high);
      for (; c + 8 <= columns; c += 8) {
        let q = at(begin, c);
        let s0 = f32x4.splat(0);
        let s1 = s0;
        for (let i = 0; i < count; i++) {
          const g0 = masked(v128.load(p.dy + q), v128.load(p.other + q), low, high);
          const g1 = masked(v128.load(p.dy + q, 16), v128.load(p.other + q, 16), low, high);
          v128.store(p.to + q, g0);
          v128.store(p.to + q, g1, 16);
          s0 = f32x4.add(s0, g0);
          s1 = f32x4.add(s1, g1);
          q += rowBytes;
        }
        if (hasSums) {
          addTo(at(sums, c), s0);
          addTo(at(sums, c) + 16, s1);
        }
      }
    }
    for (; c < columns; c++) {
      let q = at(begin, c);
      let s: f32 = 0;
      for (let i = 0; i < count; i++) {
        const g = maskedScalar(f32.load(p.dy + q), f32.load(p.other + q), p.low, p.high);
        f32.store(p.to + q, g);
        s += g;
        q += rowBytes;
      }
      if (hasSums) f32.store(at(sums, c), f32.load(at(sums, c)) + s);
    }
  }
}

/** to = clamp(from + other, low, high) over `rows` values; other may be 0 for none. */
export function addClamped(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const end = share(p.rows, 4, part + 1, parts);
  let i = share(p.rows, 4, part, parts);
  if (ASC_FEATURE_SIMD) {
    const low = f32x4.splat(p.low);
    const high = f32x4.splat(p.high);
    if (p.other == 0) {
      for (; i + 4 <= end; i += 4) v128.store(at(p.to, i), clamp(v128.load(at(p.from, i)), low, high));
    }
    for (; i + 4 <= end; i += 4) {
      v128.store(at(p.to, i), clamp(f32x4.add(v128.load(at(p.from, i)), v128.load(at(p.other, i))), low, high));
    }
  }
  for (; i < end; i++) {
    let y = f32.load(at(p.from, i));
    if (p.other != 0) y += f32.load(at(p.other, i));
    if (y < p.low) y = p.low;
    if (y > p.high) y = p.high;
    f32.store(at(p.to, i), y);
  }
}
