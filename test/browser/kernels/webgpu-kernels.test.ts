/** The kernels on a GPU, computed in software here: few shapes, small ones. */
import { expect } from "chai";
import { type Remote, wrap } from "comlink";
import fc from "fast-check";
import { anyWindows, outChannels, seed } from "./arbitrary.ts";
import { checksOf } from "./checks.ts";
import type { KernelService } from "./kernel-worker.ts";

describe("webgpu kernels", function () {
  this.timeout(240_000);
  const numRuns = 5;
  let worker: Worker;
  let backend: Remote<KernelService>;
  let checks: ReturnType<typeof checksOf>;

  before(async () => {
    worker = new Worker(new URL("./kernel-worker.ts", import.meta.url), { type: "module" });
    backend = wrap<KernelService>(worker);
    checks = checksOf(backend);
    expect((await backend.start("webgpu", {})).name).to.equal("webgpu");
  });

  after(() => worker?.terminate());

  it("convolves, with both gradients, for any shape", async () => {
    await fc.assert(fc.asyncProperty(anyWindows, outChannels, seed, checks.convolution), { numRuns });
  });

  it("convolves with as many channels as fill more than one tile", () =>
    checks.convolution(
      {
        ...{ batch: 2, height: 9, width: 7, channels: 70, filterHeight: 3, filterWidth: 3 },
        ...{ strideY: 2, strideX: 1, padding: "same" },
      },
      40,
      1,
    ));

  it("pools, and gives the gradient to the first maximum or to the pixels that exist", async () => {
    await fc.assert(fc.asyncProperty(anyWindows, seed, checks.pooling), { numRuns });
  });

  it("sums, activates and adds for any number of rows and columns", async () => {
    const rows = fc.integer({ min: 1, max: 150 });
    await fc.assert(fc.asyncProperty(rows, outChannels, seed, checks.elementwise), { numRuns });
  });

  it("computes dense layers, with all gradients", async () => {
    const rows = fc.integer({ min: 1, max: 70 });
    const units = fc.integer({ min: 1, max: 40 });
    await fc.assert(fc.asyncProperty(rows, units, units, seed, checks.dense), { numRuns });
  });

  it("steps by Adam in place, with penalties and decay", async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 500 }), seed, checks.adam), { numRuns: 5 });
  });

  it("applies the gradient of a large dense kernel without storing it", async () => {
    const { difference, mean, changed, refusal } = await backend.deferredStep();
    expect(changed).to.equal(33_000 * 128);
    // The sums are the same, the order of their terms is not: where one nearly vanishes, its first step (of 0.1) feels it.
    expect(mean).to.be.below(1e-6);
    expect(difference).to.be.below(0.01);
    expect(refusal).to.match(/deferred gradient/);
  });

  it("writes and reads a tensor of several slices in place", async () => {
    const { isEqual, bytesMore } = await backend.overwriteLarge(9_000_001);
    expect(isEqual).to.equal(true);
    // No second buffer of its size is kept.
    expect(bytesMore).to.be.below(9_000_001 * 4);
  });

  it("leaves no tensor behind, and a clone of a weight as it was", async () => {
    expect(await backend.cloneSurvivesAdam()).to.equal(true);
    expect(await backend.tensors()).to.equal(0);
  });
});
