import { expect } from "chai";
import fc from "fast-check";
import { MersenneTwister } from "../../../src/domain/random/mersenne-twister.ts";

describe("MersenneTwister", () => {
  it("gives what NumPy's RandomState(1) gives", () => {
    const generator = new MersenneTwister(1);
    const first = [generator.uint32(), generator.uint32(), generator.uint32()];
    expect(first).to.deep.equal([1791095845, 4282876139, 3093770124]);
    expect(new MersenneTwister(1).permutation(10)).to.deep.equal([2, 9, 6, 4, 0, 3, 1, 7, 8, 5]);
  });

  it("gives the 10,000th output that the C++ standard prescribes for seed 5489", () => {
    const generator = new MersenneTwister(5489);
    for (let i = 1; i < 10_000; i++) generator.uint32();
    expect(generator.uint32()).to.equal(4123659995);
  });

  it("refuses a seed that NumPy refuses", () => {
    for (const seed of [-1, 1.5, 2 ** 32, Number.NaN]) expect(() => new MersenneTwister(seed)).to.throw(RangeError);
    expect(() => new MersenneTwister(2 ** 32 - 1)).not.to.throw();
  });

  it("stays within an interval and reaches its ends", () => {
    const generator = new MersenneTwister(7);
    const seen = new Set(Array.from({ length: 200 }, () => generator.interval(5)));
    expect([...seen].sort()).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(generator.interval(0)).to.equal(0);
    expect(generator.interval(2 ** 32 - 1)).to.be.within(0, 2 ** 32 - 1);
  });

  it("permutes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 200 }), (seed, n) => {
        const sorted = new MersenneTwister(seed).permutation(n).sort((a, b) => a - b);
        expect(sorted).to.deep.equal(Array.from({ length: n }, (_, i) => i));
      }),
      { numRuns: 50 },
    );
  });
});
