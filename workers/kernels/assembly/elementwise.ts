/** One pass over tensors: the optimiser, sums of parts. */
import { share } from "./memory";
import { clamp } from "./tile";

@unmanaged
export class Adam {
  weight: usize;
  moment1: usize;
  moment2: usize;
  gradient: usize;
  count: i32;
  /** learning rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) */
  alpha: f32;
  /** 1 − β₁, 1 − β₂ */
  rest1: f32;
  rest2: f32;
  epsilon: f32;
  /** What is left of a weight after decoupled decay: 1 − learning rate · decay. */
  keep: f32;
  l1: f32;
  l2: f32;
}

/**
 * Keras' Adam in place: m += (g − m)(1 − β₁), v += (g² − v)(1 − β₂), w −= α·m/(√v + ε). The penalties' gradient
 * l1·sign(w) + 2·l2·w joins g first; decay shrinks w before its step, as Keras' AdamW does.
 */
export function adam(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Adam>(args);
  adamRange(p, share(p.count, 4, part, parts), share(p.count, 4, part + 1, parts), p.gradient);
}

/** Adam for the weights [begin, end); `gradient` is the address that weight 0 would have its gradient at. */
export function adamRange(p: Adam, begin: i32, end: i32, gradient: usize): void {
  const l1 = p.l1;
  const l2 = p.l2 * 2;
  const hasPenalty = l1 != 0 || l2 != 0;
  let i = begin;
  if (ASC_FEATURE_SIMD) {
    const vAlpha = f32x4.splat(p.alpha);
    const vRest1 = f32x4.splat(p.rest1);
    const vRest2 = f32x4.splat(p.rest2);
    const vEpsilon = f32x4.splat(p.epsilon);
    const vKeep = f32x4.splat(p.keep);
    const vL1 = f32x4.splat(l1);
    const vL2 = f32x4.splat(l2);
    const zero = f32x4.splat(0);
    for (; i + 4 <= end; i += 4) {
      const at = <usize>i << 2;
      let w = v128.load(p.weight + at);
      let g = v128.load(gradient + at);
      if (hasPenalty) {
        const sign = v128.or(
          v128.and(f32x4.gt(w, zero), vL1),
          v128.and(f32x4.lt(w, zero), f32x4.neg(vL1)),
        );
        g = f32x4.add(f32x4.add(g, sign), f32x4.mul(vL2, w));
      }
      let m = v128.load(p.moment1 + at);
      let v = v128.load(p.moment2 + at);
      m = f32x4.add(m, f32x4.mul(f32x4.sub(g, m), vRest1));
      v = f32x4.add(v, f32x4.mul(f32x4.sub(f32x4.mul(g, g), v), vRest2));
      w = f32x4.sub(
        f32x4.mul(w, vKeep),
        f32x4.div(f32x4.mul(m, vAlpha), f32x4.add(f32x4.sqrt(v), vEpsilon)),
      );
      v128.store(p.moment1 + at, m);
      v128.store(p.moment2 + at, v);
      v128.store(p.weight + at, w);
    }
  }
  for (; i < end; i++) {
    const at = <usize>i << 2;
    let w = f32.load(p.weight + at);
    let g = f32.load(gradient + at);
    if (hasPenalty) g = g + (w > 0 ? l1 : w < 0 ? -l1 : <f32>0) + l2 * w;
    let m = f32.load(p.moment1 + at);
    let v = f32.load(p.moment2 + at);
    m = m + (g - m) * p.rest1;
    v = v + (g * g - v) * p.rest2;
    w = w * p.keep - (m * p.alpha) / (sqrt<f32>(v) + p.epsilon);
    f32.store(p.moment1 + at, m);
    f32.store(p.moment2 + at, v);
    f32.store(p.weight + at, w);
  }
}

@unmanaged
class PenaltySums {
  from: usize;
  count: i32;
  /** Two doubles a part: Σ|w|, Σw². */
  to: usize;
}

/** Values that are summed as floats before they join the double: few enough to lose nothing that counts. */
const block: i32 = 4096;

/** Σ|w| and Σw² of each part of a tensor. */
export function penaltySums(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<PenaltySums>(args);
  const end = share(p.count, 4, part + 1, parts);
  let absolute: f64 = 0;
  let squares: f64 = 0;
  let i = share(p.count, 4, part, parts);
  while (i < end) {
    const blockEnd = min<i32>(end, i + block);
    if (ASC_FEATURE_SIMD) {
      let a = f32x4.splat(0);
      let s = f32x4.splat(0);
      for (; i + 4 <= blockEnd; i += 4) {
        const w = v128.load(p.from + (<usize>i << 2));
        a = f32x4.add(a, f32x4.abs(w));
        s = f32x4.add(s, f32x4.mul(w, w));
      }
      absolute += f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3);
      squares += f32x4.extract_lane(s, 0) + f32x4.extract_lane(s, 1) + f32x4.extract_lane(s, 2) + f32x4.extract_lane(s, 3);
    }
    for (; i < blockEnd; i++) {
      const w: f64 = f32.load(p.from + (<usize>i << 2));
      absolute += abs<f64>(w);
      squares += w * w;
    }
  }
  f64.store(p.to + (<usize>part << 4), absolute);
  f64.store(p.to + (<usize>part << 4), squares, 8);
}

@unmanaged
class Sum {
  from: usize;
  sliceBytes: i32;
  slices: i32;
  to: usize;
  rows: i32;
  columns: i32;
  /** `columns` floats, or 0. */
  bias: usize;
  low: f32;
  high: f32;
}

/** to[row, column] = clamp(bias[column] + Σ slices[·][row, column]), always summed in the same order. */
export function sumSlices(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Sum>(args);
  const columns = p.columns;
  const last = share(p.rows, 1, part + 1, parts);
  for (let row = share(p.rows, 1, part, parts); row < last; row++) {
    const offset = <usize>(row * columns) << 2;
    let i = 0;
    if (ASC_FEATURE_SIMD) {
      const low = f32x4.splat(p.low);
      const high = f32x4.splat(p.high);
      for (; i + 4 <= columns; i += 4) {
        const at = offset + (<usize>i << 2);
        let sum = p.bias == 0 ? f32x4.splat(0) : v128.load(p.bias + (<usize>i << 2));
        let from = p.from + at;
        for (let slice = 0; slice < p.slices; slice++) {
          sum = f32x4.add(sum, v128.load(from));
          from += <usize>p.sliceBytes;
        }
        v128.store(p.to + at, clamp(sum, low, high));
      }
    }
    for (; i < columns; i++) {
      const at = offset + (<usize>i << 2);
      let sum: f32 = p.bias == 0 ? 0 : f32.load(p.bias + (<usize>i << 2));
      let from = p.from + at;
      for (let slice = 0; slice < p.slices; slice++) {
        sum += f32.load(from);
        from += <usize>p.sliceBytes;
      }
      // Written so that a NaN stays one.
      if (sum < p.low) sum = p.low;
      if (sum > p.high) sum = p.high;
      f32.store(p.to + at, sum);
    }
  }
}
