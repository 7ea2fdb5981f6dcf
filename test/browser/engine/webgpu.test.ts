import { expect } from "chai";
import type { BackendChoice, TrainingEvent } from "../../../src/contract/engine.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { memoryEstimate } from "../../../src/domain/experiment/memory-estimate.ts";
import { getRun } from "../../../src/storage/runs.ts";
import { startEngine, startLosingEngine, valueOf } from "./engine-worker.ts";
import { measurementOf } from "./measurement.ts";
import { smallBaseline, smallResidual } from "./small-experiments.ts";
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

  for (const [name, experiment] of Object.entries({ baseline: smallBaseline, residual: smallResidual })) {
    it(`${name}: reaches what wasm reaches, and leaves no tensor`, async () => {
      const short = { ...experiment, epochs: 2 };
      const wasm = await train("wasm", short);
      const first = await train("webgpu", short);
      expect(first.run.engine?.backend).to.equal("webgpu");
      for (const [i, { loss, validationLoss }] of first.run.history.entries()) {
        expect(loss).to.be.closeTo(wasm.run.history[i]!.loss, 0.02);
        expect(validationLoss).to.be.closeTo(wasm.run.history[i]!.validationLoss, 0.02);
      }
      const shorter = { ...short, epochs: 1 };
      const second = await train("webgpu", shorter);
      const outputs = experiment.output === "binary" ? 1 : 3;
      if (name === "baseline") {
        const { bytes } = memoryEstimate(short, outputs, "webgpu");
        expect(first.run.engine!.peakHeapBytes / bytes).to.be.within(0.75, 1.25);
      }
      // From the second one on, the model of the last prediction stays loaded.
      const third = await train("webgpu", shorter);
      expect(third.tensors).to.equal(second.tensors);
    });
  }

  it("holds after 12 steps what it held after 4", async () => {
    valueOf(await engine.start({ choice: "webgpu" }));
    const measurement = await measurementOf(engine);
    const task = { experiment: { ...smallBaseline, batchSize: 2 }, outputs: 1, warmup: 0 };
    const few = valueOf(await measurement.trainingSteps({ ...task, steps: 4 }));
    const { tensors } = await engine.memory();
    const many = valueOf(await measurement.trainingSteps({ ...task, steps: 12 }));
    expect((await engine.memory()).tensors).to.equal(tensors);
    expect(many.peakHeapBytes).to.equal(few.peakHeapBytes);
  });
});

describe("a GPU that is taken away", function () {
  this.timeout(120_000);
  const { service: engine, worker, stop } = startLosingEngine();

  after(stop);

  it("ends the run with its reason, and the next call gets another one", async () => {
    valueOf(await engine.start({ choice: "webgpu" }));
    const experiment = { ...smallBaseline, epochs: 50 };
    const run = await queueRun(await storeTinyDataset(experiment.pixels), experiment);
    const onEvent = (event: TrainingEvent): void => {
      if (event.type === "started") worker.postMessage("lose the GPU");
    };
    const outcome = await engine.train(run.id, onEvent, never);
    expect(outcome).to.include({ ok: false, code: "device-lost", message: "The GPU was taken away: unplugged" });
    expect(await getRun(run.id)).to.include({ status: "failed", problem: "the GPU was taken away: unplugged" });
    const info = valueOf(await engine.start({ choice: "webgpu" }));
    expect(info.name).to.equal("webgpu");
  });
});
