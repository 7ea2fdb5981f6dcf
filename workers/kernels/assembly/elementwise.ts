/** One pass over tensors: the optimiser, sums of parts. */
import { share } from "./gemm";

@unmanaged
class Adam {
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
export function adam(args: usize, thread: i32, threads: i32): void {
  const p = changetype<Adam>(args);
  const begin = share(p.count, 4, thread, threads);
  const end = share(p.count, 4, thread + 1, threads);
  const l1 = p.l1;
  const l2 = p.l2 * 2;
  const vAlpha = f32x4.splat(p.alpha);
  const vRest1 = f32x4.splat(p.rest1);
  const vRest2 = f32x4.splat(p.rest2);
  const vEpsilon = f32x4.splat(p.epsilon);
  const vKeep = f32x4.splat(p.keep);
  const vL1 = f32x4.splat(l1);
  const vL2 = f32x4.splat(l2);
  const zero = f32x4.splat(0);
  const hasPenalty = l1 != 0 || l2 != 0;
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = <usize>i << 2;
    let w = v128.load(p.weight + at);
    let g = v128.load(p.gradient + at);
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
  for (; i < end; i++) {
    const at = <usize>i << 2;
    let w = f32.load(p.weight + at);
    let g = f32.load(p.gradient + at);
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
class Sum {
  from: usize;
  partBytes: i32;
  parts: i32;
  to: usize;
  count: i32;
}

/** to[i] = Σ parts[·][i], always in the same order. */
export function sumParts(args: usize, thread: i32, threads: i32): void {
  const p = changetype<Sum>(args);
  const end = share(p.count, 4, thread + 1, threads);
  let i = share(p.count, 4, thread, threads);
  for (; i + 4 <= end; i += 4) {
    let from = p.from + (<usize>i << 2);
    let sum = v128.load(from);
    for (let part = 1; part < p.parts; part++) {
      from += <usize>p.partBytes;
      sum = f32x4.add(sum, v128.load(from));
    }
    v128.store(p.to + (<usize>i << 2), sum);
  }
  for (; i < end; i++) {
    let from = p.from + (<usize>i << 2);
    let sum = f32.load(from);
    for (let part = 1; part < p.parts; part++) {
      from += <usize>p.partBytes;
      sum += f32.load(from);
    }
    f32.store(p.to + (<usize>i << 2), sum);
  }
}
