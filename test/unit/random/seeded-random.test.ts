import { expect } from "chai";
import fc from "fast-check";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("SeededRandom", () => {
  it("repeats itself from the same seed and stream, and only then", () => {
    const draw = (seed: number, stream?: number) => {
      const random = new SeededRandom(seed, stream);
      return Array.from({ length: 8 }, () => random.uint32());
    };
    expect(draw(42)).to.deep.equal(draw(42));
    expect(draw(42, 3)).to.deep.equal(draw(42, 3));
    const others = [draw(42), draw(43), draw(42, 1), draw(42, 2), draw(43, 1)];
    expect(new Set(others.flat()).size).to.equal(40);
  });

  it("goes on from a saved state as if nothing had happened", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 9 }), (seed, draws) => {
        const random = new SeededRandom(seed);
        for (let i = 0; i < draws; i++) random.normal();
        const resumed = SeededRandom.from(structuredClone(random.state));
        for (let i = 0; i < 5; i++) {
          expect(resumed.normal()).to.equal(random.normal());
          expect(resumed.uint32()).to.equal(random.uint32());
        }
      }),
    );
  });

  it("is uniform: every tenth gets its share", () => {
    const random = new SeededRandom(1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[Math.floor(random.uniform() * 10)]! += 1;
    // Five standard deviations (95) of a binomial count around 10,000.
    for (const count of counts) expect(count).to.be.closeTo(10_000, 475);
    const shifted = Array.from({ length: 1000 }, () => random.uniform(-3, 5));
    expect(Math.min(...shifted)).to.be.at.least(-3);
    expect(Math.max(...shifted)).to.be.below(5);
    expect(mean(shifted)).to.be.closeTo(1, 0.4);
  });

  it("is normal: mean, deviation and tails", () => {
    const random = new SeededRandom(2);
    const values = Array.from({ length: 50_000 }, () => random.normal(10, 2));
    const centre = mean(values);
    expect(centre).to.be.closeTo(10, 0.05);
    expect(Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))).to.be.closeTo(2, 0.03);
    expect(values.filter((value) => Math.abs(value - 10) > 2 * 1.96).length / values.length).to.be.closeTo(0.05, 0.005);
  });

  it("draws whole numbers below n without favour", () => {
    const random = new SeededRandom(3);
    const counts = new Array<number>(3).fill(0);
    for (let i = 0; i < 30_000; i++) counts[random.int(3)]! += 1;
    for (const count of counts) expect(count).to.be.closeTo(10_000, 410);
    expect(random.int(1)).to.equal(0);
    expect(random.int(2 ** 32)).to.be.within(0, 2 ** 32 - 1);
  });

  it("permutes", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 300 }), (seed, n) => {
        const numbers = new SeededRandom(seed).permutation(n);
        expect([...numbers].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: n }, (_, i) => i));
      }),
    );
  });

  it("comes true as often as it should", () => {
    const random = new SeededRandom(4);
    const hits = Array.from({ length: 20_000 }, () => random.chance(0.3)).filter(Boolean).length;
    expect(hits).to.be.closeTo(6_000, 330);
    expect(random.chance(0)).to.equal(false);
    expect(random.chance(1)).to.equal(true);
  });
});
