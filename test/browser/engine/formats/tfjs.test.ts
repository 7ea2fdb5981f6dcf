import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import type { ModelFile } from "../../../../src/contract/engine.ts";
import { getWeights } from "../../../../src/storage/models.ts";
import { startEngine, valueOf } from "../engine-worker.ts";

const { service: engine, stop } = startEngine();
const origin = { origin: "imported" } as const;
const encoder = new TextEncoder();

function classifier(last: "softmax" | "sigmoid" | "linear", units: number): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 12, 3], filters: 2, kernelSize: 3, activation: "relu" }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units, activation: last }),
    ],
  });
}

interface Saved {
  readonly description: Record<string, unknown>;
  readonly weights: Uint8Array<ArrayBuffer>;
  readonly specs: tf.io.WeightsManifestEntry[];
}

async function saved(model: tf.LayersModel): Promise<Saved> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((given) => {
      artifacts = given;
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) });
    }),
  );
  const weights = new Uint8Array(artifacts!.weightData as ArrayBuffer);
  return { description: { modelTopology: artifacts!.modelTopology }, weights, specs: artifacts!.weightSpecs! };
}

/** As loose files in a folder, the weights in two shards. */
function filesOf({ description, weights, specs }: Saved, change: object = {}): ModelFile[] {
  const weightsManifest = [{ paths: ["group1-shard1of2", "group1-shard2of2"], weights: specs }];
  const json = JSON.stringify({ format: "layers-model", ...description, weightsManifest, ...change });
  const file = (path: string, content: BlobPart) => ({ path: `photos/${path}`, file: new Blob([content]) });
  return [
    file("model.json", encoder.encode(json)),
    file("group1-shard1of2", weights.slice(0, 20)),
    file("group1-shard2of2", weights.slice(20)),
  ];
}

const teachable = (packageName: string): ModelFile => ({
  path: "photos/metadata.json",
  file: new Blob([JSON.stringify({ packageName, modelName: "Sorter", labels: ["Photos", "Text"], imageSize: 12 })]),
});

describe("tfjs models from elsewhere", function () {
  this.timeout(60_000);
  let softmax: Saved;

  before(async () => {
    valueOf(await engine.start({ choice: "wasm" }));
    softmax = await saved(classifier("softmax", 2));
  });
  after(stop);

  it("a LayersModel in shards is stored as it is, with what nobody says as questions, and leaves no tensor", async () => {
    const before = (await engine.memory()).tensors;
    const model = valueOf(await engine.importModel(filesOf(softmax), origin));
    expect((await engine.memory()).tensors).to.equal(before);
    expect(model.format).to.equal("tfjs-layers");
    expect(model.questions).to.deep.equal(["output", "preprocessing"]);
    expect(model.metadata.name).to.equal("photos");
    expect(model.metadata.output).to.deep.equal({ kind: "softmax", labels: ["Class 0", "Class 1"], positive: 1 });
    expect(model.metadata.preprocessing).to.include({ inputSize: 12, offset: 0 });
    const stored = await getWeights(model.id);
    expect(new Uint8Array(await stored!.weights.arrayBuffer())).to.deep.equal(softmax.weights);
  });

  it("one sigmoid has two labels; a network without a last activation gives logits", async () => {
    const sigmoid = valueOf(await engine.importModel(filesOf(await saved(classifier("sigmoid", 1))), origin));
    expect(sigmoid.metadata.output).to.include({ kind: "sigmoid", positive: 1 }).and.not.have.property("logits");
    const linear = valueOf(await engine.importModel(filesOf(await saved(classifier("linear", 3))), origin));
    expect(linear.metadata.output).to.include({ kind: "softmax", logits: true });
    expect(linear.metadata.version).to.equal(2);
  });

  it("a Teachable Machine image export leaves nothing to ask where a label says photo", async () => {
    const model = valueOf(
      await engine.importModel([...filesOf(softmax), teachable("@teachablemachine/image")], origin),
    );
    expect(model).to.include({ format: "teachable-machine" }).and.not.have.property("questions");
    expect(model.metadata.name).to.equal("Sorter");
    expect(model.metadata.output).to.deep.equal({ kind: "softmax", labels: ["Photos", "Text"], positive: 0 });
    expect(model.metadata.preprocessing).to.deep.include({ scale: 1 / 127.5, offset: -1 });
    expect(model.metadata.preprocessing.pixels).to.deep.include({ aspect: "crop" });
  });

  it("weights of 8 bits are float32 again", async () => {
    const kernel = softmax.specs[0]!;
    const size = kernel.shape.reduce((product, n) => product * n, 1);
    const quantization = { dtype: "uint8", scale: 0.5, min: -1 };
    const specs = [{ ...kernel, quantization }, ...softmax.specs.slice(1)] as tf.io.WeightsManifestEntry[];
    const weights = Uint8Array.of(...new Uint8Array(size).fill(3), ...softmax.weights.slice(4 * size));
    const model = valueOf(await engine.importModel(filesOf({ ...softmax, specs, weights }), origin));
    const stored = await getWeights(model.id);
    const values = new Float32Array(await stored!.weights.slice(0, 4 * size).arrayBuffer());
    expect([...values]).to.deep.equal(Array(size).fill(0.5));
  });

  it("says by name what is wrong", async () => {
    const files = filesOf(softmax);
    const topology = softmax.description.modelTopology as { config: { layers: { class_name: string }[] } };
    const withLambda = structuredClone(topology);
    withLambda.config.layers[1]!.class_name = "Lambda";
    const [first, ...rest] = softmax.specs;
    const cases: readonly [ModelFile[], string][] = [
      [files.slice(0, 2), "The weight file group1-shard2of2 is missing"],
      [files.slice(1), "no model that Tamis knows"],
      [filesOf(softmax, { modelTopology: null }), "modelTopology is null"],
      [filesOf(softmax, { modelTopology: withLambda }), "does not run: Lambda"],
      [filesOf({ ...softmax, weights: softmax.weights.slice(4) }), "cut off"],
      [filesOf({ ...softmax, specs: [{ ...first!, name: "other/kernel" }, ...rest] }), "do not make a network"],
      [[...files, teachable("@teachablemachine/pose")], "a Teachable Machine pose model"],
      [
        [{ path: "model.h5", file: new Blob(["version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"]) }],
        "model.h5 is a Git LFS pointer",
      ],
      [[{ path: "a/saved_model.pb", file: new Blob(["x"]) }], "SavedModel"],
      [filesOf(await saved(tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 2 })] }))), "no picture"],
    ];
    const before = (await engine.memory()).tensors;
    for (const [given, message] of cases) {
      const outcome = await engine.importModel(given, origin);
      if (outcome.ok) throw new Error(`taken, and should not be: ${message}`);
      expect(outcome.code).to.equal("bad-model");
      expect(outcome.message).to.include(message);
      expect(outcome.remedy).to.not.equal("");
    }
    expect((await engine.memory()).tensors).to.equal(before);
  });
});
