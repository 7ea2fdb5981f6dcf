/** Winograd's transformations of tiles, as in winograd.ts, and what both directions share. */
import { copyFloats, zeroFloats } from "./memory";
import { fma } from "./tile";

export const POINTS: i32 = 36;
export const SIDE: i32 = 6;
export const OUT: i32 = 4;

@unmanaged
export class Winograd {
  /** [batch, height, width, channels] */
  from: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  padTop: i32;
  padLeft: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  /** Transformed filters [36][panel][channels][8] (forward), dy (gradient by filter), or the filter to transform. */
  other: usize;
  to: usize;
  bias: usize;
  low: f32;
  high: f32;
  scratch: usize;
  scratchBytes: i32;
  /** Tiles at a time. */
  block: i32;
  /** Gradient by filter: bytes between partial sums, and how many. */
  partBytes: i32;
  parts: i32;
  /** Filters: turned by 180° and transposed, for the gradient by input. */
  turned: i32;
}

@inline
export function times(k: f32, a: v128, b: v128): v128 {
  return fma(f32x4.splat(k), a, b);
}

/** Bᵀ·d for six vectors `fromStep` apart. */
@inline
function transformInput(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from);
  const d1 = v128.load(from + fromStep);
  const d2 = v128.load(from + 2 * fromStep);
  const d3 = v128.load(from + 3 * fromStep);
  const d4 = v128.load(from + 4 * fromStep);
  const d5 = v128.load(from + 5 * fromStep);
  const a = times(-4, d2, d4);
  const b = times(-4, d1, d3);
  const c = f32x4.sub(d4, d2);
  const e = f32x4.sub(d3, d1);
  v128.store(to, times(4, d0, times(-5, d2, d4)));
  v128.store(to + toStep, f32x4.add(a, b));
  v128.store(to + 2 * toStep, f32x4.sub(a, b));
  v128.store(to + 3 * toStep, times(2, e, c));
  v128.store(to + 4 * toStep, times(-2, e, c));
  v128.store(to + 5 * toStep, times(4, d1, times(-5, d3, d5)));
}

/** Where a tile lies. */
@inline
export function tilesAcross(size: i32): i32 {
  return (size + OUT - 1) / OUT;
}

/** Copies the part of a tile that is inside the image to `patch` [side × side × channels], zeros around it. */
export function patchOf(image: usize, height: i32, width: i32, channels: i32, top: i32, left: i32, side: i32, patch: usize): void {
  const begin = max(0, -left);
  const end = min(side, width - left);
  const row = side * channels;
  for (let y = 0; y < side; y++) {
    const to = patch + <usize>(y * row) * 4;
    const iy = top + y;
    if (iy < 0 || iy >= height || end <= begin) {
      zeroFloats(to, row);
    } else {
      zeroFloats(to, begin * channels);
      copyFloats(
        to + <usize>(begin * channels) * 4,
        image + <usize>((iy * width + left + begin) * channels) * 4,
        (end - begin) * channels,
      );
      zeroFloats(to + <usize>(end * channels) * 4, (side - end) * channels);
    }
  }
}

/** Transforms the tiles [first, first + count) of the input into `to` [36][tile][channels], positions `step` bytes apart. */
export function transformTiles(w: Winograd, first: i32, count: i32, to: usize, step: usize, temporary: usize, patch: usize): void {
  const across = tilesAcross(w.outWidth);
  const tiles = across * tilesAcross(w.outHeight);
  const channels = w.channels;
  for (let i = 0; i < count; i++) {
    const index = first + i;
    const image = index / tiles;
    const rest = index - image * tiles;
    const top = (rest / across) * OUT - w.padTop;
    const left = (rest % across) * OUT - w.padLeft;
    const source = w.from + <usize>image * <usize>(w.height * w.width * channels) * 4;
    let tile: usize;
    let row: usize;
    if (top >= 0 && left >= 0 && top + SIDE <= w.height && left + SIDE <= w.width) {
      tile = source + <usize>((top * w.width + left) * channels) * 4;
      row = <usize>(w.width * channels) * 4;
    } else {
      patchOf(source, w.height, w.width, channels, top, left, SIDE, patch);
      tile = patch;
      row = <usize>(SIDE * channels) * 4;
    }
    const pixel = <usize>channels * 4;
    const target = to + <usize>i * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      for (let x = 0; x < SIDE; x++) {
        transformInput(tile + c + <usize>x * pixel, row, temporary + <usize>x * 16, SIDE * 16);
      }
      for (let y = 0; y < SIDE; y++) {
        transformInput(temporary + <usize>(y * SIDE) * 16, 16, target + c + <usize>(y * SIDE) * step, step);
      }
    }
  }
}
