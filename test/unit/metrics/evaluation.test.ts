import { expect } from "chai";
import fc from "fast-check";
import { areaUnderRoc, evaluate } from "../../../src/domain/metrics/evaluation.ts";

describe("evaluate", () => {
  it("counts by the threshold, which itself is positive, and by original class", () => {
    const probabilities = [0.9, 0.5, 0.49, 0.5, 0.1, 0.7];
    const classes = ["Photo", "Photo", "Photo", "Text", "Text", "Sketch"];
    expect(evaluate(probabilities, classes, "Photo")).to.deep.equal({
      n: 6,
      threshold: 0.5,
      confusion: { tp: 2, fp: 2, tn: 1, fn: 1 },
      accuracy: 0.5,
      balancedAccuracy: (2 / 3 + 1 / 3) / 2,
      // Of 9 pairs: 0.9 wins 3, 0.5 wins 1 and ties 1, 0.49 wins 1.
      auroc: 5.5 / 9,
      byClass: { Photo: { n: 3, wrong: 1 }, Text: { n: 2, wrong: 1 }, Sketch: { n: 1, wrong: 1 } },
    });
  });

  it("balances over the classes that occur, and has no AUROC for one class", () => {
    const only = evaluate([0.9, 0.2], ["Photo", "Photo"], "Photo");
    expect(only.balancedAccuracy).to.equal(0.5);
    expect(only.auroc).to.equal(null);
    expect(evaluate([0.2], ["Text"], "Photo").balancedAccuracy).to.equal(1);
  });

  it("refuses what cannot be judged", () => {
    expect(() => evaluate([], [], "Photo")).to.throw(RangeError);
    expect(() => evaluate([0.5], ["Photo", "Text"], "Photo")).to.throw(RangeError);
    expect(() => evaluate([Number.NaN], ["Photo"], "Photo")).to.throw(RangeError, "image 0");
  });

  it("counts every image once", () => {
    const judged = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom("Photo", "a", "b")), {
      minLength: 1,
    });
    fc.assert(
      fc.property(judged, fc.double({ min: 0, max: 1, noNaN: true }), (images, threshold) => {
        const probabilities = images.map(([probability]) => probability);
        const classes = images.map(([, name]) => name);
        const { n, confusion, accuracy, byClass } = evaluate(probabilities, classes, "Photo", threshold);
        const { tp, fp, tn, fn } = confusion;
        expect(tp + fp + tn + fn).to.equal(n);
        const counts = Object.values(byClass);
        expect(counts.reduce((sum, count) => sum + count.n, 0)).to.equal(n);
        expect(counts.reduce((sum, count) => sum + count.wrong, 0)).to.equal(fp + fn);
        expect(accuracy).to.equal((tp + tn) / n);
      }),
    );
  });
});

describe("area under the ROC curve", () => {
  const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean()), { maxLength: 40 });

  it("is the share of pairs in the right order, ties half", () => {
    fc.assert(
      fc.property(scored, (items) => {
        let pairs = 0;
        let won = 0;
        for (const [high, isPositive] of items)
          for (const [low, isOther] of items)
            if (isPositive && !isOther) {
              pairs++;
              won += high > low ? 1 : high === low ? 0.5 : 0;
            }
        const area = areaUnderRoc(
          items.map(([value]) => value),
          items.map(([, isPositive]) => isPositive),
        );
        if (pairs === 0) expect(area).to.equal(null);
        else expect(area).to.be.closeTo(won / pairs, 1e-12);
      }),
    );
  });
});
