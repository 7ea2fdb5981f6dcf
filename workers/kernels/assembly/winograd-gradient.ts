/** The gradient by filter of a 3×3 convolution by Winograd's way: the transformations of winograd.ts, transposed. */
import { share, zeroFloats } from "./memory";
import { PANEL, ROWS, addColumns, plainColumns } from "./tile";
import { OUT, POINTS, SIDE, Winograd, patchOf, tilesAcross, times, transformTiles } from "./winograd-transforms";

/** A·y for four vectors. */
@inline
function transformGradient(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const y0 = v128.load(from);
  const y1 = v128.load(from + fromStep);
  const y2 = v128.load(from + 2 * fromStep);
  const y3 = v128.load(from + 3 * fromStep);
  const even = f32x4.add(y0, y2);
  const odd = f32x4.add(y1, y3);
  const wide = times(4, y2, y0);
  const far = times(8, y3, f32x4.add(y1, y1));
  v128.store(to, y0);
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(wide, far));
  v128.store(to + 4 * toStep, f32x4.sub(wide, far));
  v128.store(to + 5 * toStep, y3);
}

/** Transforms 4×4 tiles of dy into `to` [36][tile][out channels]. */
function transformGradients(w: Winograd, first: i32, count: i32, to: usize, step: usize, temporary: usize, patch: usize): void {
  const across = tilesAcross(w.outWidth);
  const tiles = across * tilesAcross(w.outHeight);
  const n = w.outChannels;
  const pixel = <usize>n * 4;
  for (let i = 0; i < count; i++) {
    const index = first + i;
    const image = index / tiles;
    const rest = index - image * tiles;
    const top = (rest / across) * OUT;
    const left = (rest % across) * OUT;
    const source = w.other + <usize>image * <usize>(w.outHeight * w.outWidth) * pixel;
    let tile: usize;
    let row: usize;
    if (top + OUT <= w.outHeight && left + OUT <= w.outWidth) {
      tile = source + <usize>(top * w.outWidth + left) * pixel;
      row = <usize>w.outWidth * pixel;
    } else {
      patchOf(source, w.outHeight, w.outWidth, n, top, left, OUT, patch);
      tile = patch;
      row = <usize>OUT * pixel;
    }
    const target = to + <usize>i * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      for (let x = 0; x < OUT; x++) {
        transformGradient(tile + c + <usize>x * pixel, row, temporary + <usize>x * 16, OUT * 16);
      }
      for (let y = 0; y < SIDE; y++) {
        transformGradient(temporary + <usize>(y * OUT) * 16, 16, target + c + <usize>(y * SIDE) * step, step);
      }
    }
  }
}

/**
 * The gradient by filter, before it is transformed back: to[part][36][channels][out channels] = Σ over the tiles of this part of
 * (Bᵀ·x·B)ᵀ·(A·dy·Aᵀ).
 */
export function winogradFilterGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const w = changetype<Winograd>(args);
  const channels = w.channels;
  const n = w.outChannels;
  const tiles = w.batch * tilesAcross(w.outHeight) * tilesAcross(w.outWidth);
  const temporary = w.scratch + <usize>thread * <usize>w.scratchBytes;
  const patch = temporary + POINTS * 16;
  const inputs = patch + <usize>(POINTS * max(channels, n)) * 4;
  const inputStep = <usize>(w.block * channels) * 4 + 64;
  const gradients = inputs + POINTS * inputStep;
  const gradientStep = <usize>(w.block * n) * 4 + 64;
  const rowOfInput = <usize>channels * 4;
  const rowOfGradient = <usize>n * 4;
  const to = w.to + <usize>part * <usize>w.partBytes;
  const begin = share(tiles, w.block, part, parts);
  const last = share(tiles, w.block, part + 1, parts);
  if (begin >= last) zeroFloats(to, POINTS * channels * n);
  for (let first = begin; first < last; first += w.block) {
    const count = min(w.block, last - first);
    transformTiles(w, first, count, inputs, inputStep, temporary, patch);
    transformGradients(w, first, count, gradients, gradientStep, temporary, patch);
    let c = to;
    for (let point = 0; point < POINTS; point++) {
      const a = inputs + <usize>point * inputStep;
      const b = gradients + <usize>point * gradientStep;
      for (let i = 0; i < channels; i += ROWS) {
        const rows = min(ROWS, channels - i);
        const ai = a + (<usize>i << 2);
        for (let j = 0; j < n; j += PANEL) {
          const bj = b + (<usize>j << 2);
          const cj = c + (<usize>j << 2);
          if (first == begin) plainColumns(count, ai, rowOfInput, bj, rowOfGradient, cj, rowOfGradient, rows);
          else addColumns(count, ai, rowOfInput, bj, rowOfGradient, cj, rowOfGradient, rows);
        }
        c += <usize>rows * rowOfGradient;
      }
    }
  }
}

/** Gᵀ·u of six vectors. */
@inline
function gatherTaps(from: usize, step: usize, to: usize, toStep: usize): void {
  const u0 = v128.load(from);
  const u1 = v128.load(from + step);
  const u2 = v128.load(from + 2 * step);
  const u3 = v128.load(from + 3 * step);
  const u4 = v128.load(from + 4 * step);
  const u5 = v128.load(from + 5 * step);
  const sum = f32x4.add(u1, u2);
  const difference = f32x4.sub(u2, u1);
  const sum2 = f32x4.add(u3, u4);
  const difference2 = f32x4.sub(u3, u4);
  const sixth: f32 = <f32>1 / 6;
  const twelfth: f32 = <f32>1 / 12;
  const less = f32x4.mul(sum, f32x4.splat(-sixth));
  v128.store(to, times(0.25, u0, times(<f32>1 / 24, sum2, less)));
  v128.store(to + toStep, times(sixth, difference, f32x4.mul(difference2, f32x4.splat(twelfth))));
  v128.store(to + 2 * toStep, f32x4.add(times(sixth, sum2, less), u5));
}

/** dfilter [3, 3, channels, outChannels] from the partial sums of winogradFilterGradient (`other`). Parts share the channels. */
export function winogradFilterGradientEnd(args: usize, part: i32, parts: i32, thread: i32): void {
  const w = changetype<Winograd>(args);
  const n = w.outChannels;
  const pointBytes = <usize>(w.channels * n) * 4;
  const temporary = w.scratch + <usize>thread * <usize>w.scratchBytes;
  const totals = temporary + POINTS * 16;
  const last = share(w.channels, 1, part + 1, parts);
  for (let c = share(w.channels, 1, part, parts); c < last; c++) {
    for (let o = 0; o < n; o += 4) {
      const offset = <usize>(c * n + o) * 4;
      for (let point = 0; point < POINTS; point++) {
        let from = w.other + offset + <usize>point * pointBytes;
        let sum = v128.load(from);
        for (let slice = 1; slice < w.parts; slice++) {
          from += <usize>w.partBytes;
          sum = f32x4.add(sum, v128.load(from));
        }
        v128.store(totals + <usize>point * 16, sum);
      }
      for (let x = 0; x < SIDE; x++) gatherTaps(totals + <usize>x * 16, SIDE * 16, temporary + <usize>x * 16, SIDE * 16);
      for (let y = 0; y < 3; y++) {
        gatherTaps(temporary + <usize>(y * SIDE) * 16, 16, w.to + offset + <usize>(y * 3) * pointBytes, pointBytes);
      }
    }
  }
}
