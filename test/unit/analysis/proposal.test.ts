import { expect } from "chai";
import { type Candidate, propose } from "../../../src/domain/analysis/proposal.ts";

function candidate(runId: string, value: number | null, parameters: number, operations = 1): Candidate {
  const interval = value === null ? null : ([value - 0.03, value + 0.03] as const);
  return { runId, balancedAccuracy: { value, interval }, parameters, operations };
}

describe("proposal of a model", () => {
  it("takes the smallest of those within the interval of the best", () => {
    const proposal = propose([
      candidate("big", 0.91, 66e6),
      candidate("small", 0.89, 5e5),
      candidate("tiny", 0.8, 100),
      candidate("unknown", null, 1),
    ])!;
    expect(proposal.best.runId).to.equal("big");
    expect(proposal.proposed.runId).to.equal("small");
    expect(proposal.asGood.map(({ runId }) => runId)).to.deep.equal(["big", "small"]);
    expect(proposal.others).to.equal(1);
  });

  it("looks at the speed where sizes are equal, then at the quality", () => {
    const slow = candidate("slow", 0.9, 10, 5);
    expect(propose([slow, candidate("fast", 0.89, 10, 4)])?.proposed.runId).to.equal("fast");
    expect(propose([candidate("worse", 0.89, 10, 5), slow])?.proposed.runId).to.equal("slow");
    expect(propose([candidate("unknown", null, 1)])).to.equal(null);
  });
});
