import { expect } from "chai";
import type { TrainingEvent } from "../../../src/contract/engine.ts";
import type { Dataset } from "../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { calibrated } from "../../../src/domain/model/calibration.ts";
import { positiveOf } from "../../../src/domain/model/output.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { deleteDataset } from "../../../src/storage/datasets.ts";
import { deleteModel, getModel, getWeights } from "../../../src/storage/models.ts";
import { getRun } from "../../../src/storage/runs.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { smallBaseline, smallResidual } from "./small-experiments.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

const { service: engine, stop } = startEngine();
const never = new AbortController().signal;
const ignore = (): void => undefined;

interface Trained {
  readonly dataset: Dataset;
  readonly run: Run;
  readonly events: readonly TrainingEvent[];
}

async function train(experiment: Experiment, classNames?: string[]): Promise<Trained> {
  const dataset = await storeTinyDataset(experiment.pixels, classNames);
  const queued = await queueRun(dataset, experiment);
  const events: TrainingEvent[] = [];
  const run = valueOf(await engine.train(queued.id, (event) => events.push(event), never));
  return { dataset, run, events };
}

async function weightsOf(run: Run): Promise<Float32Array> {
  const stored = await getWeights(run.modelId!);
  return new Float32Array(await stored!.weights.arrayBuffer());
}

describe("training on wasm", function () {
  this.timeout(120_000);

  before(async () => {
    valueOf(await engine.start({ choice: "wasm" }));
  });

  after(stop);

  for (const [name, experiment] of Object.entries({ baseline: smallBaseline, residual: smallResidual })) {
    it(`${name}: the loss falls, and run and model are stored`, async () => {
      const { run, events } = await train({ ...experiment, epochs: 4 });
      expect(run.status).to.equal("finished");
      expect(run.history.map(({ epoch }) => epoch)).to.deep.equal([1, 2, 3, 4]);
      expect(run.history.at(-1)!.validationLoss).to.be.below(run.history[0]!.validationLoss);
      expect(run.engine!.millisecondsPerStep).to.be.above(0);
      expect(run.engine!.peakHeapBytes).to.be.above(1_000_000);
      expect(await getRun(run.id)).to.deep.equal(run);
      const model = await getModel(run.modelId!);
      expect(model?.runId).to.equal(run.id);
      expect(model?.metadata.training?.history).to.deep.equal(run.history);
      expect(model?.metadata.parameters).to.equal(run.engine!.parameters);
      const { positive, negative } = model!.metadata.images!;
      const summarised = [...positive.brightness, ...negative.brightness].reduce((sum, count) => sum + count, 0);
      expect(summarised).to.equal(run.split.training.length);
      expect((await weightsOf(run)).length).to.equal(run.engine!.parameters);
      const kernels = run.kernels!;
      expect(kernels.map(({ layer }) => layer)).to.include.members(["conv1", "logits"]);
      const [first] = kernels;
      expect(first!.count).to.equal(3 * 3 * 3 * (name === "baseline" ? 16 : 24));
      expect(first!.squareSum).to.be.within(first!.absoluteSum ** 2 / first!.count, first!.count);
      expect(first!.nearZeroCount).to.be.below(first!.count / 4);
      expect(events[0]?.type).to.equal("started");
      const epochs = events.filter((event) => event.type === "epoch");
      expect(epochs.map(({ values }) => values)).to.deep.equal(run.history);
      expect(epochs.map(({ secondsLeft }) => secondsLeft).at(-1)).to.equal(0);
    });

    it(`${name}: one seed gives one run, another seed another, and no tensor is left behind`, async () => {
      const first = await train(experiment);
      const before = (await engine.memory()).tensors;
      const second = await train(experiment);
      expect((await engine.memory()).tensors).to.equal(before);
      const other = await train({ ...experiment, seed: experiment.seed + 1 });
      const values = ({ run }: Trained) => run.history.map(({ loss, validationLoss }) => [loss, validationLoss]);
      expect(values(second)).to.deep.equal(values(first));
      expect(await weightsOf(second.run)).to.deep.equal(await weightsOf(first.run));
      expect(await weightsOf(other.run)).not.to.deep.equal(await weightsOf(first.run));
    });
  }

  it("compact trains on a dataset of two classes", async () => {
    const { run } = await train(smallResidual, ["Photo", "Rest"]);
    expect(run.status).to.equal("finished");
    const { output } = (await getModel(run.modelId!))!.metadata;
    expect(output).to.deep.equal({ kind: "softmax", labels: ["Photo", "Rest"], positive: 0 });
  });

  it("stopping keeps what the last finished epoch reached, and frees every tensor", async () => {
    const before = (await engine.memory()).tensors;
    const dataset = await storeTinyDataset(smallBaseline.pixels);
    const queued = await queueRun(dataset, { ...smallBaseline, epochs: 50_000 });
    const controller = new AbortController();
    const onEvent = (event: TrainingEvent): void => {
      if (event.type === "epoch" && event.values.epoch === 2) controller.abort();
    };
    const run = valueOf(await engine.train(queued.id, onEvent, controller.signal));
    expect(run.status).to.equal("stopped");
    expect(run.history.length).to.be.within(2, 1000);
    expect(await getRun(run.id)).to.deep.equal(run);
    const model = await getModel(run.modelId!);
    expect(model?.metadata.training?.epochs).to.equal(run.history.length);
    expect((await engine.memory()).tensors).to.equal(before);
  });

  it("trains one run at a time", async () => {
    const dataset = await storeTinyDataset(smallBaseline.pixels);
    const [first, second] = [
      await queueRun(dataset, { ...smallBaseline, epochs: 50_000 }),
      await queueRun(dataset, smallBaseline),
    ];
    const controller = new AbortController();
    let started = ignore;
    const hasStarted = new Promise<void>((resolve) => (started = resolve));
    const training = engine.train(first.id, (event) => event.type === "started" && started(), controller.signal);
    await hasStarted;
    const refused = await engine.train(second.id, ignore, never);
    expect(refused).to.include({ ok: false, code: "busy" });
    expect(await engine.start({ choice: "wasm", threads: 1 })).to.include({ ok: false, code: "busy" });
    controller.abort();
    valueOf(await training);
    expect((await getRun(second.id))?.status).to.equal("queued");
  });

  it("a loss that is no number ends the run with an explanation", async () => {
    const before = (await engine.memory()).tensors;
    const dataset = await storeTinyDataset(smallBaseline.pixels);
    const optimizer = { ...smallBaseline.optimizer, learningRate: 10 };
    const layers = smallBaseline.layers.map((layer) => (layer.type === "rescaling" ? { ...layer, scale: 1e8 } : layer));
    const queued = await queueRun(dataset, { ...smallBaseline, epochs: 60, optimizer, layers });
    const outcome = await engine.train(queued.id, ignore, never);
    expect(outcome).to.include({ ok: false, code: "diverged" });
    expect((await getRun(queued.id))?.status).to.equal("failed");
    expect((await getRun(queued.id))?.problem).to.include("no longer a number");
    expect((await engine.memory()).tensors).to.equal(before);
  });

  it("refuses what cannot be trained, with a reason", async () => {
    const dataset = await storeTinyDataset(smallBaseline.pixels);
    const codeOf = async (run: Run) => {
      const outcome = await engine.train(run.id, ignore, never);
      return outcome.ok ? "ok" : outcome.code;
    };
    expect(await codeOf(await queueRun(dataset, { ...smallBaseline, epochs: 0 }))).to.equal("bad-input");
    const wider = { ...smallBaseline.pixels, width: 17 };
    expect(await codeOf(await queueRun(dataset, { ...smallBaseline, pixels: wider }))).to.equal("not-cached");
    const { run } = await train(smallBaseline);
    expect(await codeOf(run)).to.equal("bad-input");
    const orphan = await queueRun(dataset, smallBaseline);
    await deleteDataset(dataset.id);
    expect(await codeOf(orphan)).to.equal("not-found");
    expect(await codeOf({ ...orphan, id: "none" })).to.equal("not-found");
  });

  it("predicts cached images as they were judged in training", async () => {
    for (const experiment of [smallBaseline, smallResidual]) {
      const { dataset, run } = await train(experiment);
      const before = (await engine.memory()).tensors;
      const { validation } = run.split;
      const request = { modelId: run.modelId!, datasetId: dataset.id, imageIds: validation };
      const probabilities = valueOf(await engine.predict(request, ignore, never));
      const { outputs, millisecondsPerImage } = valueOf(await engine.outputs(request, ignore, never));
      expect(millisecondsPerImage).to.be.above(0);
      const { output, calibration } = (await getModel(run.modelId!))!.metadata;
      const derived = positiveOf(output, outputs).map((p) => calibrated(p, calibration));
      expect(derived).to.deep.equal(probabilities);
      const right = validation.filter((id, i) => probabilities[i]! > 0.5 === id.startsWith("Photo/"));
      expect(right.length / validation.length).to.equal(run.history.at(-1)!.validationAccuracy);
      const [last] = valueOf(await engine.predict({ ...request, imageIds: validation.slice(-1) }, ignore, never));
      expect(last).to.be.closeTo(probabilities.at(-1)!, 1e-5);
      expect(await engine.predict(request, ignore, AbortSignal.abort())).to.include({ ok: false, code: "cancelled" });
      await deleteModel(run.modelId!);
      expect(await engine.predict(request, ignore, never)).to.include({ ok: false, code: "not-found" });
      expect((await engine.memory()).tensors).to.equal(before);
    }
  });
});
