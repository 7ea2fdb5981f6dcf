/** What a run learns from and is judged by: pictures, or fixed features of them. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { TrainingEvent } from "../../../src/contract/engine.ts";
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import type { Preprocessing } from "../../../src/domain/model/model.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import * as tf from "../backends/tensors.ts";
import { loadBackbone } from "../backbone/import.ts";
import { buildFixedNetwork } from "../models/fixed-network.ts";
import type { Network } from "../models/network.ts";
import { BatchStream } from "../stream/batch-stream.ts";
import { PixelStore } from "../stream/pixel-store.ts";
import type { BatchSource } from "../stream/training-batches.ts";
import { FeatureBatches } from "./features/feature-batches.ts";
import { extractFeatures } from "./features/features.ts";
import { fitDictionaries } from "./features/fit-dictionaries.ts";
import { type LogitsOf, pictureLogits } from "./validation.ts";

/** Pixels of validation images that stay in memory; those of the training images do so in the worker that makes the batches. */
const validationMemory = 64 * 2 ** 20;

export interface Material {
  readonly batches: BatchSource;
  /** The fixed network that the trained one is built on, or the backbone that it learns from; null where there is none. */
  readonly backbone: LayersModel | null;
  logitsOf(network: Network): LogitsOf;
  dispose(): void;
}

export interface MaterialRequest {
  readonly run: Run;
  readonly preprocessing: Preprocessing;
  readonly training: readonly DatasetImage[];
  readonly validation: readonly DatasetImage[];
}

/** @throws EngineError `not-cached`, `not-found` where pixels or the backbone are not there */
export async function openMaterial(
  request: MaterialRequest,
  onEvent: (event: TrainingEvent) => void,
  signal: AbortSignal,
): Promise<Material> {
  const use = request.run.experiment.backbone;
  const network = use?.network ? await loadBackbone(use.network) : null;
  try {
    const isBuiltOn = use?.role === "features";
    return await (isBuiltOn ? openFeatures(request, network, onEvent, signal) : openPictures(request, network));
  } catch (error) {
    network?.dispose();
    throw error;
  }
}

async function openPictures(
  { run, preprocessing, training, validation }: MaterialRequest,
  teacher: LayersModel | null,
): Promise<Material> {
  const { datasetId, experiment, positiveClass, split } = run;
  const batches = await BatchStream.open({ experiment, positiveClass, datasetId, images: training });
  try {
    const store = await PixelStore.open(datasetId, experiment.pixels, split.validation, validationMemory);
    return {
      batches,
      backbone: teacher,
      logitsOf: ({ logits }) => pictureLogits(logits, preprocessing, validation, store),
      dispose() {
        batches.dispose();
        teacher?.dispose();
      },
    };
  } catch (error) {
    batches.dispose();
    throw error;
  }
}

async function openFeatures(
  { run, training, validation }: MaterialRequest,
  backbone: LayersModel | null,
  onEvent: (event: TrainingEvent) => void,
  signal: AbortSignal,
): Promise<Material> {
  const { datasetId, experiment, positiveClass } = run;
  const images = [...training, ...validation];
  onEvent({ type: "extracting", done: 0, total: images.length, secondsLeft: null });
  const dictionaries = await fitDictionaries({ experiment, positiveClass, datasetId, training }, signal);
  const fixed = buildFixedNetwork(backbone, dictionaries, experiment.inputSize);
  const task = { fixed: fixed.model, experiment, datasetId, images, trained: training.length };
  const begin = performance.now();
  const onProgress = (done: number, total: number): void => {
    const secondsLeft = ((performance.now() - begin) * (total - done)) / done / 1000;
    onEvent({ type: "extracting", done, total, secondsLeft });
  };
  const features = await extractFeatures(task, onProgress, signal);
  const batches = new FeatureBatches(experiment, positiveClass, training, features.slice(0, training.length));
  const judged = features.slice(training.length).map(({ views }) => views);
  return {
    batches,
    backbone: fixed.model,
    logitsOf:
      ({ logits }) =>
      (from, to) =>
        featureLogits(logits, judged.slice(from, to)),
    dispose: () => fixed.dispose(),
  };
}

/** @param images their rows of features, one a view */
async function featureLogits(
  network: LayersModel,
  images: readonly (readonly Float32Array[])[],
): Promise<Float32Array[][]> {
  const rows = images.flat();
  const width = rows[0]!.length;
  const values = new Float32Array(rows.length * width);
  for (const [place, row] of rows.entries()) values.set(row, place * width);
  const output = tf.tidy(() => network.predictOnBatch(tf.tensor2d(values, [rows.length, width])) as tf.Tensor2D);
  const logits = (await output.data()) as Float32Array;
  const outputs = output.shape[1];
  output.dispose();
  let next = 0;
  return images.map((views) => views.map(() => logits.slice(outputs * next, outputs * ++next)));
}
