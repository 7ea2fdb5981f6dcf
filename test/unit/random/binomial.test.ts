import { expect } from "chai";
import { binomial } from "../../../src/domain/random/binomial.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

describe("binomial", () => {
  for (const [n, p] of [
    [1, 0.5],
    [40, 0.1],
    [40, 0.9],
    [8000, 0.25],
    [8000, 0.0005],
  ] as const) {
    it(`has the mean and the spread of ${n} trials at ${p}`, () => {
      const random = new SeededRandom(n);
      const draws = Array.from({ length: 20_000 }, () => binomial(random, n, p));
      const mean = draws.reduce((sum, k) => sum + k, 0) / draws.length;
      const variance = draws.reduce((sum, k) => sum + (k - mean) ** 2, 0) / draws.length;
      const expected = n * p * (1 - p);
      // Five standard errors.
      expect(mean).to.be.closeTo(n * p, 5 * Math.sqrt(expected / draws.length));
      expect(variance / expected).to.be.closeTo(1, 0.06);
      expect(Math.min(...draws)).to.be.at.least(0);
      expect(Math.max(...draws)).to.be.at.most(n);
    });
  }

  it("has no chance at the ends", () => {
    const random = new SeededRandom(1);
    expect([binomial(random, 9, 0), binomial(random, 9, 1), binomial(random, 0, 0.5)]).to.deep.equal([0, 9, 0]);
  });
});
