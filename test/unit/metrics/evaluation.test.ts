import { expect } from "chai";
import fc from "fast-check";
import { evaluate } from "../../../src/domain/metrics/evaluation.ts";

describe("evaluate", () => {
  it("counts by the threshold, which itself is positive, and by original class", () => {
    const probabilities = [0.9, 0.5, 0.49, 0.5, 0.1, 0.7];
    const classes = ["Photo", "Photo", "Photo", "Text", "Text", "Sketch"];
    const { averagePrecision, ...rest } = evaluate(probabilities, classes, "Photo");
    // Photos are found at 0.9 (1 of 1), at 0.5 (2 of 4) and at 0.49 (3 of 5).
    expect(averagePrecision).to.be.closeTo((1 + 2 / 4 + 3 / 5) / 3, 1e-15);
    expect(rest).to.deep.equal({
      n: 6,
      threshold: 0.5,
      confusion: { tp: 2, fp: 2, tn: 1, fn: 1 },
      accuracy: 0.5,
      balancedAccuracy: (2 / 3 + 1 / 3) / 2,
      precision: 0.5,
      recall: 2 / 3,
      f1: 4 / 7,
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
    expect(evaluate([0.2], ["Text"], "Photo").averagePrecision).to.equal(null);
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
