import { expect } from "chai";
import { memoryEstimate } from "../../../src/domain/experiment/memory-estimate.ts";
import { withOverrides } from "../../../src/domain/experiment/overrides.ts";
import { baseline, residual } from "../../../src/domain/experiment/presets.ts";
import { validateExperiment } from "../../../src/domain/experiment/validate.ts";

describe("the memory that a training takes", () => {
  /** Peak heaps of `npm run bench -- train-step`, two threads: preset, size, batch, bytes. */
  const measured = [
    [baseline, 32, 32, 64_880_640],
    [baseline, 64, 8, 145_620_992],
    [baseline, 64, 32, 209_780_736],
    [baseline, 96, 32, 470_614_016],
    [baseline, 128, 32, 797_573_120],
    [baseline, 180, 8, 1_007_353_856],
    [baseline, 180, 32, 1_405_681_664],
    [residual, 72, 64, 208_404_480],
    [residual, 112, 16, 108_068_864],
    [residual, 112, 64, 418_709_504],
  ] as const;
  for (const [preset, size, batchSize, bytes] of measured) {
    it(`is told within a quarter: ${preset.preset} at ${size} pixels, ${batchSize} a batch`, () => {
      const estimate = memoryEstimate(withOverrides(preset, { size, batchSize }), preset === residual ? 5 : 1);
      expect(estimate.bytes / bytes).to.be.within(0.75, 1.25);
    });
  }

  /** Buffers after three steps of `npm run bench -- train-step --backend webgpu`: size, batch, bytes. */
  const buffers = [
    [16, 4, 9_835_168],
    [48, 8, 68_933_444],
  ] as const;
  for (const [size, batchSize, bytes] of buffers) {
    it(`is told for WebGPU: ${size} pixels, ${batchSize} a batch`, () => {
      const estimate = memoryEstimate(withOverrides(baseline, { size, batchSize }), 1, "webgpu");
      expect(estimate.bytes / bytes).to.be.within(0.75, 1.25);
    });
  }

  it("of the notebook's network is at most 1.5 GiB on WebGPU", () => {
    expect(memoryEstimate(baseline, 1, "webgpu").bytes).to.be.at.most(1.5 * 2 ** 30);
  });

  it("is refused where one tensor is more than a GPU takes in one piece, with what would fit", () => {
    const dataset = { classNames: ["Photo", "Text"], positiveClass: "Photo", classCounts: [10, 10] };
    const limits = { backend: "webgpu", bytes: Infinity, tensorBytes: 128 * 2 ** 20 } as const;
    const counts = dataset.classCounts;
    const problem = validateExperiment(baseline, dataset, counts, limits);
    expect(problem?.code).to.equal("does-not-fit");
    expect(problem?.message).to.include("253 MiB").and.to.include("128 MiB");
    expect(problem?.remedy).to.include("“wasm”").and.not.to.include("batches");
    const side = Number(/input size of at most (\d+)/.exec(problem!.remedy)?.[1]);
    expect(side).to.be.within(100, 179);
    const fitting = (size: number) => validateExperiment(withOverrides(baseline, { size }), dataset, counts, limits);
    expect(fitting(side)).to.equal(null);
    expect(fitting(side + 1)?.code).to.equal("does-not-fit");
    expect(validateExperiment(baseline, dataset, counts, { ...limits, tensorBytes: 2 ** 30 })).to.equal(null);
  });

  it("is refused where it is more than there can be, with what would fit", () => {
    const dataset = { classNames: ["Photo", "Text"], positiveClass: "Photo", classCounts: [10, 10] };
    const large = withOverrides(baseline, { size: 400 });
    const problem = validateExperiment(large, dataset);
    expect(problem?.code).to.equal("does-not-fit");
    const side = Number(/input size of at most (\d+)/.exec(problem!.remedy)?.[1]);
    expect(validateExperiment(withOverrides(baseline, { size: side }), dataset)).to.equal(null);
    expect(validateExperiment(withOverrides(baseline, { size: side + 1 }), dataset)?.code).to.equal("does-not-fit");
  });
});
