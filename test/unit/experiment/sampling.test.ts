import { expect } from "chai";
import { residual } from "../../../src/domain/experiment/presets.ts";
import { samplerOf, samplesPerEpoch } from "../../../src/domain/experiment/sampling.ts";
import type { Sampling } from "../../../src/domain/experiment/experiment.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

function imagesOf(counts: Record<string, Record<string, number>>) {
  return Object.entries(counts).flatMap(([className, sources]) =>
    Object.entries(sources).flatMap(([source, count]) =>
      Array.from({ length: count }, (_, i) => ({ className, path: `${className}/${source}__${i}.jpg`, source })),
    ),
  );
}

const images = imagesOf({
  Painting: { museum: 400, blog: 100 },
  Photo: { camera: 50 },
  Text: { book: 7 },
  Other: { rest: 20 },
});
const draws = 40_000;
const sampling: Sampling = {
  kind: "class-and-source",
  samplesPerEpoch: draws,
  positiveShare: 0.35,
  negativeWeights: { Painting: 3, Text: 1, Absent: 50 },
};

function shareOf(order: Uint32Array, matches: (image: (typeof images)[number]) => boolean): number {
  return order.filter((index) => matches(images[index]!)).length / order.length;
}

describe("sampling", () => {
  const order = samplerOf(sampling, images, "Photo")(new SeededRandom(1));

  it("draws classes by their shares; a class that is not named weighs as the others on average", () => {
    expect(order).to.have.length(draws);
    expect(shareOf(order, ({ className }) => className === "Photo")).to.be.closeTo(0.35, 0.01);
    expect(shareOf(order, ({ className }) => className === "Painting")).to.be.closeTo((0.65 * 3) / 6, 0.01);
    expect(shareOf(order, ({ className }) => className === "Text")).to.be.closeTo((0.65 * 1) / 6, 0.01);
    expect(shareOf(order, ({ className }) => className === "Other")).to.be.closeTo((0.65 * 2) / 6, 0.01);
  });

  it("draws sources within a class by the root of their size, and images of a source evenly", () => {
    const museum = shareOf(order, ({ source }) => source === "museum");
    const blog = shareOf(order, ({ source }) => source === "blog");
    expect(museum / blog).to.be.closeTo(2, 0.1);
    const each = images.flatMap(({ source }, index) =>
      source === "book" ? [order.filter((i) => i === index).length] : [],
    );
    expect(Math.min(...each)).to.be.above(draws * (0.65 / 6 / 7) * 0.8);
  });

  it("works with two classes, and with names that the preset does not know", () => {
    const two = imagesOf({ Photo: { a: 3 }, Rest: { b: 5 } });
    const drawn = samplerOf({ ...residual.sampling }, two, "Photo")(new SeededRandom(2));
    expect(drawn.filter((index) => index < 3).length / drawn.length).to.be.closeTo(0.35, 0.03);
  });

  it("shuffles every image once an epoch, otherwise in each", () => {
    const sampler = samplerOf({ kind: "shuffle" }, images, "Photo");
    const [first, second] = [sampler(new SeededRandom(1, 5)), sampler(new SeededRandom(1, 6))];
    expect([...first].sort((a, b) => a - b)).to.deep.equal(images.map((_, index) => index));
    expect(first).not.to.deep.equal(second);
    expect(sampler(new SeededRandom(1, 5))).to.deep.equal(first);
    expect(samplesPerEpoch({ kind: "shuffle" }, 12, 3)).to.equal(12);
    expect(samplesPerEpoch(sampling, 12, 3)).to.equal(draws);
  });

  it("oversamples the smaller side until every batch is even within one image", () => {
    const small = imagesOf({ Photo: { camera: 3 }, Text: { book: 4 }, Other: { rest: 4 } });
    const order = samplerOf({ kind: "oversample" }, small, "Photo")(new SeededRandom(3));
    expect(order.length)
      .to.equal(samplesPerEpoch({ kind: "oversample" }, small.length, 3))
      .and.to.equal(16);
    const isPhoto = (index: number) => index < 3;
    for (let begin = 0; begin < 16; begin += 5) {
      const batch = order.subarray(begin, begin + 5);
      expect(Math.abs(2 * batch.filter(isPhoto).length - batch.length)).to.be.at.most(2);
    }
    const times = small.map((_, index) => order.filter((drawn) => drawn === index).length);
    expect(times.slice(3)).to.deep.equal(Array.from({ length: 8 }, () => 1));
    expect([...times.slice(0, 3)].sort()).to.deep.equal([2, 3, 3]);
  });

  it("refuses an empty list", () => {
    expect(() => samplerOf({ kind: "shuffle" }, [], "Photo")).to.throw(RangeError);
  });
});
