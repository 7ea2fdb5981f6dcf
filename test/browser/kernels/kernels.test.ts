import { expect } from "chai";
import { type Remote, wrap } from "comlink";
import fc from "fast-check";
import type { OpArray, OpAttributes } from "../../../workers/engine/parity/ops.ts";
import {
  anyProduct,
  anyWindows,
  numbers,
  outChannels,
  seed,
  tied,
  winogradOutChannels,
  winogradWindows,
} from "./arbitrary.ts";
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
  type Windows,
} from "./plain-kernels.ts";

/** (module (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd …))), as the backend looks for it. */
const hasRelaxedSimd = WebAssembly.validate(
  Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
    ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 0xfd, 0x85, 2, 11],
  ),
);

const builds = [
  { simd: "simd", threads: 1, runs: true },
  { simd: "simd", threads: 3, runs: crossOriginIsolated },
  { simd: "relaxed", threads: 1, runs: hasRelaxedSimd },
  { simd: "relaxed", threads: 2, runs: hasRelaxedSimd && crossOriginIsolated },
] as const;

/** Winograd's transformations lose up to a decimal digit; sums here have at most some thousand terms of about 1. */
const tolerance = 1e-4;

function expectClose(actual: OpArray | undefined, expected: ArrayLike<number>, what: string): void {
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

for (const { simd, threads, runs } of builds) {
  describe(`wasm kernels, ${simd}, ${threads} thread(s)`, function () {
    this.timeout(240_000);
    const numRuns = 25;
    let worker: Worker;
    let backend: Remote<KernelService>;

    before(async function () {
      if (!runs) this.skip();
      worker = new Worker(new URL("./kernel-worker.ts", import.meta.url), { type: "module" });
      backend = wrap<KernelService>(worker);
      const info = await backend.start("wasm", { threads, simd });
      expect(info).to.include({ name: "wasm", threads, simd });
    });

    after(() => worker?.terminate());

    async function checkConvolution(windows: Windows, outs: number, start: number): Promise<void> {
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
    }

    it("convolves, with both gradients, for any shape", async () => {
      await fc.assert(fc.asyncProperty(anyWindows, outChannels, seed, checkConvolution), { numRuns: 2 * numRuns });
    });

    it("convolves by Winograd's way, with both gradients", async () => {
      await fc.assert(fc.asyncProperty(winogradWindows, winogradOutChannels, seed, checkConvolution), { numRuns });
    });

    it("has both gradients of depthwise convolutions", async () => {
      const multiplier = fc.integer({ min: 1, max: 3 });
      await fc.assert(
        fc.asyncProperty(anyWindows, multiplier, seed, async (windows, times, start) => {
          const { batch, height, width, channels, filterHeight, filterWidth } = windows;
          const x = numbers(start, batch, height, width, channels);
          const filter = numbers(start + 1, filterHeight, filterWidth, channels, times);
          const dy = numbers(start + 2, batch, ...gridOf(windows), channels * times);
          const attributes = { ...attributesOf(windows), filter_shape: filter.shape, input_shape: x.shape };
          const expected = depthwiseGradients(windows, times, x.data, filter.data, dy.data);
          const byInput = await backend.run("depthwise_conv2d_grad_input", attributes, { dy, filter });
          expectClose(byInput["dx"], expected.dx.data, "dx");
          const byFilter = await backend.run("depthwise_conv2d_grad_filter", attributes, { x, dy });
          expectClose(byFilter["dfilter"], expected.dfilter.data, "dfilter");
        }),
        { numRuns },
      );
    });

    it("pools, and gives the gradient to the first maximum or to the pixels that exist", async () => {
      await fc.assert(
        fc.asyncProperty(anyWindows, seed, async (windows, start) => {
          const { batch, height, width, channels } = windows;
          const x = tied(start, batch, height, width, channels);
          const dy = numbers(start + 1, batch, ...gridOf(windows), channels);
          const attributes = { ...attributesOf(windows), input_shape: x.shape };
          const expected = maxPooling(windows, x.data, dy.data);
          expectClose((await backend.run("max_pool", attributes, { x }))["y"], expected.y.data, "max y");
          expectClose((await backend.run("max_pool_grad", attributes, { x, dy }))["dx"], expected.dx.data, "max dx");
          const average = await backend.run("average_pool_grad", attributes, { dy });
          expectClose(average["dx"], averagePoolingGradient(windows, dy.data).data, "average dx");
        }),
        { numRuns },
      );
    });

    it("multiplies matrices with any side transposed", async () => {
      await fc.assert(
        fc.asyncProperty(anyProduct, seed, async (product, start) => {
          const { m, n, k, transposeA, transposeB } = product;
          const a = numbers(start, ...(transposeA ? [k, m] : [m, k]));
          const b = numbers(start + 1, ...(transposeB ? [n, k] : [k, n]));
          const attributes = { transpose_a: transposeA, transpose_b: transposeB };
          const { y } = await backend.run("matmul", attributes, { a, b });
          expectClose(y, matrixProduct(product, a.data, b.data).data, "y");
        }),
        { numRuns: 2 * numRuns },
      );
    });

    it("multiplies few rows by a deep matrix, cut along its depth", async () => {
      const product = { m: 3, n: 9, k: 9001, transposeA: false, transposeB: false };
      const a = numbers(5, 3, 9001);
      const b = numbers(6, 9001, 9);
      const { y } = await backend.run("matmul", { transpose_a: false, transpose_b: false }, { a, b });
      expectClose(y, matrixProduct(product, a.data, b.data).data, "y");
    });

    it("normalises batches, with gradients", async () => {
      const anyRows = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 4000, max: 5000 }));
      await fc.assert(
        fc.asyncProperty(anyRows, outChannels, seed, async (rows, columns, start) => {
          const epsilon = 1e-3;
          const [x, dy] = [numbers(start, rows, 1, 1, columns), numbers(start + 1, rows, 1, 1, columns)];
          const [gamma, beta] = [numbers(start + 2, columns), numbers(start + 3, columns)];
          const expected = batchNormalization(rows, columns, epsilon, x.data, gamma.data, beta.data, dy.data);
          const moving = { moving_mean: beta, moving_variance: beta };
          const inputs = { x, gamma, beta };
          const forward = await backend.run(
            "batch_norm_training",
            { epsilon, momentum: 0.5 },
            { ...inputs, ...moving },
          );
          expectClose(forward["y"], expected.y, "y");
          expectClose(forward["batch_mean"], expected.mean, "mean");
          expectClose(forward["batch_variance"], expected.variance, "variance");
          const backward = await backend.run("batch_norm_training_grad", { epsilon }, { ...inputs, dy });
          expectClose(backward["dx"], expected.dx, "dx");
          expectClose(backward["dgamma"], expected.dgamma, "dgamma");
          expectClose(backward["dbeta"], expected.dbeta, "dbeta");
        }),
        { numRuns },
      );
    });

    it("applies the gradient of a large dense kernel without storing it", async () => {
      const { difference, changed, refusal } = await backend.deferredStep();
      expect(changed).to.equal(33_000 * 128);
      expect(difference).to.equal(0);
      expect(refusal).to.match(/deferred gradient/);
    });

    it("leaves no tensor behind, and a clone of a weight as it was", async () => {
      expect(await backend.cloneSurvivesAdam()).to.equal(true);
      expect(await backend.tensors()).to.equal(0);
    });
  });
}
