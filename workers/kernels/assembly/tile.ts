/**
 * The innermost loops. A tile of 6 rows × 8 columns of the result stays in 12 vector registers; with two for B and one for A that is 15 of
 * the 16 that x86-64 offers to WASM SIMD. A is read in place, either by rows (each of six rows in order) or by columns (six
 * neighbours at a time). Without vectors a tile is computed two rows by four columns at a time.
 */
import { scalarTile } from "./scalar-tile";

/** Columns in a packed panel of B. */
export const PANEL: i32 = 8;
/** Bytes of one packed row of a panel. */
export const PANEL_BYTES: i32 = 32;
/** Rows of a tile. */
export const ROWS: i32 = 6;

/** a · b + c, rounded once where the machine can. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** pmin and pmax keep a NaN of `x`, and are one instruction where min and max are several. */
@inline
export function clamp(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

/** Six rows at a time; what is constant in a caller is folded away. */
@inline
function multiplyRows(
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bStep: usize,
  init: usize,
  initRow: usize,
  c: usize,
  cRow: usize,
  low: f32,
  high: f32,
  rows: i32,
  hasInit: bool,
  hasClamp: bool,
): void {
  // Rows that are not there read the last one that is: their results are thrown away.
  let a0 = a;
  let a1 = rows > 1 ? a0 + aRow : a0;
  let a2 = rows > 2 ? a1 + aRow : a1;
  let a3 = rows > 3 ? a2 + aRow : a2;
  let a4 = rows > 4 ? a3 + aRow : a3;
  let a5 = rows > 5 ? a4 + aRow : a4;
  let p = init;
  let c00 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c01 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 1) p += initRow;
  let c10 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c11 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 2) p += initRow;
  let c20 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c21 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 3) p += initRow;
  let c30 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c31 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 4) p += initRow;
  let c40 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c41 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 5) p += initRow;
  let c50 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c51 = hasInit ? v128.load(p, 16) : f32x4.splat(0);

  for (const end = a0 + (<usize>k << 2); a0 != end; ) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += bStep;
    let x = v128.load32_splat(a0);
    a0 += 4;
    c00 = fma(x, b0, c00);
    c01 = fma(x, b1, c01);
    x = v128.load32_splat(a1);
    a1 += 4;
    c10 = fma(x, b0, c10);
    c11 = fma(x, b1, c11);
    x = v128.load32_splat(a2);
    a2 += 4;
    c20 = fma(x, b0, c20);
    c21 = fma(x, b1, c21);
    x = v128.load32_splat(a3);
    a3 += 4;
    c30 = fma(x, b0, c30);
    c31 = fma(x, b1, c31);
    x = v128.load32_splat(a4);
    a4 += 4;
    c40 = fma(x, b0, c40);
    c41 = fma(x, b1, c41);
    x = v128.load32_splat(a5);
    a5 += 4;
    c50 = fma(x, b0, c50);
    c51 = fma(x, b1, c51);
  }

  const lo = f32x4.splat(low);
  const hi = f32x4.splat(high);
  v128.store(c, hasClamp ? clamp(c00, lo, hi) : c00);
  v128.store(c, hasClamp ? clamp(c01, lo, hi) : c01, 16);
  if (rows < 2) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c10, lo, hi) : c10);
  v128.store(c, hasClamp ? clamp(c11, lo, hi) : c11, 16);
  if (rows < 3) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c20, lo, hi) : c20);
  v128.store(c, hasClamp ? clamp(c21, lo, hi) : c21, 16);
  if (rows < 4) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c30, lo, hi) : c30);
  v128.store(c, hasClamp ? clamp(c31, lo, hi) : c31, 16);
  if (rows < 5) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c40, lo, hi) : c40);
  v128.store(c, hasClamp ? clamp(c41, lo, hi) : c41, 16);
  if (rows < 6) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c50, lo, hi) : c50);
  v128.store(c, hasClamp ? clamp(c51, lo, hi) : c51, 16);
}

/** One or two rows, as they are left over of a batch of 32 or 8: a third of what six rows would take. */
@inline
function multiplyFewRows(
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bStep: usize,
  init: usize,
  initRow: usize,
  c: usize,
  cRow: usize,
  low: f32,
  high: f32,
  rows: i32,
): void {
  let a0 = a;
  let a1 = rows > 1 ? a0 + aRow : a0;
  let p = init;
  let c00 = v128.load(p);
  let c01 = v128.load(p, 16);
  if (rows > 1) p += initRow;
  let c10 = v128.load(p);
  let c11 = v128.load(p, 16);
  for (const end = a0 + (<usize>k << 2); a0 != end; ) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += bStep;
    let x = v128.load32_splat(a0);
    a0 += 4;
    c00 = fma(x, b0, c00);
    c01 = fma(x, b1, c01);
    x = v128.load32_splat(a1);
    a1 += 4;
    c10 = fma(x, b0, c10);
    c11 = fma(x, b1, c11);
  }
  const lo = f32x4.splat(low);
  const hi = f32x4.splat(high);
  v128.store(c, clamp(c00, lo, hi));
  v128.store(c, clamp(c01, lo, hi), 16);
  if (rows < 2) return;
  c += cRow;
  v128.store(c, clamp(c10, lo, hi));
  v128.store(c, clamp(c11, lo, hi), 16);
}

/** Six columns of a transposed A at a time. */
@inline
function multiplyColumns(
  k: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  init: usize,
  initRow: usize,
  c: usize,
  cRow: usize,
  low: f32,
  high: f32,
  rows: i32,
  hasInit: bool,
  hasClamp: bool,
): void {
  let p = init;
  let c00 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c01 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 1) p += initRow;
  let c10 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c11 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 2) p += initRow;
  let c20 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c21 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 3) p += initRow;
  let c30 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c31 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 4) p += initRow;
  let c40 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c41 = hasInit ? v128.load(p, 16) : f32x4.splat(0);
  if (hasInit && rows > 5) p += initRow;
  let c50 = hasInit ? v128.load(p) : f32x4.splat(0);
  let c51 = hasInit ? v128.load(p, 16) : f32x4.splat(0);

  for (let i = 0; i < k; i++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    b += bStep;
    let x = v128.load32_splat(a);
    c00 = fma(x, b0, c00);
    c01 = fma(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = fma(x, b0, c10);
    c11 = fma(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = fma(x, b0, c20);
    c21 = fma(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = fma(x, b0, c30);
    c31 = fma(x, b1, c31);
    x = v128.load32_splat(a, 16);
    c40 = fma(x, b0, c40);
    c41 = fma(x, b1, c41);
    x = v128.load32_splat(a, 20);
    c50 = fma(x, b0, c50);
    c51 = fma(x, b1, c51);
    a += aStep;
  }

  const lo = f32x4.splat(low);
  const hi = f32x4.splat(high);
  v128.store(c, hasClamp ? clamp(c00, lo, hi) : c00);
  v128.store(c, hasClamp ? clamp(c01, lo, hi) : c01, 16);
  if (rows < 2) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c10, lo, hi) : c10);
  v128.store(c, hasClamp ? clamp(c11, lo, hi) : c11, 16);
  if (rows < 3) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c20, lo, hi) : c20);
  v128.store(c, hasClamp ? clamp(c21, lo, hi) : c21, 16);
  if (rows < 4) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c30, lo, hi) : c30);
  v128.store(c, hasClamp ? clamp(c31, lo, hi) : c31, 16);
  if (rows < 5) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c40, lo, hi) : c40);
  v128.store(c, hasClamp ? clamp(c41, lo, hi) : c41, 16);
  if (rows < 6) return;
  c += cRow;
  v128.store(c, hasClamp ? clamp(c50, lo, hi) : c50);
  v128.store(c, hasClamp ? clamp(c51, lo, hi) : c51, 16);
}

/**
 * c[rows × 8] = clamp(init + a·b), where row i of A begins at `a + i·aRow`, and row k of B at `b + k·bStep`.
 * `init` is read with `initRow` bytes between rows: 0 repeats one row (a bias, or zeros), `cRow` with init = c accumulates.
 */
export function tileRows(
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bStep: usize,
  init: usize,
  initRow: usize,
  c: usize,
  cRow: usize,
  low: f32,
  high: f32,
  rows: i32,
): void {
  if (ASC_FEATURE_SIMD) {
    if (rows > 2) multiplyRows(k, a, aRow, b, bStep, init, initRow, c, cRow, low, high, rows, true, true);
    else multiplyFewRows(k, a, aRow, b, bStep, init, initRow, c, cRow, low, high, rows);
  } else scalarTile(k, a, aRow, 4, b, bStep, init, initRow, c, cRow, low, high, rows);
}

/**
 * As tileRows, for a transposed A: element (i, k) lies at `a + k·aStep + 4·i`. All six columns are read, so the caller
 * keeps readable memory behind the last ones.
 */
export function tileColumns(
  k: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  init: usize,
  initRow: usize,
  c: usize,
  cRow: usize,
  low: f32,
  high: f32,
  rows: i32,
): void {
  if (ASC_FEATURE_SIMD) multiplyColumns(k, a, aStep, b, bStep, init, initRow, c, cRow, low, high, rows, true, true);
  else scalarTile(k, a, 4, aStep, b, bStep, init, initRow, c, cRow, low, high, rows);
}

/** c = a·b, as tileRows without anything before or after. */
export function plainRows(
  k: i32,
  a: usize,
  aRow: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  rows: i32,
): void {
  multiplyRows(k, a, aRow, b, bStep, 0, 0, c, cRow, 0, 0, rows, false, false);
}

/** c = a·b, as tileColumns without anything before or after. */
export function plainColumns(
  k: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  rows: i32,
): void {
  multiplyColumns(k, a, aStep, b, bStep, 0, 0, c, cRow, 0, 0, rows, false, false);
}

/** c += a·b, as tileColumns. */
export function addColumns(
  k: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  c: usize,
  cRow: usize,
  rows: i32,
): void {
  multiplyColumns(k, a, aStep, b, bStep, c, cRow, c, cRow, 0, 0, rows, true, false);
}
