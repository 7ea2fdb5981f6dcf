import { expect } from "chai";
import fc from "fast-check";
import { confusionAt, confusionFigures } from "../../../src/domain/metrics/confusion.ts";
import { rank } from "../../../src/domain/metrics/ranking.ts";
import { cheapestThresholds, thresholdForRate } from "../../../src/domain/metrics/threshold-choice.ts";

const judged = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 10 })), { maxLength: 30 });

function split(items: readonly (readonly [number, number])[]) {
  const labels = items.map(([label]) => label);
  const probabilities = items.map(([, tenths]) => tenths / 10);
  return { labels, probabilities, candidates: [...new Set([0, ...probabilities])].sort((a, b) => a - b) };
}

describe("a threshold", () => {
  it("by cost is every one that costs least, never positive included", () => {
    fc.assert(
      fc.property(judged, fc.nat(5), fc.nat(5), (items, falsePositive, falseNegative) => {
        const { labels, probabilities, candidates } = split(items);
        const costs = [...candidates, Infinity].map((threshold) => {
          const { fp, fn } = confusionAt(labels, probabilities, threshold);
          return falsePositive * fp + falseNegative * fn;
        });
        const least = Math.min(...costs);
        const expected = [...candidates, null].filter((_, k) => costs[k] === least);
        const found = cheapestThresholds(rank(labels, probabilities), { falsePositive, falseNegative });
        expect(found).to.deep.equal({ cost: least, thresholds: expected });
      }),
    );
  });

  for (const [rate, other] of [
    ["precision", "recall"],
    ["recall", "precision"],
  ] as const) {
    it(`by ${rate} reaches it with the best ${other} there is`, () => {
      fc.assert(
        fc.property(judged, fc.double({ min: 0, max: 1, noNaN: true }), (items, wanted) => {
          const { labels, probabilities, candidates } = split(items);
          const found = thresholdForRate(rank(labels, probabilities), rate, wanted);
          const good = candidates
            .map((threshold) => ({ threshold, ...confusionFigures(confusionAt(labels, probabilities, threshold)) }))
            .filter((figures) => figures[rate] >= wanted && labels.includes(1));
          if (!found) {
            expect(good).to.have.length(0);
            return;
          }
          const best = Math.max(...good.map((figures) => figures[other]));
          expect(found[other]).to.equal(best);
          const same = good.filter((figures) => figures[other] === best).map(({ threshold }) => threshold);
          expect(found.threshold).to.equal(Math.max(...same));
        }),
      );
    });
  }
});
