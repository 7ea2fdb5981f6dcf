/**
 * The 8×8 cosine transform of JPEG and its inverse, by Arai, Agui and Nakajima's scheme (as libjpeg's jfdctflt.c and jidctflt.c). Both leave a
 * scale in each coefficient, which belongs to the quantisation: `aanScale(u)·aanScale(v)·8` for the way there, without the 8 back.
 */

/** cos(u·π/16)·√2, and 1 for u = 0. */
export function aanScale(u: number): number {
  return u === 0 ? 1 : Math.cos((u * Math.PI) / 16) * Math.SQRT2;
}

/** Transforms the block of 64 in place. */
export function forwardDct(block: Float32Array): void {
  for (let i = 0; i < 64; i += 8) forwardLine(block, i, 1);
  for (let i = 0; i < 8; i++) forwardLine(block, i, 8);
}

/** The inverse of `forwardDct` once each coefficient is rid of its scale. */
export function inverseDct(block: Float32Array): void {
  for (let i = 0; i < 8; i++) inverseLine(block, i, 8);
  for (let i = 0; i < 64; i += 8) inverseLine(block, i, 1);
}

const half = Math.SQRT1_2;

function forwardLine(b: Float32Array, at: number, step: number): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const s07 = b[at]! + b[i7]!;
  const d07 = b[at]! - b[i7]!;
  const s16 = b[i1]! + b[i6]!;
  const d16 = b[i1]! - b[i6]!;
  const s25 = b[i2]! + b[i5]!;
  const d25 = b[i2]! - b[i5]!;
  const s34 = b[i3]! + b[i4]!;
  const d34 = b[i3]! - b[i4]!;
  const outer = s07 + s34;
  const outerGap = s07 - s34;
  const inner = s16 + s25;
  const innerGap = s16 - s25;
  b[at] = outer + inner;
  b[i4] = outer - inner;
  const even = (innerGap + outerGap) * half;
  b[i2] = outerGap + even;
  b[i6] = outerGap - even;
  const odd0 = d34 + d25;
  const odd1 = d25 + d16;
  const odd2 = d16 + d07;
  const turn = (odd0 - odd2) * 0.382683433;
  const z2 = 0.5411961 * odd0 + turn;
  const z4 = 1.306562965 * odd2 + turn;
  const z3 = odd1 * half;
  const z11 = d07 + z3;
  const z13 = d07 - z3;
  b[i5] = z13 + z2;
  b[i3] = z13 - z2;
  b[i1] = z11 + z4;
  b[i7] = z11 - z4;
}

function inverseLine(b: Float32Array, at: number, step: number): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const e0 = b[at]! + b[i4]!;
  const e1 = b[at]! - b[i4]!;
  const e3 = b[i2]! + b[i6]!;
  const e2 = (b[i2]! - b[i6]!) * Math.SQRT2 - e3;
  const t0 = e0 + e3;
  const t3 = e0 - e3;
  const t1 = e1 + e2;
  const t2 = e1 - e2;
  const z13 = b[i5]! + b[i3]!;
  const z10 = b[i5]! - b[i3]!;
  const z11 = b[i1]! + b[i7]!;
  const z12 = b[i1]! - b[i7]!;
  const o7 = z11 + z13;
  const o11 = (z11 - z13) * Math.SQRT2;
  const z5 = (z10 + z12) * 1.847759065;
  const o10 = z5 - z12 * 1.0823922;
  const o12 = z5 - z10 * 2.61312593;
  const o6 = o12 - o7;
  const o5 = o11 - o6;
  const o4 = o10 - o5;
  b[at] = t0 + o7;
  b[i7] = t0 - o7;
  b[i1] = t1 + o6;
  b[i6] = t1 - o6;
  b[i2] = t2 + o5;
  b[i5] = t2 - o5;
  b[i3] = t3 + o4;
  b[i4] = t3 - o4;
}
