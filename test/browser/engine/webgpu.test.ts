import { expect } from "chai";
import type { BackendChoice } from "../../../src/contract/engine.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { smallBaseline, smallCompact } from "./small-experiments.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

const never = new AbortController().signal;
const ignore = (): void => undefined;

describe("training on webgpu (in software)", function () {
  this.timeout(300_000);
  const { service: engine, stop } = startEngine();

  after(stop);

  async function train(choice: BackendChoice, experiment: Experiment) {
    const info = valueOf(await engine.start({ choice }));
    expect(info.name).to.equal(choice);
    const dataset = await storeTinyDataset(experiment.pixels);
    const run = valueOf(await engine.train((await queueRun(dataset, experiment)).id, ignore, never));
    const { tensors } = await engine.memory();
    const request = { modelId: run.modelId!, datasetId: dataset.id, imageIds: run.split.validation };
    const probabilities = valueOf(await engine.predict(request, ignore, never));
    return { run, tensors, probabilities };
  }

  for (const [name, experiment] of Object.entries({ baseline: smallBaseline, compact: smallCompact })) {
    it(`${name}: reaches what wasm reaches, and leaves no tensor`, async () => {
      const short = { ...experiment, epochs: 2 };
      const wasm = await train("wasm", short);
      const first = await train("webgpu", short);
      expect(first.run.engine?.backend).to.equal("webgpu");
      for (const [i, { loss, validationLoss }] of first.run.history.entries()) {
        expect(loss).to.be.closeTo(wasm.run.history[i]!.loss, 0.02);
        expect(validationLoss).to.be.closeTo(wasm.run.history[i]!.validationLoss, 0.02);
      }
      const second = await train("webgpu", short);
      // From the second one on, the model of the last prediction stays loaded.
      const third = await train("webgpu", short);
      expect(third.tensors).to.equal(second.tensors);
    });
  }
});
