/**
 * 3×3 convolutions with stride 1 by Winograd's F(4×4, 3×3) (Lavin and Gray, 2016, arXiv:1509.09308): 4×4 outputs from a 6×6 tile take 36
 * products a channel pair instead of 144. A block of tiles is transformed, multiplied as 36 matrix products and transformed back
 * while it is in the second-level cache. Channels come in vectors of four, out channels in panels of eight.
 */
import { share } from "./memory";
import { PANEL, PANEL_BYTES, ROWS, clamp, plainRows } from "./tile";
import { OUT, POINTS, SIDE, Winograd, tilesAcross, times, transformTiles } from "./winograd-transforms";

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

/** G·g of three vectors, written `step` bytes apart. */
@inline
function transformTaps(g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  const sixth = f32x4.splat(<f32>-1 / 6);
  const outer = f32x4.add(g0, g2);
  const even = f32x4.add(f32x4.mul(g0, f32x4.splat(<f32>1 / 24)), f32x4.mul(g2, f32x4.splat(<f32>1 / 6)));
  const odd = f32x4.mul(g1, f32x4.splat(<f32>1 / 12));
  v128.store(to, f32x4.mul(g0, f32x4.splat(0.25)));
  v128.store(to + step, f32x4.mul(f32x4.add(outer, g1), sixth));
  v128.store(to + 2 * step, f32x4.mul(f32x4.sub(outer, g1), sixth));
  v128.store(to + 3 * step, f32x4.add(even, odd));
  v128.store(to + 4 * step, f32x4.sub(even, odd));
  v128.store(to + 5 * step, g2);
}

/** Four floats `step` bytes apart. */
@inline
function gather(from: usize, step: usize): v128 {
  let value = v128.load32_zero(from);
  value = v128.load32_lane(from + step, value, 1);
  value = v128.load32_lane(from + 2 * step, value, 2);
  return v128.load32_lane(from + 3 * step, value, 3);
}

/**
 * Transforms filters [3, 3, channels, outChannels] into panels [36][panel][channels][8], four out channels at a time; turned by 180° with channels
 * and out channels exchanged (`turned`) they serve the gradient by input. Parts share the input channels of the result.
 */
export function winogradFilters(args: usize, part: i32, parts: i32, thread: i32): void {
  const w = changetype<Winograd>(args);
  const channels = w.channels;
  const n = w.outChannels;
  const isTurned = w.turned != 0;
  // Of the stored filter.
  const storedRow = <usize>(isTurned ? channels : n) * 4;
  const tap = <usize>(channels * n) * 4;
  const temporary = w.scratch + <usize>thread * <usize>w.scratchBytes;
  const pointBytes = <usize>channels * <usize>n * 4;
  const last = share(channels, 1, part + 1, parts);
  for (let c = share(channels, 1, part, parts); c < last; c++) {
    for (let o = 0; o < n; o += 4) {
      for (let x = 0; x < 3; x++) {
        let first: v128;
        let second: v128;
        let third: v128;
        if (isTurned) {
          const q = w.other + <usize>o * storedRow + (<usize>c << 2) + <usize>(2 - x) * tap;
          first = gather(q + 6 * tap, storedRow);
          second = gather(q + 3 * tap, storedRow);
          third = gather(q, storedRow);
        } else {
          const q = w.other + <usize>c * storedRow + (<usize>o << 2) + <usize>x * tap;
          first = v128.load(q);
          second = v128.load(q + 3 * tap);
          third = v128.load(q + 6 * tap);
        }
        transformTaps(first, second, third, temporary + <usize>x * 16, 48);
      }
      const to = w.to + <usize>(o / PANEL) * (<usize>channels * PANEL_BYTES) + <usize>c * PANEL_BYTES + <usize>(o % PANEL) * 4;
      for (let y = 0; y < SIDE; y++) {
        const q = temporary + <usize>y * 48;
        const row = to + <usize>(y * SIDE) * pointBytes;
        transformTaps(v128.load(q), v128.load(q, 16), v128.load(q, 32), row, pointBytes);
      }
    }
  }
}
