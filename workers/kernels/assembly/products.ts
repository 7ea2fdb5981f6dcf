/** Matrix products of tensors: any side transposed. */
import { Adam, adamRange } from "./elementwise";
import { TILE_BYTES, multiplyBlock } from "./gemm";
import { copyFloats, share } from "./memory";
import { packPanels } from "./packing";
import { PANEL } from "./tile";

/** Depth and width of a slice of B that is packed at a time, rows of A taken at a time. */
const DEPTH: i32 = 256;
const WIDTH: i32 = 256;
const HEIGHT: i32 = 192;
/** A line between the panels of a slice, or all of them would begin in the same set of the first-level cache. */
const SLICE_PANEL: usize = DEPTH * 32 + 64;
const PACKED_BYTES: usize = (WIDTH / PANEL) * SLICE_PANEL;

@unmanaged
class Product {
  a: usize;
  /** Bytes between stored rows of A: [m × k], or [k × m] when aTransposed. */
  aStride: i32;
  aTransposed: i32;
  b: usize;
  bStride: i32;
  bTransposed: i32;
  c: usize;
  cStride: i32;
  /** C is stored [n × m]. */
  cTransposed: i32;
  m: i32;
  n: i32;
  k: i32;
  bias: usize;
  low: f32;
  high: f32;
  scratch: usize;
  scratchBytes: i32;
  /** multiplyFlat: 0, or the bytes between partial products, one for each part of the depth. */
  sliceBytes: i32;
}

@unmanaged
class Packing {
  b: usize;
  bStride: i32;
  transposed: i32;
  k: i32;
  n: i32;
  to: usize;
  /** Bytes between panels: 32·k, or more where several matrices are packed under one another. */
  toPanel: i32;
}

/** Packs all of B, each thread some panels. */
export function pack(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Packing>(args);
  const panels = (p.n + PANEL - 1) / PANEL;
  packPanels(
    p.b,
    <usize>p.bStride,
    p.transposed != 0,
    p.k,
    p.n,
    p.to,
    <usize>p.toPanel,
    share(panels, 1, part, parts),
    share(panels, 1, part + 1, parts),
  );
}

/** Copies [rows × columns] floats to rows `toStride` bytes apart. */
function copyRows(from: usize, fromStride: usize, rows: i32, columns: i32, to: usize, toStride: usize): void {
  for (let i = 0; i < rows; i++) {
    copyFloats(to, from, columns);
    from += fromStride;
    to += toStride;
  }
}

/** C = clamp(bias + A·B) with all of B packed before (`b`): threads share the rows of C. */
export function multiplyTall(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Product>(args);
  const tile = p.scratch + <usize>thread * <usize>p.scratchBytes;
  const columnsOfA = tile + TILE_BYTES;
  const columnStride: usize = HEIGHT * 4 + 64;
  const last = share(p.m, HEIGHT, part + 1, parts);
  const aTransposed = p.aTransposed != 0;
  const aStride = <usize>(<u32>p.aStride);
  const cStride = <usize>(<u32>p.cStride);
  const cTransposed = p.cTransposed != 0;
  for (let i = share(p.m, HEIGHT, part, parts); i < last; i += HEIGHT) {
    const m = min(HEIGHT, last - i);
    const c = cTransposed ? p.c + <usize>i * 4 : p.c + <usize>i * cStride;
    let k0 = 0;
    do {
      const k = min(DEPTH, p.k - k0);
      const isLast = k0 + k >= p.k;
      let a = p.a + <usize>i * aStride + <usize>k0 * 4;
      let stride = aStride;
      if (aTransposed) {
        copyRows(p.a + <usize>k0 * aStride + <usize>i * 4, aStride, k, m, columnsOfA, columnStride);
        a = columnsOfA;
        stride = columnStride;
      }
      multiplyBlock(
        m,
        p.n,
        k,
        a,
        stride,
        aTransposed,
        p.b + <usize>k0 * 32,
        <usize>p.k * 32,
        c,
        cStride,
        cTransposed,
        p.bias,
        k0 > 0,
        isLast ? p.low : -Infinity,
        isLast ? p.high : Infinity,
        tile,
      );
      k0 += DEPTH;
    } while (k0 < p.k);
  }
}

/**
 * C = clamp(bias + A·B) for few rows (at most HEIGHT); B is packed slice by slice as it is read. The parts share the columns or, with
 * sliceBytes, the depth: then each writes its own partial product to c + part·sliceBytes.
 */
export function multiplyFlat(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Product>(args);
  const tile = p.scratch + <usize>thread * <usize>p.scratchBytes;
  const packed = tile + TILE_BYTES;
  const rowsOfA = packed + PACKED_BYTES;
  const aTransposed = p.aTransposed != 0;
  const bTransposed = p.bTransposed != 0;
  const aStride = <usize>(<u32>p.aStride);
  const bStride = <usize>(<u32>p.bStride);
  const cStride = <usize>(<u32>p.cStride);
  const copyStride: usize = aTransposed ? HEIGHT * 4 + 64 : DEPTH * 4 + 64;
  const isSliced = p.sliceBytes != 0;
  const c = isSliced ? p.c + <usize>part * <usize>p.sliceBytes : p.c;
  const firstDepth = isSliced ? share(p.k, DEPTH, part, parts) : 0;
  const depth = isSliced ? share(p.k, DEPTH, part + 1, parts) : p.k;
  const end = isSliced ? p.n : share(p.n, PANEL, part + 1, parts);
  for (let j = isSliced ? 0 : share(p.n, PANEL, part, parts); j < end; j += WIDTH) {
    const n = min(WIDTH, end - j);
    const panels = (n + PANEL - 1) / PANEL;
    let k0 = firstDepth;
    do {
      const k = min(DEPTH, depth - k0);
      const isLast = k0 + k >= depth;
      const b = bTransposed
        ? p.b + <usize>j * bStride + <usize>k0 * 4
        : p.b + <usize>k0 * bStride + <usize>j * 4;
      packPanels(b, bStride, bTransposed, k, n, packed, SLICE_PANEL, 0, panels);
      if (aTransposed) copyRows(p.a + <usize>k0 * aStride, aStride, k, p.m, rowsOfA, copyStride);
      else copyRows(p.a + <usize>k0 * 4, aStride, p.m, k, rowsOfA, copyStride);
      multiplyBlock(
        p.m,
        n,
        k,
        rowsOfA,
        copyStride,
        aTransposed,
        packed,
        SLICE_PANEL,
        c + <usize>j * 4,
        cStride,
        false,
        p.bias == 0 ? 0 : p.bias + <usize>j * 4,
        k0 > firstDepth,
        isLast ? p.low : -Infinity,
        isLast ? p.high : Infinity,
        tile,
      );
      k0 += DEPTH;
    } while (k0 < depth);
  }
}

/**
 * Adam with the gradient A·B, computed block by block and never stored: A as in multiplyTall, all of B packed before; C is not written.
 * An `Adam` follows the `Product` in the arguments, weights [m × n].
 */
export function multiplyAdam(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Product>(args);
  const optimizer = changetype<Adam>(args + offsetof<Product>());
  const tile = p.scratch + <usize>thread * <usize>p.scratchBytes;
  const columnsOfA = tile + TILE_BYTES;
  const columnStride: usize = HEIGHT * 4 + 64;
  const gradient = columnsOfA + DEPTH * columnStride;
  const rowBytes = <usize>p.n * 4;
  const last = share(p.m, HEIGHT, part + 1, parts);
  const aTransposed = p.aTransposed != 0;
  const aStride = <usize>(<u32>p.aStride);
  for (let i = share(p.m, HEIGHT, part, parts); i < last; i += HEIGHT) {
    const m = min(HEIGHT, last - i);
    let k0 = 0;
    do {
      const k = min(DEPTH, p.k - k0);
      let a = p.a + <usize>i * aStride + <usize>k0 * 4;
      let stride = aStride;
      if (aTransposed) {
        copyRows(p.a + <usize>k0 * aStride + <usize>i * 4, aStride, k, m, columnsOfA, columnStride);
        a = columnsOfA;
        stride = columnStride;
      }
      const b = p.b + <usize>k0 * 32;
      const panel = <usize>p.k * 32;
      multiplyBlock(m, p.n, k, a, stride, aTransposed, b, panel, gradient, rowBytes, false, 0, k0 > 0, -Infinity, Infinity, tile);
      k0 += DEPTH;
    } while (k0 < p.k);
    const begin = i * p.n;
    adamRange(optimizer, begin, begin + m * p.n, gradient - <usize>begin * 4);
  }
}

/** Scratch that one thread of multiplyTall or multiplyFlat needs, in bytes. */
export function productScratch(): i32 {
  const tall = DEPTH * (HEIGHT * 4 + 64);
  const flat = <i32>PACKED_BYTES + max(DEPTH * (HEIGHT * 4 + 64), HEIGHT * (DEPTH * 4 + 64));
  return TILE_BYTES + max(tall, flat) + 256;
}
