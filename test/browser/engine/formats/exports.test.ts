import { BlobReader, configure, TextWriter, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import { type ExportOptions } from "../../../../src/contract/engine.ts";
import type { Model } from "../../../../src/domain/model/model.ts";
import { getWeights, putModel } from "../../../../src/storage/models.ts";
import { loadStored } from "../../../../workers/engine/formats/load.ts";
import { floatToHalf } from "../../../../workers/engine/exports/half.ts";
import { quantized } from "../../../../workers/engine/exports/quantize.ts";
import { halfToFloat } from "../../../../workers/engine/onnx/proto.ts";
import { modelOf } from "../../app/fakes.ts";
import { startEngine, valueOf } from "../engine-worker.ts";

configure({ useWebWorkers: false });

const { service: engine, stop } = startEngine();

/** Everything that Tamis' own networks are made of, a residual block and a dictionary of patches included. */
function network(): tf.LayersModel {
  const { layers } = tf;
  const image = tf.input({ shape: [12, 12, 3] });
  const apply = (layer: tf.layers.Layer, ...from: tf.SymbolicTensor[]) =>
    layer.apply(from.length === 1 ? from[0]! : from) as tf.SymbolicTensor;
  const random = tf.initializers.randomNormal({ stddev: 0.4, seed: 3 });
  const some = { kernelInitializer: random, biasInitializer: random };
  let x = apply(layers.rescaling({ scale: 1 / 255, offset: -0.5 }), image);
  x = apply(layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "relu", ...some }), x);
  let long = apply(layers.depthwiseConv2d({ kernelSize: 3, padding: "same", depthwiseInitializer: random }), x);
  long = apply(layers.batchNormalization({ movingMeanInitializer: random, betaInitializer: random }), long);
  const short = apply(layers.conv2d({ filters: 4, kernelSize: 1, useBias: false, ...some }), x);
  x = apply(layers.activation({ activation: "relu" }), apply(layers.add(), long, short));
  x = apply(layers.averagePooling2d({ poolSize: 2, padding: "same" }), x);
  x = apply(layers.dense({ units: 6, activation: "relu", ...some }), apply(layers.flatten(), x));
  let words = apply(layers.conv2d({ filters: 5, kernelSize: 4, strides: 3, useBias: false, ...some }), image);
  words = apply(layers.layerNormalization({ epsilon: 0.2, center: false, scale: false }), words);
  words = apply(layers.conv2d({ filters: 7, kernelSize: 1, activation: "relu", ...some }), words);
  let colours = apply(layers.rescaling({ scale: 1 / 255 }), image);
  colours = apply(layers.conv2d({ filters: 3, kernelSize: 1, strides: 2, ...some }), colours);
  colours = apply(layers.activation({ activation: "softmax" }), colours);
  x = apply(
    layers.concatenate(),
    x,
    apply(layers.globalAveragePooling2d({}), words),
    apply(layers.globalAveragePooling2d({}), colours),
  );
  return tf.model({ inputs: image, outputs: apply(layers.dense({ units: 3, activation: "softmax", ...some }), x) });
}

describe("exported models, imported again", function () {
  this.timeout(60_000);
  const pictures = tf.randomUniform<tf.Rank.R4>([4, 12, 12, 3], 0, 255, "float32", 5);
  let expected: Float32Array;

  before(async () => {
    valueOf(await engine.start({ choice: "wasm" }));
    await tf.setBackend("cpu");
    const model = network();
    let artifacts: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler((given) => {
        artifacts = given;
        return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(given) });
      }),
    );
    expected = (await (model.predict(pictures) as tf.Tensor).data()) as Float32Array;
    const { metadata, ...rest } = modelOf("original");
    const info: Model = {
      ...rest,
      metadata: {
        ...metadata,
        preprocessing: { ...metadata.preprocessing, inputSize: 12 },
        output: { kind: "softmax", labels: ["Photo", "Text", "Map"], positive: 0 },
      },
    };
    const { modelTopology, weightSpecs, weightData } = artifacts!;
    const weights = new Blob([weightData as ArrayBuffer]);
    await putModel(info, { modelId: "original", topology: modelTopology, weightSpecs, weights });
  });
  after(stop);

  async function again(options: ExportOptions, path: string): Promise<Float32Array> {
    const file = valueOf(await engine.exportModel("original", options));
    const model = valueOf(await engine.importModel([{ path, file }], { origin: "imported" }));
    const loaded = await loadStored((await getWeights(model.id))!);
    const answer = (await loaded.predictOnBatch(pictures).data()) as Float32Array;
    loaded.dispose();
    return answer;
  }

  function largestDifference(actual: Float32Array): number {
    expect(actual.length).to.equal(expected.length);
    return Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)));
  }

  it("give the same probabilities: Tamis, Keras, ONNX", async () => {
    expect(largestDifference(await again({ format: "tamis", precision: "float32" }, "m.zip"))).to.be.below(1e-5);
    expect(largestDifference(await again({ format: "keras", precision: "float32" }, "m.keras"))).to.be.below(1e-5);
    expect(largestDifference(await again({ format: "onnx", precision: "float32" }, "m.onnx"))).to.be.below(1e-5);
  });

  it("with fewer bits are smaller and nearly the same", async () => {
    const size = async (precision: ExportOptions["precision"]) =>
      valueOf(await engine.exportModel("original", { format: "tamis", precision })).size;
    expect(await size("uint8")).to.be.below(await size("float16"));
    expect(await size("float16")).to.be.below(await size("float32"));
    const half = largestDifference(await again({ format: "tamis", precision: "float16" }, "m.zip"));
    expect(half).to.be.above(0).and.below(5e-3);
    expect(largestDifference(await again({ format: "tamis", precision: "uint8" }, "m.zip")))
      .to.be.above(0)
      .and.below(0.1);
  });

  it("keep 16 bits where 8 leave nothing of most channels", async () => {
    // One channel a thousand times the others: 256 steps over its range are larger than these.
    const values = Float32Array.from({ length: 64 }, (_, i) => (i % 4 === 0 ? 1000 : 1) * Math.sin(i));
    const weightSpecs = [{ name: "conv/kernel", shape: [16, 4], dtype: "float32" }];
    const stored = { topology: {}, weightSpecs, weights: new Blob([values]) };
    const kept = await quantized(stored, "uint8");
    expect(kept.weightSpecs).to.have.nested.property("[0].quantization.dtype", "float16");
    const even = { ...stored, weights: new Blob([values.map((_, i) => Math.sin(i))]) };
    expect((await quantized(even, "uint8")).weightSpecs).to.have.nested.property("[0].quantization.dtype", "uint8");
  });

  it("as a job for a cluster hold the network, what to do with pixels, and the programs", async () => {
    const job = valueOf(await engine.exportModel("original", { format: "cluster", precision: "float32" }));
    const reader = new ZipReader(new BlobReader(job));
    const files = new Map<string, string>();
    for (const entry of await reader.getEntries()) {
      if (!entry.directory) files.set(entry.filename, await entry.getData(new TextWriter()));
    }
    expect([...files.keys()]).to.include.members(["README.md", "classify.py", "requirements.txt", "model.onnx"]);
    expect(files.get("README.md")).to.include("Model original").and.not.include("%NAME%");
    // Each module that a program of the job imports is there.
    for (const [, module] of files.get("classify.py")!.matchAll(/^from (decoder|network|pages|pixels) import/gm)) {
      expect(files.has(`${module}.py`), module).to.equal(true);
    }
    const described = JSON.parse(files.get("metadata.json")!) as Model["metadata"];
    const original = modelOf("original").metadata;
    expect(described.preprocessing).to.deep.include({ pixels: original.preprocessing.pixels, scale: 1, offset: 0 });
    expect(described).to.deep.include({ threshold: original.threshold, calibration: original.calibration });
  });

  it("halves are the nearest ones", () => {
    for (const value of [0, 1, -2.5, 65504, 2 ** -24, 2 ** -14, 0.1]) {
      const back = halfToFloat(floatToHalf(value));
      expect(Math.abs(back - value)).to.be.at.most(Math.max(2 ** -25, Math.abs(value) * 2 ** -11));
    }
    expect(halfToFloat(floatToHalf(1e6))).to.equal(Infinity);
    expect(floatToHalf(1 + 2 ** -11)).to.equal(floatToHalf(1));
  });
});
