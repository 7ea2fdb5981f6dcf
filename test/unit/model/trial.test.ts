import { expect } from "chai";
import type { ModelOutput, Preprocessing } from "../../../src/domain/model/model.ts";
import { adviceOf, inputRange, readings } from "../../../src/domain/model/trial.ts";

const sigmoid: ModelOutput = { kind: "sigmoid", labels: ["A", "B"], positive: 1 };
const isPhoto = [true, true, false, false];

describe("a trial on images with known answers", () => {
  it("judges each candidate and each output as the photo; what is no number is left out", () => {
    const all = readings(isPhoto, [Float32Array.of(0.9, 0.8, 0.7, 0.1), Float32Array.of(0.1, NaN, 0, 0)], sigmoid);
    expect(all.map(({ candidate, positive }) => [candidate, positive])).to.deep.equal([
      [0, 0],
      [0, 1],
    ]);
    expect(all[1]).to.deep.include({ balancedAccuracy: 0.75, auroc: 1, confusion: { tp: 2, fp: 1, tn: 1, fn: 0 } });
    expect(all[0]).to.include({ balancedAccuracy: 0.25, auroc: 0 });
  });

  it("takes the right column of a softmax", () => {
    const softmax: ModelOutput = { kind: "softmax", labels: ["A", "B", "C"], positive: 0 };
    const outputs = [Float32Array.of(0.1, 0.1, 0.8, 0.2, 0.1, 0.7, 0.5, 0.4, 0.1, 0.4, 0.5, 0.1)];
    const all = readings(isPhoto, outputs, softmax);
    expect(all[2]).to.include({ positive: 2, balancedAccuracy: 1, auroc: 1 });
    const advice = adviceOf(all, { candidate: 0, positive: 0 });
    expect(advice?.reading.positive).to.equal(2);
  });

  it("proposes what is clearly better, and knows a swap", () => {
    const reversed = readings(isPhoto, [Float32Array.of(0.1, 0.2, 0.8, 0.9)], sigmoid);
    expect(adviceOf(reversed, { candidate: 0, positive: 1 })).to.deep.include({ isReversed: true });
    expect(adviceOf(reversed, { candidate: 0, positive: 0 })).to.equal(null);
    const scaled = readings(
      isPhoto,
      [Float32Array.of(0.9, 0.9, 0.9, 0.9), Float32Array.of(0.9, 0.9, 0.1, 0.1)],
      sigmoid,
    );
    const advice = adviceOf(scaled, { candidate: 0, positive: 1 });
    expect(advice).to.deep.include({ isReversed: false });
    expect(advice?.reading).to.include({ candidate: 1, positive: 1 });
  });

  it("tells the range of the numbers that a network gets", () => {
    const rgb = Uint8Array.of(0, 100, 255, 50, 50, 50);
    const plain = { scale: 1 / 127.5, offset: -1 } as Preprocessing;
    expect(inputRange(rgb, plain)).to.deep.equal([-1, 1]);
    const bgr = {
      scale: 1,
      offset: 0,
      channels: { order: "bgr", scale: [1, 2, 1], offset: [0, 0, -10] },
    } as unknown as Preprocessing;
    expect(inputRange(rgb, bgr)).to.deep.equal([-10, 255]);
    const grey = {
      scale: 1,
      offset: 0,
      channels: { order: "grey", scale: [1], offset: [0] },
    } as unknown as Preprocessing;
    expect(inputRange(rgb, grey)[0]).to.be.closeTo(50, 1e-9);
  });
});
