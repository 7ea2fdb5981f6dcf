/** Batch normalisation over rows × columns: its statistics, its output and its gradient. */
import { Channels, RUN, addTo, at, masked, maskedScalar, scaleSums } from "./channels";
import { share, zeroFloats } from "./memory";
import { clamp } from "./tile";

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
    if (ASC_FEATURE_SIMD) {
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
  const first = share(p.rows, 1, part, parts);
  const last = share(p.rows, 1, part + 1, parts);
  let from = p.from + ((<usize>first * <usize>columns) << 2);
  let to = p.to + ((<usize>first * <usize>columns) << 2);
  for (let row = first; row < last; row++) {
    let c = 0;
    if (ASC_FEATURE_SIMD) {
      const low = f32x4.splat(p.low);
      const high = f32x4.splat(p.high);
      for (; c + 4 <= columns; c += 4) {
        const y = f32x4.add(f32x4.mul(v128.load(at(from, c)), v128.load(at(p.scale, c))), v128.load(at(p.offset, c)));
        v128.store(at(to, c), clamp(y, low, high));
      }
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

/**
 * The sums that batch normalisation's gradient needs, with g = dy masked by the activation (y is `other`, 0 for none):
 * sums[part][c] = Σ g and, secondBytes later, Σ g·(from − mean).
 */
export function normalizationSums(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Channels>(args);
  const columns = p.columns;
  const rowBytes = <usize>columns << 2;
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
    if (ASC_FEATURE_SIMD) {
      const low = f32x4.splat(p.low);
      const high = f32x4.splat(p.high);
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
  const hasMask = p.other != 0;
  const last = share(p.rows, 1, part + 1, parts);
  let q = <usize>share(p.rows, 1, part, parts) * rowBytes;
  for (let row = share(p.rows, 1, part, parts); row < last; row++) {
    let c = 0;
    if (ASC_FEATURE_SIMD) {
      const low = f32x4.splat(p.low);
      const high = f32x4.splat(p.high);
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
