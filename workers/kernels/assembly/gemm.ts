/** The matrix product that everything else stands on: tiles over a block, whatever is left at its edges, and where results go. */
import { copyFloats, zeroFloats } from "./memory";
import { PANEL, PANEL_BYTES, ROWS, tileColumns, tileRows } from "./tile";

/** Bytes of scratch for a tile at the right edge, and for one row of eight initial values. */
export const TILE_BYTES: i32 = 6 * 32 + 64;
const EDGE_ROW: i32 = 6 * 32;

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
  if (ASC_FEATURE_SIMD) {
    if (rows == ROWS && columns == PANEL) {
      scatterHalf(tile, c, cStride);
      scatterHalf(tile + 16, c + 4 * cStride, cStride);
      return;
    }
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
