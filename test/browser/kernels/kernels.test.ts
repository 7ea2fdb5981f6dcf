import { expect } from "chai";
import { type Remote, wrap } from "comlink";
import fc from "fast-check";
import { anyProduct, anyWindows, outChannels, seed, winogradOutChannels, winogradWindows } from "./arbitrary.ts";
import { checksOf } from "./checks.ts";
import type { KernelService } from "./kernel-worker.ts";

/** (module (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd …))), as the backend looks for it. */
const hasRelaxedSimd = WebAssembly.validate(
  Uint8Array.of(
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
    ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 0xfd, 0x85, 2, 11],
  ),
);

const builds = [
  { simd: "none", threads: 1, runs: true },
  { simd: "simd", threads: 1, runs: true },
  { simd: "simd", threads: 3, runs: crossOriginIsolated },
  { simd: "relaxed", threads: 1, runs: hasRelaxedSimd },
  { simd: "relaxed", threads: 2, runs: hasRelaxedSimd && crossOriginIsolated },
] as const;

for (const { simd, threads, runs } of builds) {
  describe(`wasm kernels, ${simd}, ${threads} thread(s)`, function () {
    this.timeout(240_000);
    const numRuns = 25;
    let worker: Worker;
    let backend: Remote<KernelService>;
    let checks: ReturnType<typeof checksOf>;

    before(async function () {
      if (!runs) this.skip();
      worker = new Worker(new URL("./kernel-worker.ts", import.meta.url), { type: "module" });
      backend = wrap<KernelService>(worker);
      checks = checksOf(backend);
      const info = await backend.start("wasm", { threads, simd });
      expect(info).to.include({ name: "wasm", threads, simd });
    });

    after(() => worker?.terminate());

    it("convolves, with both gradients, for any shape", async () => {
      await fc.assert(fc.asyncProperty(anyWindows, outChannels, seed, checks.convolution), { numRuns: 2 * numRuns });
    });

    it("convolves by Winograd's way, with both gradients", async () => {
      await fc.assert(fc.asyncProperty(winogradWindows, winogradOutChannels, seed, checks.convolution), { numRuns });
    });

    it("knows when a filter that it has prepared is another, and keeps none that is gone", async () => {
      const { difference, bytesMore } = await backend.changingFilter();
      expect(difference).to.equal(0);
      expect(bytesMore).to.equal(0);
    });

    it("has both gradients of depthwise convolutions", async () => {
      const multiplier = fc.integer({ min: 1, max: 3 });
      await fc.assert(fc.asyncProperty(anyWindows, multiplier, seed, checks.depthwise), { numRuns });
    });

    it("pools, and gives the gradient to the first maximum or to the pixels that exist", async () => {
      await fc.assert(fc.asyncProperty(anyWindows, seed, checks.pooling), { numRuns });
    });

    it("multiplies matrices with any side transposed", async () => {
      await fc.assert(fc.asyncProperty(anyProduct, seed, checks.product), { numRuns: 2 * numRuns });
    });

    it("multiplies few rows by a deep matrix, cut along its depth", () =>
      checks.product({ m: 3, n: 9, k: 9001, transposeA: false, transposeB: false }, 5));

    it("computes dense layers, with all gradients", async () => {
      const rows = fc.integer({ min: 1, max: 70 });
      const units = fc.integer({ min: 1, max: 40 });
      await fc.assert(fc.asyncProperty(rows, units, units, seed, checks.dense), { numRuns });
    });

    it("sums, activates and adds for any number of rows and columns", async () => {
      const rows = fc.integer({ min: 1, max: 150 });
      await fc.assert(fc.asyncProperty(rows, outChannels, seed, checks.elementwise), { numRuns });
    });

    it("normalises batches, with gradients", async () => {
      const rows = fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 4000, max: 5000 }));
      await fc.assert(fc.asyncProperty(rows, outChannels, seed, checks.normalization), { numRuns });
    });

    it("steps by Adam in place, with penalties and decay", async () => {
      await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), seed, checks.adam), { numRuns });
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
