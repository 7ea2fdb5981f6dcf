import { expect } from "chai";
import fc from "fast-check";
import { holm, mcnemar, pairedDifference, pairedRuns } from "../../../src/domain/metrics/paired-tests.ts";
import { binOf, reliability } from "../../../src/domain/metrics/reliability.ts";
import { logGamma, percentile, studentQuantile, studentTails, wilson } from "../../../src/domain/metrics/statistics.ts";
import { fitTemperature } from "../../../src/domain/metrics/temperature.ts";

describe("statistics", () => {
  it("have the logarithm of factorials", () => {
    let sum = 0;
    for (let n = 1; n <= 170; n++) {
      sum += Math.log(n);
      expect(logGamma(n + 1)).to.be.closeTo(sum, 1e-11 * Math.max(1, sum));
    }
    expect(logGamma(0.5)).to.be.closeTo(Math.log(Math.PI) / 2, 1e-13);
  });

  it("know Student's distribution", () => {
    // With one degree of freedom it is Cauchy's.
    for (const t of [0, 0.3, 1, 12.7])
      expect(studentTails(t, 1)).to.be.closeTo(1 - (2 / Math.PI) * Math.atan(t), 1e-13);
    expect(studentQuantile(0.95, 4)).to.be.closeTo(2.7764451051977987, 1e-9);
    expect(studentQuantile(0.95, 1e6)).to.be.closeTo(1.96, 1e-4);
  });

  it("interpolate percentiles, and keep Wilson's interval within 0 and 1", () => {
    expect(percentile([1, 2, 4], 0.75)).to.equal(3);
    expect(wilson(0, 0)).to.equal(null);
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (successes, more) => {
        const trials = successes + more;
        if (trials === 0) return;
        const [low, high] = wilson(successes, trials)!;
        expect(low).to.be.within(0, successes / trials);
        expect(high).to.be.within(successes / trials, 1);
      }),
    );
  });
});

describe("paired tests", () => {
  it("give McNemar's p-value as the sum of the binomial tail", () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), (b, c) => {
        const n = b + c;
        let [tail, term] = [0, 0.5 ** n];
        for (let k = 0; k <= Math.min(b, c); k++) {
          tail += term;
          term *= (n - k) / (k + 1);
        }
        expect(mcnemar(b, c)).to.be.closeTo(Math.min(1, 2 * tail), 1e-12);
      }),
    );
    expect(mcnemar(0, 40_000)).to.equal(0);
  });

  it("see no difference where there is none", () => {
    const same = pairedDifference([1, 0, 1], [1, 0, 1]);
    expect(same).to.include({ difference: 0, pValue: 1, standardError: 0 });
    expect(pairedRuns([0.9], [0.8])).to.equal(null);
    expect(pairedRuns([0.75, 0.5], [0.5, 0.25])).to.include({ t: null, pValue: null, meanDifference: 0.25 });
  });

  it("never make a corrected p smaller, nor change the order", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (p) => {
        const adjusted = holm(p);
        p.forEach((value, i) => {
          expect(adjusted[i]).to.be.within(value, 1);
          p.forEach((other, j) => {
            if (value < other) expect(adjusted[i]).to.be.at.most(adjusted[j]!);
          });
        });
      }),
    );
  });
});

describe("calibration figures", () => {
  it("put the edges of bins into the bin below", () => {
    expect([0, 0.1, 0.10000001, 0.3, 0.7, 1].map((p) => binOf(p, 10))).to.deep.equal([0, 0, 1, 2, 6, 9]);
  });

  it("see none of an error where probabilities mean what they say", () => {
    const labels = Uint8Array.from({ length: 100 }, (_, i) => (i % 10 < 3 ? 1 : 0));
    expect(reliability(labels, new Float64Array(100).fill(0.3), "width").error).to.be.closeTo(0, 1e-12);
    expect(reliability(labels, new Float64Array(100).fill(0.8), "mass").maximumError).to.be.closeTo(0.5, 0.31);
  });

  it("undo a temperature", () => {
    const honest = Float64Array.from({ length: 2000 }, (_, i) => ((i % 200) - 100) / 25);
    // As many positives at each logit as it says.
    const labels = honest.map((z, i) => (Math.floor(i / 200) / 10 + 0.05 < 1 / (1 + Math.exp(-z)) ? 1 : 0));
    const unscaled = fitTemperature(labels, honest).temperature;
    const tripled = fitTemperature(
      labels,
      honest.map((z) => 3 * z),
    );
    expect(tripled.temperature / unscaled).to.be.closeTo(3, 1e-6);
    expect(tripled.lossAfter).to.be.below(tripled.lossBefore);
  });
});
