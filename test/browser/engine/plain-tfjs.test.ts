import { BlobReader, BlobWriter, configure, TextWriter, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
import * as tf from "@tensorflow/tfjs";
import { expect } from "chai";
import type { Dataset } from "../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { bytesPerImage, pixelFormatKey } from "../../../src/domain/image/pixel-format.ts";
import { calibrated } from "../../../src/domain/model/calibration.ts";
import type { ModelMetadata } from "../../../src/domain/model/model.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { listShards } from "../../../src/storage/shards.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { smallBaseline, smallResidual } from "./small-experiments.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

configure({ useWebWorkers: false });

const { service: engine, stop } = startEngine();
const never = new AbortController().signal;
const ignore = (): void => undefined;

/** The bundle's model as anybody with tfjs alone opens it: unzipped, and its own metadata read. */
async function openPlainly(zip: Blob): Promise<{ model: tf.LayersModel; metadata: ModelMetadata }> {
  const reader = new ZipReader(new BlobReader(zip));
  const entries = new Map((await reader.getEntries()).map((entry) => [entry.filename, entry]));
  const entry = (name: string) => {
    const found = entries.get(name);
    if (!found || found.directory) throw new Error(`${name} is missing.`);
    return found;
  };
  const { modelTopology, weightsManifest } = JSON.parse(await entry("model.json").getData(new TextWriter())) as {
    modelTopology: object;
    weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
  };
  const metadata = JSON.parse(await entry("metadata.json").getData(new TextWriter())) as ModelMetadata;
  const weights = await entry("weights.bin").getData(new BlobWriter());
  await reader.close();
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest[0]!.weights,
      weightData: await weights.arrayBuffer(),
    }),
  );
  return { model, metadata };
}

async function pixelsOf(dataset: Dataset, experiment: Experiment, imageIds: readonly string[]): Promise<Float32Array> {
  const length = bytesPerImage(experiment.pixels);
  const pixels = new Float32Array(imageIds.length * length);
  for (const shard of await listShards(dataset.id, pixelFormatKey(experiment.pixels))) {
    const bytes = new Uint8Array(await shard.pixels.arrayBuffer());
    for (const [place, id] of shard.imageIds.entries()) {
      const target = imageIds.indexOf(id);
      if (target >= 0) pixels.set(bytes.subarray(place * length, (place + 1) * length), target * length);
    }
  }
  return pixels;
}

describe("exported models in plain tfjs", function () {
  this.timeout(120_000);

  before(async () => {
    await tf.setBackend("cpu");
    valueOf(await engine.start({ choice: "wasm" }));
  });
  after(stop);

  // The whole picture only, so that the network's input is the cached picture.
  const residual = {
    ...smallResidual,
    views: ["whole"],
    pixels: { ...smallResidual.pixels, width: 28, height: 28 },
  } as const;
  for (const experiment of [smallBaseline, residual] satisfies Experiment[]) {
    it(`${experiment.preset} gives the same probabilities`, async () => {
      const dataset = await storeTinyDataset(experiment.pixels);
      const run: Run = valueOf(await engine.train((await queueRun(dataset, experiment)).id, ignore, never));
      const { validation } = run.split;
      const expected = valueOf(
        await engine.predict({ modelId: run.modelId!, datasetId: dataset.id, imageIds: validation }, ignore, never),
      );
      const { model, metadata } = await openPlainly(
        valueOf(await engine.exportModel(run.modelId!, { format: "tamis", precision: "float32" })),
      );
      const { inputSize, scale, offset } = metadata.preprocessing;
      const pixels = await pixelsOf(dataset, experiment, validation);
      const x = tf.tensor4d(
        pixels.map((byte) => byte * scale + offset),
        [validation.length, inputSize, inputSize, 3],
      );
      const outputs = (await (model.predict(x) as tf.Tensor2D).array()).map((row) => {
        const positive = metadata.output.kind === "sigmoid" ? row[0]! : row[metadata.output.positive]!;
        return calibrated(positive, metadata.calibration);
      });
      for (const [place, probability] of outputs.entries()) {
        expect(probability, validation[place]).to.be.closeTo(expected[place]!, 1e-4);
      }
    });
  }
});
