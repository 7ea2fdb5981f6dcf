import { expect } from "chai";
import { changesOf } from "../../../src/domain/experiment/changes.ts";
import { baseline, residual, presetNamed, presets } from "../../../src/domain/experiment/presets.ts";
import {
  balanceOf,
  regularizationOf,
  withBalance,
  withRegularization,
} from "../../../src/domain/experiment/regularization.ts";

describe("regularisation of an experiment", () => {
  it("is read and set without changing anything else", () => {
    for (const preset of presets) {
      expect(withRegularization(preset, regularizationOf(preset)), preset.preset).to.deep.equal(preset);
      expect(changesOf({ ...preset, seed: 7 }), preset.preset).to.deep.equal([]);
    }
  });

  it("makes the notebook's variants of the baseline", () => {
    const own = regularizationOf(baseline);
    const l1 = { l1: 0.01, l2: 0 };
    const made = [
      withRegularization(baseline, { ...own, featureDropout: 0.25, hiddenDropout: 0.5 }),
      withRegularization(baseline, { ...own, convolutionPenalty: l1, densePenalty: l1 }),
      withRegularization({ ...baseline, epochs: 30 }, { ...own, patience: 5 }),
    ];
    for (const [index, name] of ["dropout", "l1", "early-stopping"].entries()) {
      expect({ ...made[index], preset: name }).to.deep.equal(presetNamed(name));
    }
    expect(withRegularization(presetNamed("dropout")!, own).layers).to.deep.equal(baseline.layers);
  });

  it("has no penalty for residual blocks, and dropout behind their pooling", () => {
    const own = regularizationOf(residual);
    expect(own).to.deep.equal({
      featureDropout: null,
      hiddenDropout: 0.1,
      convolutionPenalty: null,
      densePenalty: null,
      patience: null,
    });
    const without = withRegularization(residual, { ...own, hiddenDropout: 0 });
    expect(without.layers).to.deep.equal(residual.layers.filter(({ type }) => type !== "dropout"));
  });

  it("balances by one means at a time", () => {
    expect(balanceOf(baseline)).to.equal("none");
    const weighted = withBalance(baseline, "class-weights");
    expect(balanceOf(weighted)).to.equal("class-weights");
    const oversampled = withBalance(weighted, "oversample");
    expect(oversampled).to.deep.include({ sampling: { kind: "oversample" }, classWeights: { kind: "none" } });
    expect(withBalance(oversampled, "none")).to.deep.equal(baseline);
    expect(withBalance(residual, "own")).to.equal(residual);
  });

  it("tells what was changed in the preset", () => {
    const own = regularizationOf(baseline);
    const changed = withBalance(
      withRegularization({ ...baseline, epochs: 5, batchSize: 16 }, { ...own, hiddenDropout: 0.3, patience: 2 }),
      "oversample",
    );
    expect(changesOf(changed)).to.deep.equal([
      { what: "epochs", value: 5 },
      { what: "batch", value: 16 },
      { what: "hidden-dropout", value: 0.3 },
      { what: "patience", value: 2 },
      { what: "balance", value: "oversample" },
    ]);
    expect(changesOf({ ...baseline, labelSmoothing: 0.1 })).to.deep.equal([{ what: "other" }]);
  });
});
