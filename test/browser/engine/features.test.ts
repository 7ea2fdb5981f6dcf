/** Training on fixed features, a backbone's or dictionaries': computed once, a head on them, one model out of both. */
import { expect } from "chai";
import type { ModelFile } from "../../../src/contract/engine.ts";
import type { Outcome } from "../../../src/contract/outcome.ts";
import type { Backbone } from "../../../src/domain/experiment/backbone.ts";
import type { Dataset } from "../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { withOverrides } from "../../../src/domain/experiment/overrides.ts";
import { compact, features } from "../../../src/domain/experiment/presets.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { listBackbones } from "../../../src/storage/backbones.ts";
import { getWeights } from "../../../src/storage/models.ts";
import { getRun, putRun } from "../../../src/storage/runs.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { smallResidual } from "./small-experiments.ts";
import { tinyBackbone, tinyFeatures, tinySide } from "./tiny-backbone.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

const never = new AbortController().signal;
const ignore = (): void => undefined;

describe("a backbone", function () {
  this.timeout(120_000);
  const { service: engine, stop } = startEngine();
  const take = (files: readonly ModelFile[], name = "Tiny"): Promise<Outcome<Backbone>> =>
    engine.importBackbone({ name, source: { kind: "files", files, range: [-1, 1] } });
  const experimentOn = (network: Backbone): Experiment => ({
    ...withOverrides(features, { size: 24, epochs: 8, batchSize: 12, samplesPerEpoch: 96, learningRate: 0.02 }),
    weightAverage: 0.9,
    backbone: { role: "features", network, crops: 1 },
  });
  const onDictionaries = (network: Backbone | null = null): Experiment => ({
    ...withOverrides(compact, { size: 24, epochs: 8, batchSize: 12, samplesPerEpoch: 96, learningRate: 0.02 }),
    weightAverage: 0.9,
    backbone: {
      role: "features",
      network,
      dictionaries: [
        { type: "colours", words: 4, pooling: 1, strides: 2, sharpness: 30 },
        { type: "patches", words: 6, pooling: 2, strides: 1, patchSize: 3, components: 5 },
      ],
      crops: 1,
    },
  });
  before(async () => {
    valueOf(await engine.start({ choice: "wasm", threads: 2 }));
  });
  after(stop);

  it("is what a model says of its last feature maps, and the same whenever it is imported", async () => {
    const files = await tinyBackbone();
    const backbone = valueOf(await take(files));
    expect(backbone.features).to.equal(tinyFeatures);
    expect(backbone.inputSize).to.equal(tinySide);
    // Two convolutions; the normalisation is in the second one's kernel and bias, and what comes after the feature maps is not taken.
    expect(backbone.parameters).to.equal(3 * 3 * 3 * 4 + 3 * 3 * 4 * 5 + 5);
    expect(valueOf(await take(files)).id).to.equal(backbone.id);
    expect((await listBackbones()).filter(({ id }) => id === backbone.id)).to.have.length(1);
    const wrapped = valueOf(await take(await tinyBackbone(true), "Wrapped"));
    expect(wrapped.features).to.equal(tinyFeatures);
    expect(wrapped.parameters).to.equal(backbone.parameters);
  });

  it("is refused with the reason", async () => {
    const files = await tinyBackbone();
    const without = await take(files.slice(0, 2));
    expect(without).to.include({ ok: false, code: "bad-model", message: "The weight file shard2 is missing." });
    const cut = await take([files[0]!, files[1]!, { path: "tiny/shard2", file: files[2]!.file.slice(4) }]);
    expect(!cut.ok && cut.message).to.match(
      /^shard1, shard2 has \d+ bytes, and the model describes \d+: it was cut off/,
    );
    const graph = new Blob([JSON.stringify({ modelTopology: { node: [] }, weightsManifest: [] })]);
    const unlayered = await take([{ path: "model.json", file: graph }]);
    expect(!unlayered.ok && unlayered.message).to.contain("A model of the format tfjs-graph is no backbone");
    const none = await take(files.slice(1));
    expect(!none.ok && none.message).to.equal("There is no model that Tamis knows in shard1, shard2.");
  });

  it("is trained on, into one model that judges pictures as the run did", async () => {
    const experiment = experimentOn(valueOf(await take(await tinyBackbone())));
    const dataset = await storeTinyDataset(experiment.pixels);
    const before = await engine.memory();
    const request = { experiment, classes: 3, trainingImages: 36, positives: 12, validationImages: 12 };
    const estimate = valueOf(await engine.estimate(request, never));
    expect(estimate.seconds).to.be.above((estimate.secondsPerEpoch * experiment.epochs) / 2);
    expect((await engine.memory()).tensors).to.equal(before.tensors);
    const events: string[] = [];
    const run = await queueRun(dataset, experiment);
    const trained = valueOf(await engine.train(run.id, ({ type }) => void events.push(type), never));
    expect(trained.status).to.equal("finished");
    expect(events).to.include("extracting");
    const last = trained.history.at(-1)!;
    expect(last.validationAccuracy).to.be.above(0.9);
    expect((await engine.memory()).tensors).to.equal(before.tensors);
    // The bundle holds the backbone too, and is imported as any other.
    const zip = valueOf(await engine.exportModel(trained.modelId!, { format: "tamis", precision: "float32" }));
    const imported = valueOf(await engine.importModel([{ path: "model.zip", file: zip }], { origin: "imported" }));
    expect(imported.metadata.parameters).to.equal(trained.engine!.parameters);
    const { validation } = run.split;
    const probabilities = valueOf(
      await engine.predict({ modelId: imported.id, datasetId: dataset.id, imageIds: validation }, ignore, never),
    );
    const right = validation.filter((id, i) => id.startsWith("Photo/") === probabilities[i]! > 0.5).length;
    expect(right / validation.length).to.equal(last.validationAccuracy);
    // What it was built on can be taken out of it again.
    const taken = valueOf(
      await engine.importBackbone({ name: "Again", source: { kind: "model", modelId: imported.id } }),
    );
    const { features: width, parameters } = experiment.backbone!.network!;
    expect(taken).to.include({ features: width, parameters });
  });

  const weightsOf = async ({ modelId }: Run): Promise<Float32Array> =>
    new Float32Array(await (await getWeights(modelId!))!.weights.arrayBuffer());

  const trained = async (dataset: Dataset, experiment: Experiment): Promise<Run> =>
    valueOf(await engine.train((await queueRun(dataset, experiment)).id, ignore, never));

  for (const role of ["features", "dictionaries", "teacher"] as const) {
    it(`goes on from a checkpoint to the weights of an undisturbed run: ${role}`, async () => {
      const network = valueOf(await take(await tinyBackbone()));
      const taught: Experiment = { ...smallResidual, epochs: 3, backbone: { role: "teacher", network, weight: 1 } };
      const experiment = { features: experimentOn(network), dictionaries: onDictionaries(), teacher: taught }[role];
      const dataset = await storeTinyDataset(experiment.pixels);
      const whole = await trained(dataset, experiment);
      const queued = await queueRun(dataset, experiment);
      const stopping = new AbortController();
      const onEvent = (event: { type: string; values?: { epoch: number } }): void => {
        if (event.type === "epoch" && event.values?.epoch === 2) stopping.abort();
      };
      const stopped = valueOf(await engine.train(queued.id, onEvent, stopping.signal));
      expect(stopped.status).to.equal("stopped");
      await putRun({ ...(await getRun(queued.id))!, status: "queued" });
      const resumed = valueOf(await engine.train(queued.id, ignore, never));
      expect(await weightsOf(resumed)).to.deep.equal(await weightsOf(whole));
    });
  }

  it("stands beside dictionaries of the training images, or gives way to them", async () => {
    const network = valueOf(await take(await tinyBackbone()));
    for (const experiment of [onDictionaries(), onDictionaries(network)]) {
      const before = await engine.memory();
      const dataset = await storeTinyDataset(experiment.pixels);
      const request = { experiment, classes: 3, trainingImages: 36, positives: 12, validationImages: 12 };
      const estimate = valueOf(await engine.estimate(request, never));
      const run = await trained(dataset, experiment);
      expect(run.engine!.parameters).to.equal(estimate.parameters);
      expect((await engine.memory()).tensors).to.equal(before.tensors);
      expect(run.history.at(-1)!.validationAccuracy).to.be.above(0.9);
      const { validation } = run.split;
      const judged = { datasetId: dataset.id, imageIds: validation };
      const own = valueOf(await engine.predict({ modelId: run.modelId!, ...judged }, ignore, never));
      for (const format of ["tamis", "keras", "onnx"] as const) {
        const file = valueOf(await engine.exportModel(run.modelId!, { format, precision: "float32" }));
        const path = { tamis: "model.zip", keras: "model.keras", onnx: "model.onnx" }[format];
        const imported = valueOf(await engine.importModel([{ path, file }], { origin: "imported" }));
        const { metadata } = imported;
        expect(metadata.output.labels, format).to.have.length(3);
        if (format !== "tamis") continue;
        const again = valueOf(await engine.predict({ modelId: imported.id, ...judged }, ignore, never));
        for (const [i, probability] of again.entries()) expect(probability).to.be.closeTo(own[i]!, 1e-6);
      }
    }
  });

  it("teaches a network that keeps nothing of it but what it learnt", async () => {
    const network = valueOf(await take(await tinyBackbone()));
    const alone: Experiment = { ...smallResidual, epochs: 2, backbone: { role: "teacher", network: null, weight: 1 } };
    const dataset = await storeTinyDataset(alone.pixels);
    const plain = await trained(dataset, { ...smallResidual, epochs: 2, backbone: null });
    const untaught = await trained(dataset, alone);
    expect(await weightsOf(untaught)).to.deep.equal(await weightsOf(plain));
    const before = await engine.memory();
    const taught = await trained(dataset, { ...alone, backbone: { role: "teacher", network, weight: 1 } });
    expect((await engine.memory()).tensors).to.equal(before.tensors);
    expect(taught.engine!.parameters).to.equal(plain.engine!.parameters);
    const [a, b] = [await weightsOf(taught), await weightsOf(plain)];
    expect(a.length).to.equal(b.length);
    expect(a).not.to.deep.equal(b);
  });
});
