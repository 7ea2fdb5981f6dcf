import { expect } from "chai";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { withOverrides } from "../../../src/domain/experiment/overrides.ts";
import { baseline, residual, cropsAndScanEffects, features } from "../../../src/domain/experiment/presets.ts";
import { validateExperiment } from "../../../src/domain/experiment/validate.ts";

const dataset = { classNames: ["Painting", "Photo", "Text"], positiveClass: "Photo", classCounts: [10, 20, 30] };

function messageOf(experiment: Experiment): string {
  return validateExperiment(experiment, dataset)?.message ?? "fine";
}

describe("validateExperiment", () => {
  it("lets the presets through, at any size", () => {
    for (const preset of [baseline, residual]) {
      expect(validateExperiment(preset, dataset)).to.equal(null);
      expect(validateExperiment(withOverrides(preset, { size: 33 }), dataset)).to.equal(null);
    }
  });

  it("refuses numbers that make no sense, naming them", () => {
    expect(messageOf({ ...baseline, epochs: 0 })).to.equal("The number of epochs is 0.");
    expect(messageOf({ ...baseline, epochs: 2.5 })).to.include("2.5");
    expect(messageOf({ ...baseline, batchSize: 0 })).to.include("batch size");
    expect(messageOf({ ...baseline, seed: -1 })).to.include("seed");
    expect(messageOf({ ...baseline, inputSize: NaN })).to.include("input size is NaN");
    expect(messageOf({ ...baseline, optimizer: { ...baseline.optimizer, learningRate: NaN } })).to.include(
      "learning rate",
    );
    expect(messageOf({ ...baseline, optimizer: { ...baseline.optimizer, learningRate: 0 } })).to.include(
      "learning rate",
    );
    expect(messageOf({ ...baseline, optimizer: { ...baseline.optimizer, beta1: 1 } })).to.include("beta 1");
    expect(messageOf({ ...residual, labelSmoothing: 0.6 })).to.include("label smoothing");
    expect(messageOf({ ...residual, weightAverage: 1 })).to.include("weight average");
    expect(messageOf({ ...residual, augmentation: { ...cropsAndScanEffects, minimumCropArea: 0 } })).to.include("crop");
    expect(messageOf({ ...residual, augmentation: { ...cropsAndScanEffects, jpegProbability: 1.2 } })).to.include(
      "JPEG",
    );
    expect(messageOf(withOverrides(residual, { positiveShare: 1 }))).to.include("positive class");
    expect(messageOf(withOverrides(residual, { samplesPerEpoch: 0 }))).to.include("drawn");
    expect(messageOf({ ...baseline, layers: [...baseline.layers, { type: "dropout", rate: 1 }] })).to.include(
      "rate of a layer",
    );
    expect(
      messageOf({ ...baseline, layers: [...baseline.layers, { type: "dense", units: 0, activation: "relu" }] }),
    ).to.include("units");
    expect(messageOf({ ...baseline, views: [] })).to.include("No view");
  });

  it("refuses networks that do not fit together, or not into memory", () => {
    expect(messageOf({ ...baseline, earlySize: { size: 90, untilShare: 0.5 } })).to.include("one size only");
    expect(messageOf({ ...baseline, layers: baseline.layers.slice(0, 3) })).to.include("flatten");
    const crop = { ...residual.pixels, aspect: "crop" } as const;
    expect(messageOf({ ...residual, pixels: crop })).to.include("stretched");
    const huge = validateExperiment(withOverrides(baseline, { size: 400 }), dataset);
    expect(huge?.code).to.equal("does-not-fit");
    expect(huge?.message).to.include("327,703,841 parameters");
    expect(validateExperiment(withOverrides(baseline, { size: 64, batchSize: 4000 }), dataset)?.code).to.equal(
      "does-not-fit",
    );
  });

  it("refuses datasets and splits that lack what is to be learnt", () => {
    const without = (counts: number[]) => validateExperiment(residual, dataset, counts);
    expect(without([10, 0, 30])).to.include({ code: "too-few-images" });
    expect(without([0, 20, 0])?.message).to.include("Every image");
    expect(without([0, 20, 30])?.message).to.equal("No image of the class “Painting” is in the training split.");
    expect(validateExperiment(baseline, dataset, [0, 20, 30])).to.equal(null);
    // A folder without a readable image is a class too, and no reason to refuse.
    expect(validateExperiment(residual, { ...dataset, classCounts: [0, 20, 30] })).to.equal(null);
    expect(validateExperiment(residual, { ...dataset, positiveClass: "Foto" })?.message).to.include("Foto");
  });

  it("refuses what a backbone cannot be used for", () => {
    const network = { id: "b", name: "B", features: 8, parameters: 100, inputSize: 32, createdAt: 0 };
    const on = (crops: number): Experiment => ({ ...features, backbone: { role: "features", network, crops } });
    expect(messageOf(on(2))).to.equal("fine");
    expect(messageOf(features)).to.include("backbone");
    expect(messageOf(on(1.5))).to.include("crops");
    expect(messageOf({ ...on(2), augmentation: null })).to.include("crops");
    expect(messageOf({ ...on(2), layers: residual.layers })).to.include("sees pictures");
    expect(messageOf({ ...on(2), earlySize: { size: 16, untilShare: 0.5 } })).to.include("one size");
    expect(messageOf({ ...residual, backbone: { role: "teacher", network, weight: -1 } })).to.include("weight");
  });
});
