/**
 * The matrix product that everything else stands on.
 *
 * A tile of 6 rows × 8 columns of the result stays in 12 vector registers; with two for B and one for A that is 15 of the 16
 * that x86-64 offers to WASM SIMD. B is packed into panels of 8 columns, so that the inner loop reads it in order.
 * A is read in place, either by rows (each of six rows in order) or by columns (six neighbours at a time).
 */

/** Columns in a packed panel of B. */
export const PANEL: i32 = 8;
/** Bytes of one packed row of a panel. */
export const PANEL_BYTES: i32 = 32;
/** Rows of a tile. */
export const ROWS: i32 = 6;
/** Bytes of scratch for a tile at the right edge, and for one row of eight initial values. */
export const TILE_BYTES: i32 = 6 * 32 + 64;
const EDGE_ROW: i32 = 6 * 32;

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
  multiplyRows(k, a, aRow, b, bStep, init, initRow, c, cRow, low, high, rows, true, true);
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
  multiplyColumns(k, a, aStep, b, bStep, init, initRow, c, cRow, low, high, rows, true, true);
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

@inline
function copyTile(from: usize, fromRow: usize, to: usize, toRow: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) f32.store(to + (<usize>j << 2), f32.load(from + (<usize>j << 2)));
    from += fromRow;
    to += toRow;
  }
}

/**
 * C[m × n] = clamp(init + A[m × k]·B) with B packed: panels `bPanel` bytes apart.
 * byColumns: A is stored transposed (element (i, k) at a + k·aStride + 4·i); else by rows (a + i·aStride + 4·k).
 * bias: n floats, or 0 for none; ignored when accumulating onto C.
 * transposed: C is stored [n × m] instead (element (i, j) at c + j·cStride + 4·i).
 * tile: TILE_BYTES of scratch of the calling thread.
 */
export function multiplyBlock(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aStride: usize,
  byColumns: bool,
  b: usize,
  bPanel: usize,
  c: usize,
  cStride: usize,
  transposed: bool,
  bias: usize,
  accumulate: bool,
  low: f32,
  high: f32,
  tile: usize,
): void {
  for (let j = 0; j < n; j += PANEL) {
    const columns = min(n - j, PANEL);
    let edge = tile + EDGE_ROW;
    zeroFloats(edge, PANEL);
    if (bias != 0) {
      if (columns == PANEL) edge = bias + (<usize>j << 2);
      else copyFloats(edge, bias + (<usize>j << 2), columns);
    }
    for (let i = 0; i < m; i += ROWS) {
      const rows = min(m - i, ROWS);
      const ai = byColumns ? a + (<usize>i << 2) : a + <usize>i * aStride;
      const direct = columns == PANEL && !transposed;
      const target = transposed
        ? c + <usize>j * cStride + (<usize>i << 2)
        : c + <usize>i * cStride + (<usize>j << 2);
      let init = edge;
      let initRow: usize = 0;
      if (accumulate) {
        if (direct) {
          init = target;
          initRow = cStride;
        } else {
          if (transposed) gatherTile(target, cStride, tile, rows, columns);
          else copyTile(target, cStride, tile, PANEL_BYTES, rows, columns);
          init = tile;
          initRow = PANEL_BYTES;
        }
      }
      const to = direct ? target : tile;
      const toRow: usize = direct ? cStride : PANEL_BYTES;
      if (byColumns) tileColumns(k, ai, aStride, b, PANEL_BYTES, init, initRow, to, toRow, low, high, rows);
      else tileRows(k, ai, aStride, b, PANEL_BYTES, init, initRow, to, toRow, low, high, rows);
      if (!direct) {
        if (transposed) scatterTile(tile, target, cStride, rows, columns);
        else copyTile(tile, PANEL_BYTES, target, cStride, rows, columns);
      }
    }
    b += bPanel;
  }
}

function gatherTile(c: usize, cStride: usize, tile: usize, rows: i32, columns: i32): void {
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      f32.store(tile + <usize>(i * PANEL_BYTES + j * 4), f32.load(c + (<usize>i << 2)));
    }
    c += cStride;
  }
}

function scatterTile(tile: usize, c: usize, cStride: usize, rows: i32, columns: i32): void {
  if (rows == ROWS && columns == PANEL) {
    scatterHalf(tile, c, cStride);
    scatterHalf(tile + 16, c + 4 * cStride, cStride);
    return;
  }
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++) {
      f32.store(c + (<usize>i << 2), f32.load(tile + <usize>(i * PANEL_BYTES + j * 4)));
    }
    c += cStride;
  }
}

/** Writes four columns of six rows as four rows of six. */
@inline
function scatterHalf(tile: usize, c: usize, cStride: usize): void {
  const r0 = v128.load(tile);
  const r1 = v128.load(tile, 32);
  const r2 = v128.load(tile, 64);
  const r3 = v128.load(tile, 96);
  const r4 = v128.load(tile, 128);
  const r5 = v128.load(tile, 160);
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  const low45 = i32x4.shuffle(r4, r5, 0, 4, 1, 5);
  const high45 = i32x4.shuffle(r4, r5, 2, 6, 3, 7);
  v128.store(c, i64x2.shuffle(low01, low23, 0, 2));
  v128.store64_lane(c + 16, low45, 0);
  c += cStride;
  v128.store(c, i64x2.shuffle(low01, low23, 1, 3));
  v128.store64_lane(c + 16, low45, 1);
  c += cStride;
  v128.store(c, i64x2.shuffle(high01, high23, 0, 2));
  v128.store64_lane(c + 16, high45, 0);
  c += cStride;
  v128.store(c, i64x2.shuffle(high01, high23, 1, 3));
  v128.store64_lane(c + 16, high45, 1);
}

/**
 * Packs the panels [first, last) of B[k × n] into `to` (panel p at to + p·toPanel), with zeros past column n.
 * transposed: B is stored [n × k], rows `bRow` bytes apart; else [k × n].
 */
export function packPanels(
  b: usize,
  bRow: usize,
  transposed: bool,
  k: i32,
  n: i32,
  to: usize,
  toPanel: usize,
  first: i32,
  last: i32,
): void {
  if (transposed) {
    for (let panel = first; panel < last; panel++) {
      const j = panel * PANEL;
      const columns = min(n - j, PANEL);
      const from = b + <usize>j * bRow;
      let out = to + <usize>panel * toPanel;
      for (let i = 0; i < k; i++) {
        for (let x = 0; x < columns; x++) {
          f32.store(out + (<usize>x << 2), f32.load(from + <usize>x * bRow + (<usize>i << 2)));
        }
        for (let x = columns; x < PANEL; x++) f32.store(out + (<usize>x << 2), 0);
        out += PANEL_BYTES;
      }
    }
    return;
  }
  // Row by row, since B is read from far memory and the panels are near.
  const whole = min(last, n / PANEL);
  const rest = n - whole * PANEL;
  for (let i = 0; i < k; i++) {
    let from = b + (<usize>(first * PANEL) << 2);
    let out = to + <usize>first * toPanel + <usize>i * PANEL_BYTES;
    for (let panel = first; panel < whole; panel++) {
      v128.store(out, v128.load(from));
      v128.store(out, v128.load(from, 16), 16);
      from += PANEL_BYTES;
      out += toPanel;
    }
    if (whole < last) {
      for (let x = 0; x < rest; x++) f32.store(out + (<usize>x << 2), f32.load(from + (<usize>x << 2)));
      for (let x = rest; x < PANEL; x++) f32.store(out + (<usize>x << 2), 0);
    }
    b += bRow;
  }
}

/** Copies floats; short runs are common, so no call to memory.copy. */
@inline
export function copyFloats(to: usize, from: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), v128.load(from + (<usize>i << 2)));
  for (; i < count; i++) f32.store(to + (<usize>i << 2), f32.load(from + (<usize>i << 2)));
}

@inline
export function zeroFloats(to: usize, count: i32): void {
  let i = 0;
  const zero = f32x4.splat(0);
  for (; i + 4 <= count; i += 4) v128.store(to + (<usize>i << 2), zero);
  for (; i < count; i++) f32.store(to + (<usize>i << 2), 0);
}

/** Where part p of `parts` of `count` things begins, in whole steps. */
@inline
export function share(count: i32, step: i32, part: i32, parts: i32): i32 {
  const steps = (count + step - 1) / step;
  return min(<i32>((<i64>steps * part) / parts) * step, count);
}
