/** The operations as plain loops in double precision: what the kernels are compared with. */

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export interface Windows {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly padding: "same" | "valid";
}

interface Axis {
  readonly out: number;
  readonly before: number;
}

/** TensorFlow's padding: the odd pixel goes after. */
function axisOf(size: number, filter: number, stride: number, padding: "same" | "valid"): Axis {
  if (padding === "valid") return { out: Math.floor((size - filter) / stride) + 1, before: 0 };
  const out = Math.ceil(size / stride);
  const total = Math.max((out - 1) * stride + filter - size, 0);
  return { out, before: Math.floor(total / 2) };
}

export function gridOf(windows: Windows): readonly [number, number] {
  const { height, width, filterHeight, filterWidth, strideY, strideX, padding } = windows;
  return [axisOf(height, filterHeight, strideY, padding).out, axisOf(width, filterWidth, strideX, padding).out];
}

/** Calls `visit` for each window position and each tap of it that lies inside the image. */
function eachTap(
  windows: Windows,
  visit: (pixel: number, outPixel: number, tap: number, isFirstOfWindow: boolean) => void,
): void {
  const { batch, height, width, filterHeight, filterWidth, strideY, strideX, padding } = windows;
  const rows = axisOf(height, filterHeight, strideY, padding);
  const columns = axisOf(width, filterWidth, strideX, padding);
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < rows.out; oy++) {
      for (let ox = 0; ox < columns.out; ox++) {
        const outPixel = (n * rows.out + oy) * columns.out + ox;
        let isFirst = true;
        for (let ky = 0; ky < filterHeight; ky++) {
          for (let kx = 0; kx < filterWidth; kx++) {
            const y = oy * strideY - rows.before + ky;
            const x = ox * strideX - columns.before + kx;
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            visit((n * height + y) * width + x, outPixel, ky * filterWidth + kx, isFirst);
            isFirst = false;
          }
        }
      }
    }
  }
}

function outShape(windows: Windows, channels: number): number[] {
  return [windows.batch, ...gridOf(windows), channels];
}

function zeros(shape: readonly number[]): Numbers {
  return { shape, data: new Float64Array(shape.reduce((product, side) => product * side, 1)) };
}

type Values = ArrayLike<number>;

export function convolution(windows: Windows, outs: number, x: Values, filter: Values): Numbers {
  const y = zeros(outShape(windows, outs));
  const { channels } = windows;
  eachTap(windows, (pixel, outPixel, tap) => {
    for (let c = 0; c < channels; c++) {
      for (let o = 0; o < outs; o++) {
        y.data[outPixel * outs + o]! += x[pixel * channels + c]! * filter[(tap * channels + c) * outs + o]!;
      }
    }
  });
  return y;
}

export function convolutionGradients(
  windows: Windows,
  outs: number,
  x: Values,
  filter: Values,
  dy: Values,
): { readonly dx: Numbers; readonly dfilter: Numbers } {
  const { batch, height, width, channels, filterHeight, filterWidth } = windows;
  const dx = zeros([batch, height, width, channels]);
  const dfilter = zeros([filterHeight, filterWidth, channels, outs]);
  eachTap(windows, (pixel, outPixel, tap) => {
    for (let c = 0; c < channels; c++) {
      for (let o = 0; o < outs; o++) {
        const weight = (tap * channels + c) * outs + o;
        dx.data[pixel * channels + c]! += dy[outPixel * outs + o]! * filter[weight]!;
        dfilter.data[weight]! += dy[outPixel * outs + o]! * x[pixel * channels + c]!;
      }
    }
  });
  return { dx, dfilter };
}

export function depthwiseGradients(
  windows: Windows,
  multiplier: number,
  x: Values,
  filter: Values,
  dy: Values,
): { readonly dx: Numbers; readonly dfilter: Numbers } {
  const { batch, height, width, channels, filterHeight, filterWidth } = windows;
  const dx = zeros([batch, height, width, channels]);
  const dfilter = zeros([filterHeight, filterWidth, channels, multiplier]);
  eachTap(windows, (pixel, outPixel, tap) => {
    for (let c = 0; c < channels; c++) {
      for (let q = 0; q < multiplier; q++) {
        const weight = (tap * channels + c) * multiplier + q;
        const gradient = dy[(outPixel * channels + c) * multiplier + q]!;
        dx.data[pixel * channels + c]! += gradient * filter[weight]!;
        dfilter.data[weight]! += gradient * x[pixel * channels + c]!;
      }
    }
  });
  return { dx, dfilter };
}

/** Max-pooling, and its gradient: all of dy to the first maximum. */
export function maxPooling(windows: Windows, x: Values, dy: Values): { readonly y: Numbers; readonly dx: Numbers } {
  const { batch, height, width, channels } = windows;
  const y = zeros(outShape(windows, channels));
  const dx = zeros([batch, height, width, channels]);
  const winners = new Int32Array(y.data.length);
  eachTap(windows, (pixel, outPixel, _tap, isFirst) => {
    for (let c = 0; c < channels; c++) {
      const out = outPixel * channels + c;
      const value = x[pixel * channels + c]!;
      if (!isFirst && value <= y.data[out]!) continue;
      y.data[out] = value;
      winners[out] = pixel;
    }
  });
  winners.forEach((pixel, out) => (dx.data[pixel * channels + (out % channels)]! += dy[out]!));
  return { y, dx };
}

/** dy shared by the pixels that exist. */
export function averagePoolingGradient(windows: Windows, dy: Values): Numbers {
  const { batch, height, width, channels } = windows;
  const counts = new Float64Array(outShape(windows, 1).reduce((product, side) => product * side, 1));
  eachTap(windows, (_pixel, outPixel) => (counts[outPixel]! += 1));
  const dx = zeros([batch, height, width, channels]);
  eachTap(windows, (pixel, outPixel) => {
    for (let c = 0; c < channels; c++)
      dx.data[pixel * channels + c]! += dy[outPixel * channels + c]! / counts[outPixel]!;
  });
  return dx;
}

export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

export function matrixProduct({ m, n, k, transposeA, transposeB }: Product, a: Values, b: Values): Numbers {
  const y = zeros([m, n]);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let q = 0; q < k; q++)
        sum += a[transposeA ? q * m + i : i * k + q]! * b[transposeB ? j * k + q : q * n + j]!;
      y.data[i * n + j] = sum;
    }
  }
  return y;
}

/** Batch normalisation over rows × columns in training, and its gradients (Ioffe and Szegedy, 2015). */
export function batchNormalization(
  rows: number,
  columns: number,
  epsilon: number,
  x: Values,
  gamma: Values,
  beta: Values,
  dy: Values,
): Record<"y" | "mean" | "variance" | "dx" | "dgamma" | "dbeta", Float64Array> {
  const [y, dx] = [new Float64Array(rows * columns), new Float64Array(rows * columns)];
  const [mean, variance, dgamma, dbeta] = [0, 0, 0, 0].map(() => new Float64Array(columns)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let c = 0; c < columns; c++) {
    const at = (row: number): number => row * columns + c;
    for (let row = 0; row < rows; row++) mean[c]! += x[at(row)]! / rows;
    for (let row = 0; row < rows; row++) variance[c]! += (x[at(row)]! - mean[c]!) ** 2 / rows;
    const inverse = 1 / Math.sqrt(variance[c]! + epsilon);
    for (let row = 0; row < rows; row++) {
      const normal = (x[at(row)]! - mean[c]!) * inverse;
      y[at(row)] = normal * gamma[c]! + beta[c]!;
      dgamma[c]! += dy[at(row)]! * normal;
      dbeta[c]! += dy[at(row)]!;
    }
    for (let row = 0; row < rows; row++) {
      const normal = (x[at(row)]! - mean[c]!) * inverse;
      dx[at(row)] = gamma[c]! * inverse * (dy[at(row)]! - dbeta[c]! / rows - (normal * dgamma[c]!) / rows);
    }
  }
  return { y, mean, variance, dx, dgamma, dbeta };
}
