import { expect } from "chai";
import fc from "fast-check";
import { calibrated, evenPrior, fitCalibration } from "../../../src/domain/model/calibration.ts";

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const logit = (p: number) => Math.log(p / (1 - p));

describe("calibrated", () => {
  it("leaves the network's own probability where there is no calibration", () => {
    expect(calibrated(0.3, null)).to.equal(0.3);
  });

  it("never lets two images change places, and stays within 0 and 1", () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    const calibration = fc.record({
      scale: fc.double({ min: 0.01, max: 20, noNaN: true }),
      shift: fc.double({ min: -20, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(p, p, calibration, (a, b, c) => {
        const [low, high] = [calibrated(Math.min(a, b), c), calibrated(Math.max(a, b), c)];
        expect(low).to.be.at.most(high);
        expect(low).to.be.at.least(0);
        expect(high).to.be.at.most(1);
      }),
    );
  });
});

describe("evenPrior", () => {
  it("puts an image of which nothing is known at one half", () => {
    expect(calibrated(0.35, evenPrior(0.35))).to.be.closeTo(0.5, 1e-12);
    expect(calibrated(0.7, evenPrior(0.5))).to.be.closeTo(0.7, 1e-12);
  });
});

describe("fitCalibration", () => {
  it("finds scale and shift again from probabilities that it would make exact", () => {
    // A grid of logits whose share of positives is σ(0.6·z + 0.4) exactly, by weight of repetition.
    const isPositive: boolean[] = [];
    const probabilities: number[] = [];
    for (let z = -6; z <= 6; z += 0.25) {
      const positives = Math.round(1000 * sigmoid(0.6 * z + 0.4) * Math.exp(-z * z * 0.05));
      const negatives = Math.round(1000 * sigmoid(-0.6 * z - 0.4) * Math.exp(-z * z * 0.05));
      for (let i = 0; i < positives; i++) isPositive.push(true);
      for (let i = 0; i < negatives; i++) isPositive.push(false);
      while (probabilities.length < isPositive.length) probabilities.push(sigmoid(z));
    }
    const fitted = fitCalibration(isPositive, probabilities)!;
    const share = isPositive.filter(Boolean).length / isPositive.length;
    expect(fitted.scale).to.be.closeTo(0.6, 0.01);
    // Fitted for even class shares, which the grid does not have.
    expect(fitted.shift + logit(share)).to.be.closeTo(0.4, 0.02);
  });

  it("does not run away where a threshold separates the classes", () => {
    const fitted = fitCalibration([false, false, true, true], [0.1, 0.2, 0.8, 0.9])!;
    expect(fitted.scale).to.be.within(0.5, 20);
    expect(fitted.shift).to.be.closeTo(0, 1e-6);
  });

  it("says null where it cannot know", () => {
    expect(fitCalibration([true, true], [0.1, 0.9])).to.equal(null);
    expect(fitCalibration([false, false], [0.1, 0.9])).to.equal(null);
    const inverted = Array.from({ length: 200 }, (_, i) => i < 100);
    expect(
      fitCalibration(
        inverted,
        inverted.map((positive) => (positive ? 0.1 : 0.9)),
      ),
    ).to.equal(null);
  });
});
