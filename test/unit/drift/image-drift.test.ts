import { expect } from "chai";
import { batchDrift } from "../../../src/domain/capture/batch-drift.ts";
import type { Capture } from "../../../src/domain/capture/capture.ts";
import { imageDrift, type SidedStatistics, summariseImages } from "../../../src/domain/drift/image-drift.ts";
import { imageStatisticsOf } from "../../../src/domain/drift/image-statistics.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

/** Photos are bright and colourful, the others are neither; `brighter` is what a drift adds. */
function images(random: SeededRandom, count: number, photos: number, brighter = 0): SidedStatistics[] {
  return Array.from({ length: count }, (_, index) => {
    const isPositive = index < photos;
    return {
      isPositive,
      statistics: {
        colourfulness: (isPositive ? 40 : 5) + random.uniform(0, 20),
        brightness: (isPositive ? 120 : 200) + random.uniform(-30, 30) + brighter,
        contrast: random.uniform(20, 60),
        "aspect-ratio": random.chance(0.6) ? 1 : 1.5,
        size: random.chance(0.5) ? 1000 : 2000,
      },
    };
  });
}

describe("image statistics", () => {
  it("are those of the pixels", () => {
    const red = Uint8Array.from({ length: 3 * 64 }, (_, at) => (at % 3 === 0 ? 200 : 0));
    const statistics = imageStatisticsOf(red, 300, 200);
    expect(statistics.brightness).to.be.closeTo(0.299 * 200, 1e-9);
    expect(statistics.contrast).to.be.closeTo(0, 1e-6);
    // No spread, and means of rg = 200 and yb = 100.
    expect(statistics.colourfulness).to.be.closeTo(0.3 * Math.hypot(200, 100), 1e-6);
    expect(statistics["aspect-ratio"]).to.equal(1.5);
    expect(statistics.size).to.equal(300);
    const stripes = Uint8Array.from({ length: 3 * 64 }, (_, at) => (Math.floor(at / 3) % 2) * 100);
    expect(imageStatisticsOf(stripes, 8, 8).contrast).to.be.closeTo(50, 1e-9);
  });
});

describe("image drift", () => {
  const random = new SeededRandom(7);
  const summary = summariseImages(images(random, 1000, 400));
  const remarkable = (captures: readonly SidedStatistics[]) =>
    imageDrift(captures, summary)!
      .statistics.filter(({ isRemarkable }) => isRemarkable)
      .map(({ name }) => name);

  it("puts the training images into bins, fewer where values repeat", () => {
    expect(summary.edges.contrast).to.have.length(9);
    expect(summary.edges.size).to.deep.equal([2000]);
    const inBins = [...summary.positive.size, ...summary.negative.size].reduce((sum, count) => sum + count, 0);
    expect(inBins).to.equal(1000);
  });

  it("computes the population stability index", () => {
    // 100 of 200 captures where 60 of 100 training images are: shares with half an image added to each bin.
    const one = { colourfulness: [1], brightness: [1], contrast: [1], "aspect-ratio": [1], size: [1] };
    const counts = (low: number, high: number) => ({
      ...{ colourfulness: [low, high], brightness: [low, high], contrast: [low, high] },
      ...{ "aspect-ratio": [low, high], size: [low, high] },
    });
    const known = { edges: one, positive: counts(40, 60), negative: counts(0, 0) };
    const captures = Array.from({ length: 200 }, (_, index) => {
      const value = index % 2;
      const statistics = {
        colourfulness: value,
        brightness: value,
        contrast: value,
        "aspect-ratio": value,
        size: value,
      };
      return { isPositive: true, statistics };
    });
    const e = 40.5 / 101;
    const index = (0.5 - e) * Math.log(0.5 / e) + (0.5 - (1 - e)) * Math.log(0.5 / (1 - e));
    expect(imageDrift(captures, known)!.statistics[0]!.index).to.be.closeTo(index, 1e-12);
    // No training image lies on this side.
    expect(
      imageDrift(
        captures.map((capture) => ({ ...capture, isPositive: false })),
        known,
      ),
    ).to.equal(null);
  });

  it("takes another mix of photos and others for none", () => {
    expect(remarkable(images(random, 200, 200))).to.deep.equal([]);
    expect(remarkable(images(random, 200, 10))).to.deep.equal([]);
  });

  it("tells what differs, and which way", () => {
    const drift = imageDrift(images(random, 120, 60, 60), summary)!;
    const [brightness, ...others] = drift.statistics.filter(({ isRemarkable }) => isRemarkable);
    expect(others).to.deep.equal([]);
    expect(brightness!.name).to.equal("brightness");
    expect(brightness!.median).to.be.above(brightness!.trainingMedian + 30);
  });

  it("is silent where there is too little to tell, and seldom wrong by chance", () => {
    expect(imageDrift(images(random, 49, 20, 200), summary)).to.equal(null);
    let alarms = 0;
    for (let batch = 0; batch < 300; batch++) if (remarkable(images(random, 50, 20)).length > 0) alarms += 1;
    expect(alarms).to.be.at.most(9);
  });

  it("takes captures by what they count as, and leaves out what was classified before", () => {
    const captures = images(random, 60, 30).map(({ statistics, isPositive }, index): Capture => ({
      id: String(index),
      batchId: "b",
      file: `${index}.jpg`,
      byteLength: 1,
      lastModified: 1,
      page: 0,
      createdAt: 1,
      modelId: "m",
      probability: isPositive ? 0.9 : 0.1,
      verdict: isPositive ? "photo" : "to-review",
      decision: null,
      error: null,
      statistics,
    }));
    expect(batchDrift(captures, summary)?.captures).to.equal(60);
    const old = captures.map(({ statistics: _, ...capture }) => capture);
    expect(batchDrift(old, summary)).to.equal(null);
  });
});
