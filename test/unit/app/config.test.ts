import { expect } from "chai";
import { withConfig } from "../../../src/app/headless/config.ts";
import { baseline, residual } from "../../../src/domain/experiment/presets.ts";

describe("an experiment with a file's changes", () => {
  it("merges objects and replaces lists and numbers", () => {
    const outcome = withConfig(residual, {
      epochs: 3,
      optimizer: { learningRate: 0.1 },
      views: ["whole"],
      augmentation: null,
      sampling: { negativeWeights: { Map: 2 } },
    });
    if (!outcome.ok) throw new Error(outcome.message);
    const { epochs, optimizer, views, augmentation, sampling, layers } = outcome.value;
    expect({ epochs, views, augmentation }).to.deep.equal({ epochs: 3, views: ["whole"], augmentation: null });
    expect(optimizer).to.deep.equal({ ...residual.optimizer, learningRate: 0.1 });
    expect(sampling).to.deep.nested.include({ "negativeWeights.Map": 2 });
    expect(layers).to.equal(residual.layers);
  });

  it("replaces what is of another kind as a whole", () => {
    const outcome = withConfig(residual, { sampling: { kind: "shuffle" } });
    expect(outcome.ok && outcome.value.sampling).to.deep.equal({ kind: "shuffle" });
    const filled = withConfig(baseline, { augmentation: residual.augmentation });
    expect(filled.ok && filled.value.augmentation).to.deep.equal(residual.augmentation);
  });

  it("refuses a field that experiments do not have", () => {
    const outcome = withConfig(baseline, { optimizer: { learning_rate: 0.1 } });
    expect(outcome).to.include({ ok: false, code: "bad-input" });
    expect(!outcome.ok && outcome.message).to.contain("optimizer.learning_rate");
  });
});
