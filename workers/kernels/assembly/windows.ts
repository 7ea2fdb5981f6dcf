/** What slides a window over each channel for itself: pooling gradients and depthwise convolution gradients (NHWC). */
import { share, zeroFloats } from "./memory";

@unmanaged
class Windows {
  /** Pooling: the forward input. Depthwise: the forward input (gradient by filter) or the filter (gradient by input). */
  from: usize;
  dy: usize;
  to: usize;
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
  gridHeight: i32;
  gridWidth: i32;
  /** Depthwise: outputs for each channel. */
  multiplier: i32;
  toPart: i32;
}

/** Max-pooling; padding is −∞. The parts share the rows of the output. */
export function maxPool(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Windows>(args);
  const channels = p.channels;
  const pixelBytes = <usize>channels * 4;
  const rowBytes = <usize>(p.width * channels) * 4;
  const rows = p.batch * p.gridHeight;
  const last = share(rows, 1, part + 1, parts);
  for (let row = share(rows, 1, part, parts); row < last; row++) {
    const n = row / p.gridHeight;
    const top = (row - n * p.gridHeight) * p.strideY - p.padTop;
    const y0 = max(top, 0);
    const y1 = min(top + p.filterHeight, p.height);
    const x = p.from + <usize>(n * p.height) * rowBytes;
    let to = p.to + <usize>(row * p.gridWidth) * pixelBytes;
    for (let column = 0; column < p.gridWidth; column++) {
      const left = column * p.strideX - p.padLeft;
      const x0 = max(left, 0);
      const x1 = min(left + p.filterWidth, p.width);
      const corner = x + <usize>y0 * rowBytes + <usize>x0 * pixelBytes;
      let c = 0;
      if (ASC_FEATURE_SIMD) {
        for (; c + 4 <= channels; c += 4) {
          let best = v128.load(corner + (<usize>c << 2));
          for (let iy = y0; iy < y1; iy++) {
            let at = corner + <usize>(iy - y0) * rowBytes + (<usize>c << 2);
            for (let ix = x0; ix < x1; ix++) {
              best = f32x4.pmax(best, v128.load(at));
              at += pixelBytes;
            }
          }
          v128.store(to + (<usize>c << 2), best);
        }
      }
      for (; c < channels; c++) {
        let best = f32.load(corner + (<usize>c << 2));
        for (let iy = y0; iy < y1; iy++) {
          let at = corner + <usize>(iy - y0) * rowBytes + (<usize>c << 2);
          for (let ix = x0; ix < x1; ix++) {
            const value = f32.load(at);
            if (value > best) best = value;
            at += pixelBytes;
          }
        }
        f32.store(to + (<usize>c << 2), best);
      }
      to += pixelBytes;
    }
  }
}

/** Max-pool gradient: all of dy goes to the first maximum of its window, as in Keras. Threads share the images. */
export function maxPoolGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Windows>(args);
  const channels = p.channels;
  const image = p.height * p.width * channels;
  const pixelBytes = <usize>channels * 4;
  const rowBytes = <usize>(p.width * channels) * 4;
  const last = share(p.batch, 1, part + 1, parts);
  for (let n = share(p.batch, 1, part, parts); n < last; n++) {
    const x = p.from + <usize>n * <usize>image * 4;
    const dx = p.to + <usize>n * <usize>image * 4;
    let dy = p.dy + <usize>(n * p.gridHeight * p.gridWidth) * pixelBytes;
    zeroFloats(dx, image);
    for (let y = 0; y < p.gridHeight; y++) {
      const top = y * p.strideY - p.padTop;
      const y0 = max(top, 0);
      const y1 = min(top + p.filterHeight, p.height);
      for (let column = 0; column < p.gridWidth; column++) {
        const left = column * p.strideX - p.padLeft;
        const x0 = max(left, 0);
        const x1 = min(left + p.filterWidth, p.width);
        const corner = <usize>y0 * rowBytes + <usize>x0 * pixelBytes;
        let c = 0;
        if (ASC_FEATURE_SIMD) {
          for (; c + 4 <= channels; c += 4) {
            const begin = corner + (<usize>c << 2);
            let best = v128.load(x + begin);
            let place = i32x4.splat(<i32>begin);
            for (let iy = y0; iy < y1; iy++) {
              let at = begin + <usize>(iy - y0) * rowBytes;
              for (let ix = x0; ix < x1; ix++) {
                const value = v128.load(x + at);
                const wins = f32x4.gt(value, best);
                best = v128.bitselect(value, best, wins);
                place = v128.bitselect(i32x4.splat(<i32>at), place, wins);
                at += pixelBytes;
              }
            }
            const g = dy + (<usize>c << 2);
            let q = dx + <usize>i32x4.extract_lane(place, 0);
            f32.store(q, f32.load(q) + f32.load(g));
            q = dx + <usize>i32x4.extract_lane(place, 1);
            f32.store(q, f32.load(q, 4) + f32.load(g, 4), 4);
            q = dx + <usize>i32x4.extract_lane(place, 2);
            f32.store(q, f32.load(q, 8) + f32.load(g, 8), 8);
            q = dx + <usize>i32x4.extract_lane(place, 3);
            f32.store(q, f32.load(q, 12) + f32.load(g, 12), 12);
          }
        }
        for (; c < channels; c++) {
          const begin = corner + (<usize>c << 2);
          let best = f32.load(x + begin);
          let place = begin;
          for (let iy = y0; iy < y1; iy++) {
            let at = begin + <usize>(iy - y0) * rowBytes;
            for (let ix = x0; ix < x1; ix++) {
              const value = f32.load(x + at);
              if (value > best) {
                best = value;
                place = at;
              }
              at += pixelBytes;
            }
          }
          const q = dx + place;
          f32.store(q, f32.load(q) + f32.load(dy + (<usize>c << 2)));
        }
        dy += pixelBytes;
      }
    }
  }
}

/** Average-pool gradient: dy is shared by the pixels of its window that exist (padding does not count). Threads share the images. */
export function averagePoolGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Windows>(args);
  const channels = p.channels;
  const image = p.height * p.width * channels;
  const pixelBytes = <usize>channels * 4;
  const rowBytes = <usize>(p.width * channels) * 4;
  const last = share(p.batch, 1, part + 1, parts);
  for (let n = share(p.batch, 1, part, parts); n < last; n++) {
    const dx = p.to + <usize>n * <usize>image * 4;
    let dy = p.dy + <usize>(n * p.gridHeight * p.gridWidth) * pixelBytes;
    zeroFloats(dx, image);
    for (let y = 0; y < p.gridHeight; y++) {
      const top = y * p.strideY - p.padTop;
      const y0 = max(top, 0);
      const y1 = min(top + p.filterHeight, p.height);
      for (let column = 0; column < p.gridWidth; column++) {
        const left = column * p.strideX - p.padLeft;
        const x0 = max(left, 0);
        const x1 = min(left + p.filterWidth, p.width);
        const scale: f32 = <f32>1 / <f32>((y1 - y0) * (x1 - x0));
        for (let iy = y0; iy < y1; iy++) {
          let at = dx + <usize>iy * rowBytes + <usize>x0 * pixelBytes;
          for (let ix = x0; ix < x1; ix++) {
            addScaled(at, dy, scale, channels);
            at += pixelBytes;
          }
        }
        dy += pixelBytes;
      }
    }
  }
}

/** to[i] += from[i]·scale */
@inline
function addScaled(to: usize, from: usize, scale: f32, count: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    const s = f32x4.splat(scale);
    for (; i + 4 <= count; i += 4) {
      const at = <usize>i << 2;
      v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(from + at), s)));
    }
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    f32.store(to + at, f32.load(to + at) + f32.load(from + at) * scale);
  }
}

/** to[i] += a[i]·b[i] */
@inline
function addProducts(to: usize, a: usize, b: usize, count: i32): void {
  let i = 0;
  if (ASC_FEATURE_SIMD) {
    for (; i + 4 <= count; i += 4) {
      const at = <usize>i << 2;
      v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(a + at), v128.load(b + at))));
    }
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    f32.store(to + at, f32.load(to + at) + f32.load(a + at) * f32.load(b + at));
  }
}

/** Depthwise gradient by filter: to[part][ky, kx, c, q] = Σ x·dy over this part's images; `toPart` bytes a part. */
export function depthwiseFilterGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Windows>(args);
  const channels = p.channels;
  const multiplier = p.multiplier;
  const outs = channels * multiplier;
  const pixelBytes = <usize>channels * 4;
  const rowBytes = <usize>(p.width * channels) * 4;
  const to = p.to + <usize>part * <usize>p.toPart;
  zeroFloats(to, p.filterHeight * p.filterWidth * outs);
  const last = share(p.batch, 1, part + 1, parts);
  for (let n = share(p.batch, 1, part, parts); n < last; n++) {
    const x = p.from + <usize>n * <usize>p.height * rowBytes;
    let dy = p.dy + <usize>(n * p.gridHeight * p.gridWidth) * <usize>outs * 4;
    for (let y = 0; y < p.gridHeight; y++) {
      const top = y * p.strideY - p.padTop;
      for (let column = 0; column < p.gridWidth; column++) {
        const left = column * p.strideX - p.padLeft;
        for (let ky = max(0, -top); ky < min(p.filterHeight, p.height - top); ky++) {
          for (let kx = max(0, -left); kx < min(p.filterWidth, p.width - left); kx++) {
            const from = x + <usize>(top + ky) * rowBytes + <usize>(left + kx) * pixelBytes;
            const dw = to + <usize>((ky * p.filterWidth + kx) * outs) * 4;
            if (multiplier == 1) addProducts(dw, from, dy, channels);
            else {
              for (let c = 0; c < channels; c++) {
                const at = <usize>(c * multiplier) * 4;
                addScaled(dw + at, dy + at, f32.load(from + (<usize>c << 2)), multiplier);
              }
            }
          }
        }
        dy += <usize>outs * 4;
      }
    }
  }
}

/** Depthwise gradient by input: threads share the images. */
export function depthwiseInputGradient(args: usize, part: i32, parts: i32, thread: i32): void {
  const p = changetype<Windows>(args);
  const channels = p.channels;
  const multiplier = p.multiplier;
  const outs = channels * multiplier;
  const pixelBytes = <usize>channels * 4;
  const rowBytes = <usize>(p.width * channels) * 4;
  const last = share(p.batch, 1, part + 1, parts);
  for (let n = share(p.batch, 1, part, parts); n < last; n++) {
    const dx = p.to + <usize>n * <usize>p.height * rowBytes;
    let dy = p.dy + <usize>(n * p.gridHeight * p.gridWidth) * <usize>outs * 4;
    zeroFloats(dx, p.height * p.width * channels);
    for (let y = 0; y < p.gridHeight; y++) {
      const top = y * p.strideY - p.padTop;
      for (let column = 0; column < p.gridWidth; column++) {
        const left = column * p.strideX - p.padLeft;
        for (let ky = max(0, -top); ky < min(p.filterHeight, p.height - top); ky++) {
          for (let kx = max(0, -left); kx < min(p.filterWidth, p.width - left); kx++) {
            const to = dx + <usize>(top + ky) * rowBytes + <usize>(left + kx) * pixelBytes;
            const filter = p.from + <usize>((ky * p.filterWidth + kx) * outs) * 4;
            if (multiplier == 1) addProducts(to, filter, dy, channels);
            else {
              for (let c = 0; c < channels; c++) {
                let sum: f32 = 0;
                for (let q = 0; q < multiplier; q++) {
                  const at = <usize>(c * multiplier + q) * 4;
                  sum += f32.load(filter + at) * f32.load(dy + at);
                }
                const at = to + (<usize>c << 2);
                f32.store(at, f32.load(at) + sum);
              }
            }
          }
        }
        dy += <usize>outs * 4;
      }
    }
  }
}
