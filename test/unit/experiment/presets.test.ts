import { expect } from "chai";
import { fixedFeatures } from "../../../src/domain/experiment/backbone.ts";
import { networkSize } from "../../../src/domain/experiment/network-size.ts";
import { withOverrides } from "../../../src/domain/experiment/overrides.ts";
import { baseline, compact, residual, presetNamed, presets } from "../../../src/domain/experiment/presets.ts";
import { learningRateAt, trainingSizeAt } from "../../../src/domain/experiment/schedule.ts";

describe("presets", () => {
  it("baseline is the notebook's network: 66,379,041 parameters at 180×180", () => {
    expect(networkSize(baseline.layers, 180, 1)).to.deep.include({ parameters: 66_379_041, outputShape: [128] });
    expect(networkSize(withOverrides(baseline, { size: 64 }).layers, 64, 1).parameters).to.equal(8_412_449);
    expect(baseline).to.deep.include({ epochs: 20, batchSize: 32, seed: 42, output: "binary" });
    expect(baseline.optimizer).to.include({
      learningRate: 0.001,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-7,
      weightDecay: 0,
    });
  });

  it("residual has 0.49 M parameters, whatever its input", () => {
    const { parameters } = networkSize(residual.layers, 112, 5);
    expect(parameters).to.be.within(485_000, 495_000);
    expect(networkSize(residual.layers, 72, 5).parameters).to.equal(parameters);
  });

  it("compact has 0.05 M parameters before its output, its dictionaries included, and computes them in no step", () => {
    const fixed = fixedFeatures(compact.backbone, 160)!;
    // 64 colours of 3 numbers; twice 41 kernels of 6·6·3, and 128 words of 41 numbers.
    expect(fixed).to.include({ features: 320, parameters: 4 * 64 + 2 * (108 * 41 + 41 * 128 + 128) });
    // Each second pixel; each third place of 160 pixels, each second one of 80.
    expect(fixed.operations).to.equal(2 * (80 * 80 * 192 + (52 * 52 + 38 * 38) * (108 * 41 + 41 * 128)));
    const size = networkSize(compact.layers, 160, 5, fixed);
    expect(size.parameters).to.equal(52_829);
    expect(size.operations - fixed.operations).to.equal(2 * (320 * 96 + 96 * 5));
    expect(size.trainingOperations).to.equal(3 * 2 * (320 * 96 + 96 * 5) - 2 * 320 * 96);
    expect(() => fixedFeatures(compact.backbone, 10)).to.throw(RangeError, "smaller than the patches");
  });

  it("are found by name", () => {
    expect(presets.map(({ preset }) => preset)).to.deep.equal([
      "baseline",
      "dropout",
      "early-stopping",
      "l1",
      "l2",
      "dropout-early-stopping",
      "elastic-net",
      "residual",
      "compact",
      "features",
    ]);
    for (const preset of presets) expect(presetNamed(preset.preset)).to.equal(preset);
    expect(presetNamed("none")).to.equal(undefined);
  });

  it("a size scales the cached picture and the early size along", () => {
    const larger = withOverrides(residual, { size: 224 });
    expect(larger.pixels).to.deep.equal({ ...residual.pixels, width: 384, height: 384 });
    expect(larger).to.include({ inputSize: 224 });
    expect(larger.earlySize).to.deep.equal({ size: 144, untilShare: 0.6 });
    expect(withOverrides(baseline, { size: 97 }).pixels).to.include({ width: 97, height: 97 });
  });

  it("other overrides change what they name and nothing else", () => {
    expect(withOverrides(residual, {})).to.deep.equal(residual);
    const changed = withOverrides(residual, {
      epochs: 3,
      batchSize: 7,
      seed: 1,
      learningRate: 0.1,
      samplesPerEpoch: 10,
      positiveShare: 0.5,
    });
    expect(changed).to.deep.equal({
      ...residual,
      epochs: 3,
      batchSize: 7,
      seed: 1,
      optimizer: { ...residual.optimizer, learningRate: 0.1 },
      sampling: { ...residual.sampling, samplesPerEpoch: 10, positiveShare: 0.5 },
    });
    expect(withOverrides(baseline, { samplesPerEpoch: 10 }).sampling).to.deep.equal({ kind: "shuffle" });
  });
});

describe("network size", () => {
  it("counts a convolution's valid output and refuses windows larger than the picture", () => {
    const layer = {
      type: "conv2d",
      filters: 2,
      kernelSize: 3,
      strides: 2,
      padding: "valid",
      activation: "relu",
      useBias: true,
    } as const;
    const flat = { type: "flatten" } as const;
    // 7 → 3 pixels; 3·3·3·2 + 2 of the convolution, 18 + 1 of the output.
    expect(networkSize([layer, flat], 7, 1)).to.deep.equal({
      parameters: 56 + 19,
      activations: 7 * 7 * 3 + 18 + 18 + 1,
      largestActivation: 7 * 7 * 3,
      largestWeight: 3 * 3 * 3 * 2,
      // 3·3·3 products for each of the 18 numbers of the convolution, 18 for the output; the gradient by the picture is not needed.
      operations: 2 * (27 * 18 + 18),
      trainingOperations: 3 * 2 * (27 * 18 + 18) - 2 * 27 * 18,
      outputShape: [18],
    });
    expect(() => networkSize([layer, flat], 2, 1)).to.throw(RangeError, "smaller than");
    expect(() => networkSize([layer], 7, 1)).to.throw(RangeError, "flatten");
    expect(() => networkSize([flat, layer], 7, 1)).to.throw(RangeError, "picture");
    expect(() => networkSize([{ type: "dense", units: 1, activation: "relu" }], 7, 1)).to.throw(RangeError, "flat");
  });
});

describe("the learning rate", () => {
  it("warms up in a line and goes down in half a cosine", () => {
    const schedule = { kind: "warmup-cosine", warmup: 0.1 } as const;
    const rates = Array.from({ length: 100 }, (_, step) => learningRateAt(schedule, 2, step, 100));
    expect(rates[0]).to.be.closeTo(0.2, 1e-9);
    expect(rates[4]).to.be.closeTo(1, 1e-9);
    expect(rates[9]).to.be.closeTo(2, 1e-9);
    expect(rates[54]).to.be.closeTo(1, 1e-9);
    expect(rates[99]).to.be.closeTo(0, 1e-9);
    expect(Math.max(...rates)).to.be.at.most(2);
    for (let i = 10; i < 100; i++) expect(rates[i]).to.be.below(rates[i - 1]!);
  });

  it("stays where it is constant, and without warm-up begins at its height", () => {
    expect(learningRateAt({ kind: "constant" }, 0.3, 5, 10)).to.equal(0.3);
    expect(learningRateAt({ kind: "warmup-cosine", warmup: 0 }, 1, 0, 1000)).to.be.closeTo(1, 1e-4);
    for (const step of [0, 1]) {
      expect(learningRateAt({ kind: "warmup-cosine", warmup: 1 }, 1, step, 2)).to.be.within(0.5, 1);
    }
  });

  it("views grow after the early share of the epochs", () => {
    const sizes = Array.from({ length: 10 }, (_, epoch) => trainingSizeAt({ ...residual, epochs: 10 }, epoch));
    expect(sizes).to.deep.equal([...Array<number>(6).fill(72), ...Array<number>(4).fill(112)]);
    expect(trainingSizeAt(baseline, 0)).to.equal(180);
  });
});
