import { expect } from "chai";
import { batchShapeOf } from "../../../src/domain/experiment/batch-shape.ts";
import { baseline, residual } from "../../../src/domain/experiment/presets.ts";
import type { CatalogueImage } from "../../../src/domain/look/catalogue.ts";
import {
  aspectEdges,
  aspectRatio,
  binned,
  longerSide,
  sizeEdges,
  tallied,
} from "../../../src/domain/look/distributions.ts";
import { rebalancedEpochs } from "../../../src/domain/look/rebalancing.ts";

function image(width: number, height: number, isPositive: boolean, mediaType = "image/jpeg"): CatalogueImage {
  const about = { datasetId: "d", imageId: "i", path: "i", page: 0, className: "c", byteLength: 1, lastModified: 0 };
  return {
    image: { ...about, width, height, mediaType },
    folderClass: "c",
    choice: null,
    isPositive,
    part: null,
    findings: [],
    colourfulness: null,
    words: "",
  };
}

describe("distributions", () => {
  const images = [image(255, 100, true), image(256, 10, false), image(10, 9000, false, "image/png")];

  it("counts both sides in bins that include where they begin", () => {
    const sizes = binned(images, sizeEdges, longerSide);
    expect(sizes.map(({ positives, negatives }) => `${positives}/${negatives}`)).to.deep.equal([
      "1/0",
      "0/1",
      "0/0",
      "0/0",
      "0/0",
      "0/0",
      "0/1",
    ]);
    expect(sizes.at(-1)?.to).to.equal(Number.POSITIVE_INFINITY);
    const aspects = binned(images, aspectEdges, aspectRatio);
    expect(aspects[0]).to.deep.equal({ from: 0, to: 0.5, positives: 0, negatives: 1 });
    expect(aspects.at(-1)).to.deep.include({ positives: 1, negatives: 1 });
  });

  it("leaves out what is not known, and tallies names by how many there are", () => {
    const none = binned(images, [0, 10], ({ colourfulness }) => colourfulness);
    expect(none.map(({ positives, negatives }) => positives + negatives)).to.deep.equal([0, 0]);
    expect(tallied(images, (one) => one.image.mediaType)).to.deep.equal([
      { name: "image/jpeg", positives: 1, negatives: 1 },
      { name: "image/png", positives: 0, negatives: 1 },
    ]);
  });
});

describe("rebalanced epochs", () => {
  const images = Array.from({ length: 100 }, (_, index) => ({
    path: `${index}`,
    className: index < 25 ? "Photo" : index < 60 ? "Text" : "Sketch",
  }));

  it("are even where the smaller side is drawn again, and weighed where classes are", () => {
    const epochs = rebalancedEpochs(images, "Photo", 42);
    expect(epochs.map(({ order }) => order.length)).to.deep.equal([100, 150, 100]);
    expect(epochs.map(({ order: _order, ...counted }) => counted)).to.deep.equal([
      { way: "none", positives: 25, negatives: 75, weights: null },
      { way: "oversample", positives: 75, negatives: 75, weights: null },
      { way: "class-weights", positives: 25, negatives: 75, weights: { positive: 2, negative: 100 / 150 } },
    ]);
  });

  it("are none where one side has no image", () => {
    expect(rebalancedEpochs(images, "Painting", 42)).to.deep.equal([]);
  });
});

describe("the shape of a batch", () => {
  it("is the notebook's for the baseline", () => {
    const { tensors, stepsPerEpoch, lastBatch } = batchShapeOf(baseline, 100, 25, 5);
    expect(tensors.map(({ name, shape, type, range }) => [name, shape.join(), type, range.join()])).to.deep.equal([
      ["images", "32,180,180,3", "float32", "0,255"],
      ["labels", "32", "int32", "0,1"],
      ["targets", "32,1", "float32", "0,1"],
    ]);
    expect([stepsPerEpoch, lastBatch]).to.deep.equal([4, 4]);
  });

  it("is no larger than an epoch, and has a target a class under a softmax", () => {
    const small = batchShapeOf(baseline, 10, 3, 5);
    expect([small.tensors[0]?.shape[0], small.stepsPerEpoch, small.lastBatch]).to.deep.equal([10, 1, 10]);
    const softmax = batchShapeOf({ ...residual, output: "original-classes", labelSmoothing: 0.1 }, 5000, 1000, 5);
    expect(softmax.tensors[2]?.shape.at(-1)).to.equal(5);
    expect(softmax.tensors[2]?.range).to.deep.equal([0.02, 0.92]);
  });
});
