/**
 * Convolutions as matrix products over gathered windows (NHWC images, HWIO filters, dilation 1).
 *
 * The gradient by input is the same function as the forward pass: for each phase of the stride it is a convolution of dy with stride 1
 * and the filter's taps that meet this phase, in reverse. The gradient by filter is a product of the transposed windows with dy.
 */
import { TILE_BYTES, multiplyBlock } from "./gemm";
import { copyFloats, share, zeroFloats } from "./memory";
import { packPanels } from "./packing";
import { PANEL } from "./tile";

/** Windows are multiplied in slices of at most this many values, so that a panel of B stays in the first-level cache. */
const DEPTH: i32 = 384;

/** What the page writes for one convolution. All strides of `to` are in bytes. */
@unmanaged
export class Convolution {
  /** [batch, height, width, channels] */
  from: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  filterHeight: i32;
  filterWidth: i32;
  strideY: i32;
  strideX: i32;
  padTop: i32;
  padLeft: i32;
  /** The grid of windows. */
  gridHeight: i32;
  gridWidth: i32;
  /** Forward: the packed filter. Gradient by filter: dy [batch, gridHeight, gridWidth, outChannels]. */
  other: usize;
  outChannels: i32;
  to: usize;
  toImage: i32;
  toRow: i32;
  toPixel: i32;
  /** outChannels floats, or 0. */
  bias: usize;
  low: f32;
  high: f32;
  /** Scratch: `scratchBytes` for each thread. */
  scratch: usize;
  scratchBytes: i32;
  /** Windows gathered at a time. */
  block: i32;
  /** Bytes between gathered windows. */
  windowStride: i32;
}

/** Writes the windows [first, first + count) of the grid as rows of filterHeight·filterWidth·channels floats. */
function gather(c: Convolution, first: i32, count: i32, to: usize): void {
  const channels = c.channels;
  const width = c.width;
  const height = c.height;
  const filterHeight = c.filterHeight;
  const filterWidth = c.filterWidth;
  const gridWidth = c.gridWidth;
  const run = filterWidth * channels;
  const grid = c.gridHeight * gridWidth;
  const stride = <usize>c.windowStride;
  const imageBytes = <usize>(height * width) * <usize>channels * 4;
  const rowBytes = <usize>(width * channels) * 4;
  const image = first / grid;
  let rest = first - image * grid;
  let y = rest / gridWidth;
  let x = rest - y * gridWidth;
  let source = c.from + <usize>image * imageBytes;
  for (let i = 0; i < count; i++) {
    const top = y * c.strideY - c.padTop;
    const left = x * c.strideX - c.padLeft;
    const begin = max(0, -left);
    const end = min(filterWidth, width - left);
    let out = to;
    for (let ky = 0; ky < filterHeight; ky++) {
      const row = top + ky;
      if (row < 0 || row >= height || end <= begin) {
        zeroFloats(out, run);
      } else {
        const from = source + <usize>row * rowBytes + <usize>((left + begin) * channels) * 4;
        if (begin > 0) zeroFloats(out, begin * channels);
        copyFloats(out + <usize>(begin * channels) * 4, from, (end - begin) * channels);
        if (end < filterWidth) zeroFloats(out + <usize>(end * channels) * 4, (filterWidth - end) * channels);
      }
      out += <usize>run * 4;
    }
    to += stride;
    if (++x == gridWidth) {
      x = 0;
      if (++y == c.gridHeight) {
        y = 0;
        source += imageBytes;
      }
    }
  }
}

/** Whether the windows are the pixels themselves. */
@inline
function isPointwise(c: Convolution): bool {
  return (
    c.filterHeight == 1 &&
    c.filterWidth == 1 &&
    c.strideY == 1 &&
    c.strideX == 1 &&
    c.padTop == 0 &&
    c.padLeft == 0 &&
    c.gridHeight == c.height &&
    c.gridWidth == c.width
  );
}

/** to[pixel, :] = clamp(bias + window(pixel) · filter), for one part of the grid. */
export function convolve(args: usize, part: i32, parts: i32, thread: i32): void {
  const c = changetype<Convolution>(args);
  const pixels = c.batch * c.gridHeight * c.gridWidth;
  const depth = c.filterHeight * c.filterWidth * c.channels;
  const n = c.outChannels;
  const last = share(pixels, c.block, part + 1, parts);
  const tile = c.scratch + <usize>thread * <usize>c.scratchBytes;
  const windows = tile + TILE_BYTES;
  const pointwise = isPointwise(c);
  const dense = c.toRow == c.gridWidth * c.toPixel && c.toImage == c.gridHeight * c.toRow;
  // A grid that is spread over `to` is multiplied into scratch first, then put in place.
  const results = windows + <usize>c.block * <usize>c.windowStride;
  for (let first = share(pixels, c.block, part, parts); first < last; first += c.block) {
    const count = min(c.block, last - first);
    let a = windows;
    let aStride = <usize>c.windowStride;
    if (pointwise) {
      aStride = <usize>(c.channels * 4);
      a = c.from + <usize>first * aStride;
    } else {
      gather(c, first, count, windows);
    }
    const to = dense ? c.to + <usize>first * <usize>c.toPixel : results;
    const toStride = dense ? <usize>c.toPixel : <usize>(n * 4);
    let k0 = 0;
    do {
      const k = min(DEPTH, depth - k0);
      const isLast = k0 + k >= depth;
      multiplyBlock(
        count,
        n,
        k,
        a + <usize>k0 * 4,
        aStride,
        false,
        c.other + <usize>k0 * 32,
        <usize>depth * 32,
        to,
        toStride,
        false,
        c.bias,
        k0 > 0,
        isLast ? c.low : -Infinity,
        isLast ? c.high : Infinity,
        tile,
      );
      k0 += DEPTH;
    } while (k0 < depth);
    if (!dense) spread(c, first, count, results);
  }
}

/** Puts rows of results at their pixels of a grid that is not dense. */
function spread(c: Convolution, first: i32, count: i32, from: usize): void {
  const n = c.outChannels;
  const grid = c.gridHeight * c.gridWidth;
  let image = first / grid;
  const rest = first - image * grid;
  let y = rest / c.gridWidth;
  let x = rest - y * c.gridWidth;
  for (let i = 0; i < count; i++) {
    const to = c.to + <usize>image * <usize>c.toImage + <usize>y * <usize>c.toRow + <usize>x * <usize>c.toPixel;
    copyFloats(to, from, n);
    from += <usize>n * 4;
    if (++x == c.gridWidth) {
      x = 0;
      if (++y == c.gridHeight) {
        y = 0;
        image++;
      }
    }
  }
}

/**
 * One part of the sum over all windows: to[part][tap, channel, out channel] = Σ window(pixel) · dy(pixel).
 * `toImage` is the size in bytes of one such part.
 */
export function filterGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const c = changetype<Convolution>(args);
  const pixels = c.batch * c.gridHeight * c.gridWidth;
  const depth = c.filterHeight * c.filterWidth * c.channels;
  const n = c.outChannels;
  const panels = (n + PANEL - 1) / PANEL;
  const tile = c.scratch + <usize>thread * <usize>c.scratchBytes;
  const packed = tile + TILE_BYTES;
  const windows = packed + <usize>panels * <usize>c.block * 32;
  const to = c.to + <usize>part * <usize>c.toImage;
  const begin = share(pixels, c.block, part, parts);
  const last = share(pixels, c.block, part + 1, parts);
  if (begin >= last) zeroFloats(to, depth * n);
  for (let first = begin; first < last; first += c.block) {
    const count = min(c.block, last - first);
    gather(c, first, count, windows);
    const rowOfDy = <usize>(n * 4);
    packPanels(c.other + <usize>first * rowOfDy, rowOfDy, false, count, n, packed, <usize>count * 32, 0, panels);
    multiplyBlock(
      depth,
      n,
      count,
      windows,
      <usize>c.windowStride,
      true,
      packed,
      <usize>count * 32,
      to,
      <usize>(n * 4),
      false,
      0,
      first > begin,
      -Infinity,
      Infinity,
      tile,
    );
  }
}
