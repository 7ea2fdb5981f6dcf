/**
 * 3×3 convolutions with stride 1 by Winograd's F(4×4, 3×3) (Lavin and Gray, 2016, arXiv:1509.09308): 4×4 outputs from a 6×6 tile take 36
 * products a channel pair instead of 144. A block of tiles is transformed, multiplied as 36 matrix products and transformed back
 * while it is in the second-level cache. Channels come in vectors of four, out channels in panels of eight.
 */
import { PANEL, PANEL_BYTES, ROWS, addColumns, clamp, copyFloats, fma, plainColumns, plainRows, share, zeroFloats } from "./gemm";

const POINTS: i32 = 36;
const SIDE: i32 = 6;
const OUT: i32 = 4;

@unmanaged
class Winograd {
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
function times(k: f32, a: v128, b: v128): v128 {
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

/** Where a tile lies. */
@inline
function tilesAcross(size: i32): i32 {
  return (size + OUT - 1) / OUT;
}

/** Copies the part of a tile that is inside the image to `patch` [side × side × channels], zeros around it. */
function patchOf(image: usize, height: i32, width: i32, channels: i32, top: i32, left: i32, side: i32, patch: usize): void {
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
function transformTiles(w: Winograd, first: i32, count: i32, to: usize, step: usize, temporary: usize, patch: usize): void {
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

/** Aᵀ·M·A + bias, clamped, of the tiles [first, first + count): from [36][tile][out channels] to the output. */
function transformBack(w: Winograd, first: i32, count: i32, from: usize, step: usize, temporary: usize): void {
  const across = tilesAcross(w.outWidth);
  const tiles = across * tilesAcross(w.outHeight);
  const pixel = <usize>w.outChannels * 4;
  const low = f32x4.splat(w.low);
  const high = f32x4.splat(w.high);
  for (let i = 0; i < count; i++) {
    const index = first + i;
    const image = index / tiles;
    const rest = index - image * tiles;
    const top = (rest / across) * OUT;
    const left = (rest % across) * OUT;
    const rows = min(OUT, w.outHeight - top);
    const columns = min(OUT, w.outWidth - left);
    const source = from + <usize>i * pixel;
    const target = w.to + <usize>((image * w.outHeight + top) * w.outWidth + left) * pixel;
    for (let c: usize = 0; c < pixel; c += 16) {
      const bias = w.bias == 0 ? f32x4.splat(0) : v128.load(w.bias + c);
      for (let x = 0; x < SIDE; x++) {
        const q = source + c + <usize>x * step;
        const row = SIDE * step;
        const m0 = v128.load(q);
        const m1 = v128.load(q + row);
        const m2 = v128.load(q + 2 * row);
        const m3 = v128.load(q + 3 * row);
        const m4 = v128.load(q + 4 * row);
        const m5 = v128.load(q + 5 * row);
        const sum = f32x4.add(m1, m2);
        const difference = f32x4.sub(m1, m2);
        const sum2 = f32x4.add(m3, m4);
        const difference2 = f32x4.sub(m3, m4);
        const to = temporary + <usize>x * 16;
        v128.store(to, f32x4.add(f32x4.add(m0, sum), sum2));
        v128.store(to, times(2, difference2, difference), 96);
        v128.store(to, times(4, sum2, sum), 192);
        v128.store(to, f32x4.add(times(8, difference2, difference), m5), 288);
      }
      for (let y = 0; y < rows; y++) {
        const q = temporary + <usize>(y * SIDE) * 16;
        const m1 = v128.load(q, 16);
        const m2 = v128.load(q, 32);
        const m3 = v128.load(q, 48);
        const m4 = v128.load(q, 64);
        const sum = f32x4.add(m1, m2);
        const difference = f32x4.sub(m1, m2);
        const sum2 = f32x4.add(m3, m4);
        const difference2 = f32x4.sub(m3, m4);
        const to = target + c + <usize>(y * w.outWidth) * pixel;
        const y0 = f32x4.add(f32x4.add(v128.load(q), sum), f32x4.add(sum2, bias));
        v128.store(to, clamp(y0, low, high));
        if (columns > 1) {
          v128.store(to + pixel, clamp(f32x4.add(times(2, difference2, difference), bias), low, high));
        }
        if (columns > 2) v128.store(to + 2 * pixel, clamp(f32x4.add(times(4, sum2, sum), bias), low, high));
        if (columns > 3) {
          const y3 = f32x4.add(times(8, difference2, difference), f32x4.add(v128.load(q, 80), bias));
          v128.store(to + 3 * pixel, clamp(y3, low, high));
        }
      }
    }
  }
}

/** to = clamp(bias + x ∗ filter): blocks of tiles are the parts. */
export function winogradConvolve(args: usize, part: i32, parts: i32, thread: i32): void {
  const w = changetype<Winograd>(args);
  const channels = w.channels;
  const n = w.outChannels;
  const tiles = w.batch * tilesAcross(w.outHeight) * tilesAcross(w.outWidth);
  const temporary = w.scratch + <usize>thread * <usize>w.scratchBytes;
  const patch = temporary + POINTS * 16;
  const inputs = patch + <usize>(POINTS * channels) * 4;
  const inputStep = <usize>(w.block * channels) * 4 + 64;
  const outputs = inputs + POINTS * inputStep;
  const outputStep = <usize>(w.block * n) * 4 + 64;
  const rowOfInput = <usize>channels * 4;
  const rowOfOutput = <usize>n * 4;
  const panelBytes = <usize>channels * PANEL_BYTES;
  const last = share(tiles, w.block, part + 1, parts);
  for (let first = share(tiles, w.block, part, parts); first < last; first += w.block) {
    const count = min(w.block, last - first);
    transformTiles(w, first, count, inputs, inputStep, temporary, patch);
    let b = w.other;
    for (let point = 0; point < POINTS; point++) {
      const a = inputs + <usize>point * inputStep;
      const c = outputs + <usize>point * outputStep;
      for (let j = 0; j < n; j += PANEL) {
        for (let i = 0; i < count; i += ROWS) {
          plainRows(
            channels,
            a + <usize>i * rowOfInput,
            rowOfInput,
            b,
            PANEL_BYTES,
            c + <usize>i * rowOfOutput + (<usize>j << 2),
            rowOfOutput,
            min(ROWS, count - i),
          );
        }
        b += panelBytes;
      }
    }
    transformBack(w, first, count, outputs, outputStep, temporary);
  }
}

/** G·g of three numbers, written `step` bytes apart. */
@inline
function transformTaps(g0: f32, g1: f32, g2: f32, to: usize, step: usize): void {
  const outer = g0 + g2;
  const even = g0 * (<f32>1 / 24) + g2 * (<f32>1 / 6);
  const odd = g1 * (<f32>1 / 12);
  f32.store(to, g0 * <f32>0.25);
  f32.store(to + step, (outer + g1) * (<f32>-1 / 6));
  f32.store(to + 2 * step, (outer - g1) * (<f32>-1 / 6));
  f32.store(to + 3 * step, even + odd);
  f32.store(to + 4 * step, even - odd);
  f32.store(to + 5 * step, g2);
}

/**
 * Transforms filters [3, 3, channels, outChannels] into panels [36][panel][channels][8]; turned by 180° with channels and out channels
 * exchanged (`turned`) they serve the gradient by input. Parts share the input channels of the result.
 */
export function winogradFilters(args: usize, part: i32, parts: i32, thread: i32): void {
  const w = changetype<Winograd>(args);
  const channels = w.channels;
  const n = w.outChannels;
  const isTurned = w.turned != 0;
  // Of the stored filter.
  const storedOut = isTurned ? channels : n;
  const tap = <usize>(channels * n) * 4;
  const temporary = w.scratch + <usize>thread * <usize>w.scratchBytes;
  const pointBytes = <usize>channels * <usize>n * 4;
  const last = share(channels, 1, part + 1, parts);
  for (let c = share(channels, 1, part, parts); c < last; c++) {
    for (let o = 0; o < n; o++) {
      const g = w.other + <usize>(isTurned ? o * storedOut + c : c * storedOut + o) * 4;
      for (let x = 0; x < 3; x++) {
        const q = isTurned ? g + <usize>(2 - x) * tap : g + <usize>x * tap;
        const row = 3 * tap;
        const first = f32.load(isTurned ? q + 2 * row : q);
        const third = f32.load(isTurned ? q : q + 2 * row);
        transformTaps(first, f32.load(q + row), third, temporary + <usize>x * 4, 12);
      }
      const to = w.to + <usize>(o / PANEL) * (<usize>channels * PANEL_BYTES) + <usize>c * PANEL_BYTES + <usize>(o % PANEL) * 4;
      for (let y = 0; y < SIDE; y++) {
        const q = temporary + <usize>y * 12;
        transformTaps(f32.load(q), f32.load(q, 4), f32.load(q, 8), to + <usize>(y * SIDE) * pointBytes, pointBytes);
      }
    }
  }
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
