import { expect } from "chai";
import { sideWeights } from "../../../src/domain/experiment/class-weights.ts";

describe("class weights", () => {
  it("weigh nothing, or as given", () => {
    expect(sideWeights({ kind: "none" }, 1, 3)).to.equal(null);
    expect(sideWeights({ kind: "given", negative: 0.6, positive: 2 }, 1, 3)).to.deep.equal({
      negative: 0.6,
      positive: 2,
    });
  });

  it("balance the sides, and leave the mean weight at 1", () => {
    const { positive, negative } = sideWeights({ kind: "balanced" }, 10, 30)!;
    expect(positive * 10).to.equal(negative * 30);
    expect((positive * 10 + negative * 30) / 40).to.equal(1);
  });
});
