import { expect } from "chai";
import { comparableRuns, settingOf } from "../../../src/domain/comparison/comparable.ts";
import { historyOf, runWith } from "../analysis/some-run.ts";

const run = (id: string, change: Parameters<typeof runWith>[1] = {}) =>
  runWith(historyOf([0.5, 1, 0.5, 1]), { id, ...change });

describe("runs that may be compared", () => {
  it("are those of one dataset, question and split, whatever the order of its images; the others are named with the reason", () => {
    const { split } = run("a");
    const turned = { ...split, training: [...split.training].reverse() };
    const swapped = { ...split, validation: split.test, test: split.validation };
    const runs = [
      run("other split", { split: swapped }),
      run("a"),
      run("other dataset", { datasetId: "e" }),
      run("b", { split: turned }),
      run("other class", { positiveClass: "Text" }),
    ];
    const { comparable, others } = comparableRuns(runs);
    expect(comparable.map(({ id }) => id)).to.deep.equal(["a", "b"]);
    expect(others.map(({ run: { id }, reason }) => [id, reason])).to.deep.equal([
      ["other split", "other-split"],
      ["other dataset", "other-dataset"],
      ["other class", "other-class"],
    ]);
  });

  it("are those with the first one where no group is larger, and none where there is no run", () => {
    const { comparable } = comparableRuns([run("a"), run("b", { datasetId: "e" })]);
    expect(comparable.map(({ id }) => id)).to.deep.equal(["a"]);
    expect(comparableRuns([])).to.deep.equal({ comparable: [], others: [] });
  });

  it("have one setting where the seed alone tells them apart", () => {
    const { experiment } = run("a");
    expect(settingOf({ experiment: { ...experiment, seed: 7 } })).to.equal(settingOf({ experiment }));
    expect(settingOf({ experiment: { ...experiment, batchSize: 7 } })).to.not.equal(settingOf({ experiment }));
  });
});
