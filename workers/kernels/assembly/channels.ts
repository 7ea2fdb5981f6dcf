/**
 * Passes over a tensor seen as rows × columns, one column a channel: sums over rows, activations and batch normalisation with their
 * gradients. Sums go through short runs of rows first, which keeps them accurate and in the first-level cache.
 */
import { clamp, share, zeroFloats } from "./gemm";

/** Rows summed in registers before they join the total. */
const RUN: i32 = 64;

@unmanaged
class Channels {
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
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 2);
}

@inline
function addTo(address: usize, value: v128): void {
  v128.store(address, f32x4.add(v128.load(address), value));
}

/** What the activation lets through of a gradient. */
@inline
function masked(dy: v128, y: v128, low: v128, high: v128): v128 {
  return v128.and(dy, v128.and(f32x4.gt(y, low), f32x4.lt(y, high)));
}

@inline
function maskedScalar(dy: f32, y: f32, low: f32, high: f32): f32 {
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
function scaleSums(sums: usize, columns: i32, factor: f32): void {
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
        for (; c + 4 <= columns; c += 4) addTo(at(to, c), v128.load(at(from, c)));
        for (; c < columns; c++) f32.store(at(to, c), f32.load(at(to, c)) + f32.load(at(from, c)));
        from += rowBytes;
      }
    }
    scaleSums(to, columns, p.factor);
  }
}

function sumRow(from: usize, count: i32): f32 {
  let sum = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) sum = f32x4.add(sum, v128.load(at(from, i)));
  let total: f32 =
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
  for (; i < count; i++) total += f32.load(at(from, i));
  return total;
}

/** sums[part][c] = factor · Σ (from − mean)² over the rows of this part. */
export function columnSquares(args: usize, part: i32, parts: i32, thread: i32): void {
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
    for (; c + 8 <= columns; c += 8) {
      let q = at(begin, c);
      const m0 = v128.load(at(p.mean, c));
      const m1 = v128.load(at(p.mean, c), 16);
      let s0 = f32x4.splat(0);
      let s1 = s0;
      for (let i = 0; i < count; i++) {
        const d0 = f32x4.sub(v128.load(q), m0);
        const d1 = f32x4.sub(v128.load(q, 16), m1);
        s0 = f32x4.add(s0, f32x4.mul(d0, d0));
        s1 = f32x4.add(s1, f32x4.mul(d1, d1));
        q += rowBytes;
      }
      addTo(at(sums, c), s0);
      addTo(at(sums, c) + 16, s1);
    }
    for (; c < columns; c++) {
      let q = at(begin, c);
      const m = f32.load(at(p.mean, c));
      let s: f32 = 0;
      for (let i = 0; i < count; i++) {
        const d = f32.load(q) - m;
        s += d * d;
        q += rowBytes;
      }
      f32.store(at(sums, c), f32.load(at(sums, c)) + s);
    }
  }
  scaleSums(sums, columns, p.factor);
}

/** to = clamp(from · scale[c] + offset[c], low, high) */
export function affine(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const columns = p.columns;
  const low = f32x4.splat(p.low);
  const high = f32x4.splat(p.high);
  const first = share(p.rows, 1, part, parts);
  const last = share(p.rows, 1, part + 1, parts);
  let from = p.from + ((<usize>first * <usize>columns) << 2);
  let to = p.to + ((<usize>first * <usize>columns) << 2);
  for (let row = first; row < last; row++) {
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const y = f32x4.add(f32x4.mul(v128.load(at(from, c)), v128.load(at(p.scale, c))), v128.load(at(p.offset, c)));
      v128.store(at(to, c), clamp(y, low, high));
    }
    for (; c < columns; c++) {
      let y = f32.load(at(from, c)) * f32.load(at(p.scale, c)) + f32.load(at(p.offset, c));
      if (y < p.low) y = p.low;
      if (y > p.high) y = p.high;
      f32.store(at(to, c), y);
    }
    from += <usize>columns << 2;
    to += <usize>columns << 2;
  }
}

/** to = dy where low < y < high, else 0; with sums ≠ 0 also sums[part][c] = Σ of that. y is `other`. */
export function activationGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const columns = p.columns;
  const rowBytes = <usize>columns << 2;
  const low = f32x4.splat(p.low);
  const high = f32x4.splat(p.high);
  const sums = p.sums + <usize>part * <usize>p.partBytes;
  const hasSums = p.sums != 0;
  const last = share(p.rows, 1, part + 1, parts);
  if (hasSums) zeroFloats(sums, columns);
  for (let row = share(p.rows, 1, part, parts); row < last; row += RUN) {
    const count = min(RUN, last - row);
    const begin = <usize>row * rowBytes;
    let c = 0;
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

/**
 * The sums that batch normalisation's gradient needs, with g = dy masked by the activation (y is `other`, 0 for none):
 * sums[part][c] = Σ g and, secondBytes later, Σ g·(from − mean).
 */
export function normalizationSums(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const columns = p.columns;
  const rowBytes = <usize>columns << 2;
  const low = f32x4.splat(p.low);
  const high = f32x4.splat(p.high);
  const hasMask = p.other != 0;
  const sums = p.sums + <usize>part * <usize>p.partBytes;
  const products = sums + <usize>p.secondBytes;
  const last = share(p.rows, 1, part + 1, parts);
  zeroFloats(sums, columns);
  zeroFloats(products, columns);
  for (let row = share(p.rows, 1, part, parts); row < last; row += RUN) {
    const count = min(RUN, last - row);
    const begin = <usize>row * rowBytes;
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      let q = at(begin, c);
      const m = v128.load(at(p.mean, c));
      let s = f32x4.splat(0);
      let t = s;
      for (let i = 0; i < count; i++) {
        let g = v128.load(p.dy + q);
        if (hasMask) g = masked(g, v128.load(p.other + q), low, high);
        s = f32x4.add(s, g);
        t = f32x4.add(t, f32x4.mul(g, f32x4.sub(v128.load(p.from + q), m)));
        q += rowBytes;
      }
      addTo(at(sums, c), s);
      addTo(at(products, c), t);
    }
    for (; c < columns; c++) {
      let q = at(begin, c);
      const m = f32.load(at(p.mean, c));
      let s: f32 = 0;
      let t: f32 = 0;
      for (let i = 0; i < count; i++) {
        let g = f32.load(p.dy + q);
        if (hasMask) g = maskedScalar(g, f32.load(p.other + q), p.low, p.high);
        s += g;
        t += g * (f32.load(p.from + q) - m);
        q += rowBytes;
      }
      f32.store(at(sums, c), f32.load(at(sums, c)) + s);
      f32.store(at(products, c), f32.load(at(products, c)) + t);
    }
  }
}

/** to = g·scale[c] + (from − mean[c])·third[c] + offset[c], g as in normalizationSums: batch normalisation's gradient by input. */
export function normalizationGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const columns = p.columns;
  const rowBytes = <usize>columns << 2;
  const low = f32x4.splat(p.low);
  const high = f32x4.splat(p.high);
  const hasMask = p.other != 0;
  const last = share(p.rows, 1, part + 1, parts);
  let q = <usize>share(p.rows, 1, part, parts) * rowBytes;
  for (let row = share(p.rows, 1, part, parts); row < last; row++) {
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      const i = at(q, c);
      let g = v128.load(p.dy + i);
      if (hasMask) g = masked(g, v128.load(p.other + i), low, high);
      const d = f32x4.sub(v128.load(p.from + i), v128.load(at(p.mean, c)));
      const dx = f32x4.add(
        f32x4.add(f32x4.mul(g, v128.load(at(p.scale, c))), f32x4.mul(d, v128.load(at(p.third, c)))),
        v128.load(at(p.offset, c)),
      );
      v128.store(p.to + i, dx);
    }
    for (; c < columns; c++) {
      const i = at(q, c);
      let g = f32.load(p.dy + i);
      if (hasMask) g = maskedScalar(g, f32.load(p.other + i), p.low, p.high);
      const d = f32.load(p.from + i) - f32.load(at(p.mean, c));
      f32.store(
        p.to + i,
        g * f32.load(at(p.scale, c)) + d * f32.load(at(p.third, c)) + f32.load(at(p.offset, c)),
      );
    }
    q += rowBytes;
  }
}

/** to = clamp(from + other, low, high) over `rows` values; other may be 0 for none. */
export function addClamped(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const low = f32x4.splat(p.low);
  const high = f32x4.splat(p.high);
  const end = share(p.rows, 4, part + 1, parts);
  let i = share(p.rows, 4, part, parts);
  if (p.other == 0) {
    for (; i + 4 <= end; i += 4) v128.store(at(p.to, i), clamp(v128.load(at(p.from, i)), low, high));
  }
  for (; i + 4 <= end; i += 4) {
    v128.store(at(p.to, i), clamp(f32x4.add(v128.load(at(p.from, i)), v128.load(at(p.other, i))), low, high));
  }
  for (; i < end; i++) {
    let y = f32.load(at(p.from, i));
    if (p.other != 0) y += f32.load(at(p.other, i));
    if (y < p.low) y = p.low;
    if (y > p.high) y = p.high;
    f32.store(at(p.to, i), y);
  }
}
