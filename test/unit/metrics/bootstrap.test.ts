import { expect } from "chai";
import { Bootstrap, bootstrap, countsOf, differenceOf } from "../../../src/domain/metrics/bootstrap.ts";
import { evaluate } from "../../../src/domain/metrics/evaluation.ts";
import { rankingMeasure, verdictCells, verdictMeasure } from "../../../src/domain/metrics/measures.ts";
import { reliability } from "../../../src/domain/metrics/reliability.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

const random = new SeededRandom(5);
const labels = Uint8Array.from({ length: 300 }, () => (random.chance(0.3) ? 1 : 0));
const probabilities = Float64Array.from(labels, (label) => random.uniform(label * 0.3, 0.7 + label * 0.3));
const judged = { labels, probabilities };
const once = new Uint32Array(labels.length).fill(1);

describe("measures", () => {
  it("give the figures of the images themselves where each is drawn once", () => {
    const classes = Array.from(labels, (label) => (label === 1 ? "Photo" : "Text"));
    const { auroc, averagePrecision, balancedAccuracy, f1 } = evaluate(probabilities, classes, "Photo", 0.4);
    const ranks = rankingMeasure(judged)(once);
    expect(ranks.auroc).to.equal(auroc);
    expect(ranks.averagePrecision).to.equal(averagePrecision);
    expect(ranks.calibrationError).to.be.closeTo(reliability(labels, probabilities, "width").error, 1e-12);
    const verdicts = verdictMeasure(countsOf(verdictCells(judged, 0.4), 4));
    expect(verdicts.balancedAccuracy).to.equal(balancedAccuracy);
    expect(verdicts.f1).to.equal(f1);
  });
});

describe("bootstrap", () => {
  it("gives the same interval from images and from the table of their verdicts, but for chance", () => {
    const cells = verdictCells(judged, 0.5);
    const fromTable = bootstrap({ cells: countsOf(cells, 4) }, verdictMeasure, { resamples: 4000 }).balancedAccuracy;
    const ofImages = (counts: Uint32Array) => {
      const table = new Uint32Array(4);
      cells.forEach((cell, image) => (table[cell]! += counts[image]!));
      return verdictMeasure(table);
    };
    const fromImages = bootstrap({ images: cells.length }, ofImages, { resamples: 4000 }).balancedAccuracy;
    expect(fromTable.standardError).to.be.closeTo(fromImages.standardError!, 0.1 * fromImages.standardError!);
    expect(fromTable.interval![0]).to.be.closeTo(fromImages.interval![0], 0.006);
    expect(fromTable.interval![1]).to.be.closeTo(fromImages.interval![1], 0.006);
  });

  it("is the same in slices, and for the same seed", () => {
    const whole = bootstrap({ images: labels.length }, rankingMeasure(judged), { resamples: 50, seed: 3 });
    const slices = new Bootstrap({ images: labels.length }, rankingMeasure(judged), { resamples: 50, seed: 3 });
    while (!slices.isDone) slices.advance(7);
    expect(slices.summary()).to.deep.equal(whole);
    const other = bootstrap({ images: labels.length }, rankingMeasure(judged), { resamples: 50, seed: 4 });
    expect(other).not.to.deep.equal(whole);
  });

  it("says how often a figure was undefined", () => {
    const rare = { labels: [1, 0, 0, 0, 0], probabilities: [0.9, 0.1, 0.2, 0.3, 0.4] };
    const { auroc } = bootstrap({ images: 5 }, rankingMeasure(rare), { resamples: 400 });
    // No positive image in a third of the resamples: 0.8⁵.
    expect(auroc.undefined / 400).to.be.closeTo(0.8 ** 5, 0.1);
    expect(auroc.interval).to.deep.equal([1, 1]);
  });

  it("finds no difference between a model and itself", () => {
    const same = differenceOf(rankingMeasure(judged), rankingMeasure(judged));
    expect(bootstrap({ images: labels.length }, same, { resamples: 20 }).auroc.interval).to.deep.equal([0, 0]);
  });
});
