import { expect } from "chai";
import {
  compareModels,
  compareSeeds,
  type Contender,
  correctedPValues,
  differenceOverSources,
  scoreOf,
  verdictOf,
} from "../../../src/domain/comparison/comparison.ts";

/** 200 images, every fourth positive; the model is wrong on those whose place `isWrong` names. */
function contender(isWrong: (place: number) => boolean, threshold = 0.5): Contender {
  const places = Array.from({ length: 200 }, (_, i) => i);
  const labels = Uint8Array.from(places, (i) => (i % 4 === 0 ? 1 : 0));
  return {
    imageIds: places.map((i) => `image ${i}`),
    labels,
    probabilities: Float64Array.from(places, (i) => ((labels[i] === 1) === isWrong(i) ? 0.1 : 0.9) + i / 10_000),
    threshold,
  };
}

describe("a comparison of models", () => {
  const good = contender((i) => i < 8);
  const poor = contender((i) => i < 40);

  it("is wider over whole sources where their images are right and wrong together", () => {
    // Ten sources of 20 images; the poor one is wrong on two of them whole.
    const source = (imageId: string) => String(Math.floor(Number(imageId.slice("image ".length)) / 20));
    const byImages = compareModels(good, poor, 500)!.balancedAccuracy;
    const bySources = differenceOverSources(good, poor, source, 500);
    expect(bySources.value).to.equal(byImages.value);
    const width = ([low, high]: readonly [number, number]) => high - low;
    expect(width(bySources.interval!)).to.be.above(1.3 * width(byImages.interval!));
    // Every image a source of its own: the same question.
    const single = differenceOverSources(good, poor, (imageId) => imageId, 500);
    expect(width(single.interval!)).to.be.closeTo(width(byImages.interval!), 0.02);
  });

  it("calls better what is better on the same images", () => {
    const comparison = compareModels(good, poor, 500)!;
    expect(comparison.images).to.equal(200);
    expect(comparison.accuracy).to.include({ onlyA: 32, onlyB: 0, bothWrong: 8 });
    expect(comparison.balancedAccuracy.value).to.be.closeTo(0.16, 0.001);
    expect(comparison.balancedAccuracy.interval![0]).to.be.within(0.05, 0.16);
    expect(comparison.auroc.value).to.be.above(0);
    const [p] = correctedPValues([comparison]);
    expect(verdictOf(comparison, p!, null)).to.equal("a-better");
    const turned = compareModels(poor, good, 500)!;
    expect(turned.balancedAccuracy.value).to.equal(-comparison.balancedAccuracy.value!);
    expect(verdictOf(turned, p!, null)).to.equal("b-better");
  });

  it("pairs images by their id, not their place, and takes those in common alone", () => {
    const turn = <T>(list: ArrayLike<T>) => Array.from(list).reverse().slice(50);
    const other = {
      ...poor,
      imageIds: turn(poor.imageIds),
      labels: Uint8Array.from(turn(poor.labels)),
      probabilities: Float64Array.from(turn(poor.probabilities)),
    };
    expect(compareModels(good, other, 10)!.accuracy).to.include({ onlyA: 32, bothRight: 110, bothWrong: 8 });
    expect(compareModels(good, { ...other, imageIds: other.imageIds.map((id) => `${id}!`) }, 10)).to.equal(null);
  });

  it("calls noise what is noise, and what many comparisons would find by chance", () => {
    const near = contender((i) => i < 6 || i === 100);
    const comparison = compareModels(near, good, 500)!;
    expect(comparison.accuracy.pValue).to.be.above(0.05);
    expect(verdictOf(comparison, comparison.accuracy.pValue, null)).to.equal("noise");
    const somewhat = compareModels(
      contender((i) => i < 2),
      good,
      500,
    )!;
    expect(somewhat.accuracy.pValue).to.be.below(0.05);
    const corrected = correctedPValues([somewhat, comparison, comparison, comparison]);
    expect(corrected[0]).to.be.above(0.05);
  });

  it("does not trust a difference that another seed would make", () => {
    const comparison = compareModels(good, poor, 500)!;
    const [p] = correctedPValues([comparison]);
    const a = new Map([
      [1, 0.95],
      [2, 0.7],
      [3, 0.92],
    ]);
    const b = new Map([
      [1, 0.8],
      [2, 0.9],
      [3, 0.85],
      [4, 0.1],
    ]);
    const seeds = compareSeeds(a, b)!;
    expect(seeds.degreesOfFreedom).to.equal(2);
    expect(verdictOf(comparison, p!, seeds)).to.equal("unclear");
    const steady = compareSeeds(
      a,
      new Map([
        [1, 0.85],
        [2, 0.6],
        [3, 0.81],
      ]),
    )!;
    expect(verdictOf(comparison, p!, steady)).to.equal("a-better");
    expect(compareSeeds(new Map([[1, 0.9]]), b)).to.equal(null);
  });

  it("scores by balanced accuracy", () => {
    expect(scoreOf(good)).to.be.closeTo((48 / 50 + 144 / 150) / 2, 1e-12);
  });
});
