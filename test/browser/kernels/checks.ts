/** Properties that the kernels of every backend and build must have, against plain loops. */
import { expect } from "chai";
import type { Remote } from "comlink";
import type { OpArray, OpAttributes } from "../../../workers/engine/parity/ops.ts";
import { numbers, tied } from "./arbitrary.ts";
import type { KernelService } from "./kernel-worker.ts";
import {
  averagePoolingGradient,
  batchNormalization,
  convolution,
  convolutionGradients,
  depthwiseGradients,
  gridOf,
  matrixProduct,
  maxPooling,
  type Product,
  type Windows,
} from "./plain-kernels.ts";

/** Winograd's transformations lose up to a decimal digit; sums here have at most some thousand terms of about 1. */
const tolerance = 1e-4;

export function expectClose(actual: OpArray | undefined, expected: ArrayLike<number>, what: string): void {
  expect(actual, what).not.to.equal(undefined);
  const values = actual!.data;
  expect(values.length, `${what}: count`).to.equal(expected.length);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(values[i]! - expected[i]!);
    // Written so that a NaN fails.
    if (!(difference <= tolerance * largest)) {
      expect.fail(`${what}[${i}] is ${values[i]!}, not ${expected[i]!} (shape ${actual!.shape.join("×")})`);
    }
  }
}

function attributesOf(windows: Windows): OpAttributes {
  const { filterHeight, filterWidth, strideY, strideX, padding } = windows;
  return { strides: [strideY, strideX], padding, filter_size: [filterHeight, filterWidth] };
}

/** The checks of one backend; all arrays are made up from the seed `start`. */
export function checksOf(backend: Remote<KernelService>) {
  return {
    /** Forward, both gradients, and fused with bias and relu. */
    async convolution(windows: Windows, outs: number, start: number): Promise<void> {
      const { batch, height, width, channels, filterHeight, filterWidth } = windows;
      const x = numbers(start, batch, height, width, channels);
      const filter = numbers(start + 1, filterHeight, filterWidth, channels, outs);
      const dy = numbers(start + 2, batch, ...gridOf(windows), outs);
      const attributes = { ...attributesOf(windows), filter_shape: filter.shape, input_shape: x.shape };
      const y = convolution(windows, outs, x.data, filter.data);
      const expected = convolutionGradients(windows, outs, x.data, filter.data, dy.data);
      const forward = await backend.run("conv2d", attributes, { x, filter });
      expect(forward["y"]?.shape).to.deep.equal(y.shape);
      expectClose(forward["y"], y.data, "y");
      const byInput = await backend.run("conv2d_grad_input", attributes, { dy, filter });
      expectClose(byInput["dx"], expected.dx.data, "dx");
      const byFilter = await backend.run("conv2d_grad_filter", attributes, { x, dy });
      expectClose(byFilter["dfilter"], expected.dfilter.data, "dfilter");
      const bias = numbers(start + 3, outs);
      const fused = await backend.run("fused_conv2d", { ...attributes, activation: "relu" }, { x, filter, bias });
      expectClose(
        fused["y"],
        y.data.map((value, i) => Math.max(0, value + bias.data[i % outs]!)),
        "relu(y + bias)",
      );
    },

    async depthwise(windows: Windows, multiplier: number, start: number): Promise<void> {
      const { batch, height, width, channels, filterHeight, filterWidth } = windows;
      const x = numbers(start, batch, height, width, channels);
      const filter = numbers(start + 1, filterHeight, filterWidth, channels, multiplier);
      const dy = numbers(start + 2, batch, ...gridOf(windows), channels * multiplier);
      const attributes = { ...attributesOf(windows), filter_shape: filter.shape, input_shape: x.shape };
      const expected = depthwiseGradients(windows, multiplier, x.data, filter.data, dy.data);
      const byInput = await backend.run("depthwise_conv2d_grad_input", attributes, { dy, filter });
      expectClose(byInput["dx"], expected.dx.data, "dx");
      const byFilter = await backend.run("depthwise_conv2d_grad_filter", attributes, { x, dy });
      expectClose(byFilter["dfilter"], expected.dfilter.data, "dfilter");
    },

    /** Windows full of ties: the gradient of a maximum goes to the first. */
    async pooling(windows: Windows, start: number): Promise<void> {
      const { batch, height, width, channels } = windows;
      const x = tied(start, batch, height, width, channels);
      const dy = numbers(start + 1, batch, ...gridOf(windows), channels);
      const attributes = { ...attributesOf(windows), input_shape: x.shape };
      const expected = maxPooling(windows, x.data, dy.data);
      expectClose((await backend.run("max_pool", attributes, { x }))["y"], expected.y.data, "max y");
      expectClose((await backend.run("max_pool_grad", attributes, { x, dy }))["dx"], expected.dx.data, "max dx");
      const average = await backend.run("average_pool_grad", attributes, { dy });
      expectClose(average["dx"], averagePoolingGradient(windows, dy.data).data, "average dx");
    },

    async product(product: Product, start: number): Promise<void> {
      const { m, n, k, transposeA, transposeB } = product;
      const a = numbers(start, ...(transposeA ? [k, m] : [m, k]));
      const b = numbers(start + 1, ...(transposeB ? [n, k] : [k, n]));
      const attributes = { transpose_a: transposeA, transpose_b: transposeB };
      const { y } = await backend.run("matmul", attributes, { a, b });
      expectClose(y, matrixProduct(product, a.data, b.data).data, "y");
    },

    /** A dense layer with bias and relu, and its gradients. */
    async dense(rows: number, inputs: number, units: number, start: number): Promise<void> {
      const x = numbers(start, rows, inputs);
      const kernel = numbers(start + 1, inputs, units);
      const bias = numbers(start + 2, units);
      const dy = numbers(start + 3, rows, units);
      const attributes: OpAttributes = { activation: "relu" };
      const whole = { m: rows, n: units, k: inputs, transposeA: false, transposeB: false };
      const sums = matrixProduct(whole, x.data, kernel.data).data.map((value, i) => value + bias.data[i % units]!);
      const y = sums.map((value) => Math.max(0, value));
      expectClose((await backend.run("dense", attributes, { x, kernel, bias }))["y"], y, "relu(x·w + b)");
      const g = Array.from(dy.data, (value, i) => (sums[i]! > 0 ? value : 0));
      const gradients = await backend.run("dense_grad", attributes, { x, kernel, bias, dy });
      const byInput = { m: rows, n: inputs, k: units, transposeA: false, transposeB: true };
      expectClose(gradients["dx"], matrixProduct(byInput, g, kernel.data).data, "dx");
      const byKernel = { m: inputs, n: units, k: rows, transposeA: true, transposeB: false };
      expectClose(gradients["dkernel"], matrixProduct(byKernel, x.data, g).data, "dkernel");
      const byBias = Array.from({ length: units }, (_, j) =>
        g.filter((_value, i) => i % units === j).reduce((sum, value) => sum + value, 0),
      );
      expectClose(gradients["dbias"], byBias, "dbias");
    },

    /** Means over pixels (a group of rows a picture) and over all, relu and relu6 with their gradients, and a sum. */
    async elementwise(rows: number, columns: number, start: number): Promise<void> {
      const [x, dy] = [numbers(start, 2, rows, 1, columns), numbers(start + 1, 2, rows, 1, columns)];
      const means = Array.from({ length: 2 * columns }, (_, i) => {
        const [group, column] = [Math.floor(i / columns), i % columns];
        let sum = 0;
        for (let row = 0; row < rows; row++) sum += x.data[(group * rows + row) * columns + column]!;
        return sum / rows;
      });
      expectClose((await backend.run("global_average_pool", {}, { x }))["y"], means, "means");
      const six = { shape: x.shape, data: x.data.map((value) => value * 12) };
      for (const [op, high] of [
        ["relu_grad", Infinity],
        ["relu6_grad", 6],
      ] as const) {
        const { y, dx } = await backend.run(op, {}, { x: six, dy });
        expectClose(
          y,
          six.data.map((value) => Math.min(high, Math.max(0, value))),
          op,
        );
        expectClose(
          dx,
          dy.data.map((value, i) => (six.data[i]! > 0 && six.data[i]! < high ? value : 0)),
          `${op} dx`,
        );
      }
      const sums = await backend.sums(x, dy);
      expectClose(
        sums.added,
        x.data.map((value, i) => value + dy.data[i]!),
        "x + dy",
      );
      expectClose(sums.total, [x.data.reduce((sum, value) => sum + value, 0)], "Σ x");
      const byColumn = Array.from({ length: columns }, (_, column) =>
        x.data.filter((_value, i) => i % columns === column).reduce((sum, value) => sum + value, 0),
      );
      expectClose(sums.byColumn, byColumn, "Σ x by column");
    },

    async normalization(rows: number, columns: number, start: number): Promise<void> {
      const epsilon = 1e-3;
      const [x, dy] = [numbers(start, rows, 1, 1, columns), numbers(start + 1, rows, 1, 1, columns)];
      const [gamma, beta] = [numbers(start + 2, columns), numbers(start + 3, columns)];
      const expected = batchNormalization(rows, columns, epsilon, x.data, gamma.data, beta.data, dy.data);
      const moving = { moving_mean: beta, moving_variance: beta };
      const inputs = { x, gamma, beta };
      const forward = await backend.run("batch_norm_training", { epsilon, momentum: 0.5 }, { ...inputs, ...moving });
      expectClose(forward["y"], expected.y, "y");
      expectClose(forward["batch_mean"], expected.mean, "mean");
      expectClose(forward["batch_variance"], expected.variance, "variance");
      const backward = await backend.run("batch_norm_training_grad", { epsilon }, { ...inputs, dy });
      expectClose(backward["dx"], expected.dx, "dx");
      expectClose(backward["dgamma"], expected.dgamma, "dgamma");
      expectClose(backward["dbeta"], expected.dbeta, "dbeta");
    },

    /** Three steps of Adam with penalties and decay, on weights some of which are 0, and what the penalties cost before them. */
    async adam(count: number, start: number): Promise<void> {
      const w = tied(start, count).data;
      const gradients = numbers(start + 1, 3, count).data;
      const [l1, l2, weightDecay, learningRate] = [0.25, 0.5, 0.1, 0.01];
      const actual = await backend.adamSteps(w, gradients, { l1, l2, weightDecay, learningRate });
      const cost = w.reduce((sum, value) => sum + l1 * Math.abs(value) + l2 * value * value, 0);
      expectClose({ shape: [], data: Float32Array.of(actual.penalty) }, [cost], "penalty");
      const [weight, m, v] = [Float64Array.from(w), new Float64Array(count), new Float64Array(count)];
      for (let step = 1; step <= 3; step++) {
        const alpha = (learningRate * Math.sqrt(1 - 0.999 ** step)) / (1 - 0.9 ** step);
        for (let i = 0; i < count; i++) {
          const x = weight[i]!;
          const g = gradients[(step - 1) * count + i]! + l1 * Math.sign(x) + 2 * l2 * x;
          m[i]! += (g - m[i]!) * 0.1;
          v[i]! += (g * g - v[i]!) * 0.001;
          weight[i] = x * (1 - learningRate * weightDecay) - (alpha * m[i]!) / (Math.sqrt(v[i]!) + 1e-7);
        }
      }
      expectClose({ shape: [count], data: actual.weight }, weight, "w");
      expectClose({ shape: [count], data: actual.moment1 }, m, "m");
      expectClose({ shape: [count], data: actual.moment2 }, v, "v");
    },
  };
}
