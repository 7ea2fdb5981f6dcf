import { expect } from "chai";
import { earlyStoppingState } from "../../../src/domain/run/early-stopping.ts";

const after = (...losses: number[]) => losses.map((validationLoss, index) => ({ epoch: index + 1, validationLoss }));

describe("early stopping", () => {
  it("keeps the last epoch where there is none", () => {
    expect(earlyStoppingState(after(1, 2, 3), null)).to.deep.equal({ keptEpoch: 3, isOver: false });
  });

  it("keeps the epoch with the lowest loss, the first of equals", () => {
    expect(earlyStoppingState(after(3, 1, 2, 1), { patience: 9 }).keptEpoch).to.equal(2);
  });

  it("is over once so many epochs in a row did not improve", () => {
    const patience = 2;
    expect(earlyStoppingState(after(3, 1, 1), { patience }).isOver).to.equal(false);
    expect(earlyStoppingState(after(3, 1, 1, 2), { patience })).to.deep.equal({ keptEpoch: 2, isOver: true });
    expect(earlyStoppingState(after(3, 1, 1, 0.9), { patience })).to.deep.equal({ keptEpoch: 4, isOver: false });
  });
});
