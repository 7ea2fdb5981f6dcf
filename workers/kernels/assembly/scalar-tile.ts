/** The innermost loop for browsers without vectors: eight sums, four numbers of B and two of A stay in registers. */

/** As min and max, but a NaN stays one. */
@inline
function clampScalar(x: f32, low: f32, high: f32): f32 {
  if (x < low) return low;
  return x > high ? high : x;
}

/**
 * c[rows × 8] = clamp(init + a·b), as tileRows and tileColumns of tile.ts: element (i, k) of A lies at `a + i·aRow + k·aStep`.
 */
export function scalarTile(
  k: i32,
  a: usize,
  aRow: usize,
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
  for (let i = 0; i < rows; i += 2) {
    // A row that is not there is computed from the last one that is, and thrown away.
    const isPair = i + 1 < rows;
    const firstRow = a + <usize>i * aRow;
    for (let half: usize = 0; half < 32; half += 16) {
      let p = init + <usize>i * initRow + half;
      let c00 = f32.load(p);
      let c01 = f32.load(p, 4);
      let c02 = f32.load(p, 8);
      let c03 = f32.load(p, 12);
      if (isPair) p += initRow;
      let c10 = f32.load(p);
      let c11 = f32.load(p, 4);
      let c12 = f32.load(p, 8);
      let c13 = f32.load(p, 12);
      let q0 = firstRow;
      let q1 = isPair ? firstRow + aRow : firstRow;
      let q = b + half;
      for (let j = 0; j < k; j++) {
        const b0 = f32.load(q);
        const b1 = f32.load(q, 4);
        const b2 = f32.load(q, 8);
        const b3 = f32.load(q, 12);
        q += bStep;
        let x = f32.load(q0);
        q0 += aStep;
        c00 += x * b0;
        c01 += x * b1;
        c02 += x * b2;
        c03 += x * b3;
        x = f32.load(q1);
        q1 += aStep;
        c10 += x * b0;
        c11 += x * b1;
        c12 += x * b2;
        c13 += x * b3;
      }
      let to = c + <usize>i * cRow + half;
      f32.store(to, clampScalar(c00, low, high));
      f32.store(to, clampScalar(c01, low, high), 4);
      f32.store(to, clampScalar(c02, low, high), 8);
      f32.store(to, clampScalar(c03, low, high), 12);
      if (!isPair) continue;
      to += cRow;
      f32.store(to, clampScalar(c10, low, high));
      f32.store(to, clampScalar(c11, low, high), 4);
      f32.store(to, clampScalar(c12, low, high), 8);
      f32.store(to, clampScalar(c13, low, high), 12);
    }
  }
}
