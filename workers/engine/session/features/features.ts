/** What the fixed part of a network says of a dataset's images: computed once an image, since it is not trained. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { DatasetImage } from "../../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../../src/domain/experiment/experiment.ts";
import { dictionariesOf } from "../../../../src/domain/experiment/backbone.ts";
import { pixelFormatKey } from "../../../../src/domain/image/pixel-format.ts";
import * as tf from "../../backends/tensors.ts";
import { PixelStore } from "../../stream/pixel-store.ts";
import { letMessagesIn } from "../../yield.ts";
import { FeatureViews } from "./feature-views.ts";

/** Views that go through it at once. */
const viewsAtOnce = 16;

/** Rows of features, one a view. */
export interface ImageFeatures {
  /** Of the experiment's views, in their order: what is judged by. */
  readonly views: readonly Float32Array[];
  /** Of the same mirrored, and of crops; only of images that are trained on. */
  readonly changed: readonly Float32Array[];
}

export interface FeatureTask {
  readonly fixed: LayersModel;
  readonly experiment: Experiment;
  readonly datasetId: string;
  readonly images: readonly DatasetImage[];
  /** Of the images, the first ones, which are trained on. */
  readonly trained: number;
}

/** Of the last experiment, for the next one: folds and repetitions see the same images again. */
let kept: { readonly key: string; readonly features: Map<string, ImageFeatures> } | null = null;

/**
 * The features of each image.
 * @param onProgress images done, and all of them
 */
export async function extractFeatures(
  task: FeatureTask,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<ImageFeatures[]> {
  const key = keyOf(task);
  const known = kept?.key === key ? kept.features : new Map<string, ImageFeatures>();
  kept = { key, features: known };
  const { images, trained, datasetId, experiment } = task;
  const store = await PixelStore.open(
    datasetId,
    experiment.pixels,
    images.map(({ imageId }) => imageId),
  );
  const extractor = new Extractor(task);
  for (const [index, image] of images.entries()) {
    const before = known.get(image.imageId);
    const isTrained = index < trained;
    if (!before || (isTrained && before.changed.length === 0)) {
      await letMessagesIn();
      signal.throwIfAborted();
      const [pixels] = await store.read([index]);
      const views = before?.views ?? (await extractor.views(image, pixels!));
      const changed = isTrained ? await extractor.changed(image, pixels!) : [];
      known.set(image.imageId, { views, changed });
    }
    onProgress(index + 1, images.length);
  }
  return images.map(({ imageId }) => known.get(imageId)!);
}

function keyOf({ datasetId, experiment, images, trained }: FeatureTask): string {
  const { backbone, pixels, inputSize, views, augmentation, seed } = experiment;
  // Dictionaries hang on the images that they were fitted to.
  const fittedTo = dictionariesOf(backbone).length > 0 ? images.slice(0, trained).map(({ imageId }) => imageId) : [];
  return JSON.stringify([datasetId, backbone, pixelFormatKey(pixels), inputSize, views, augmentation, seed, fittedTo]);
}

class Extractor {
  readonly #fixed: LayersModel;
  readonly #inputSize: number;
  readonly #maker: FeatureViews;

  constructor({ fixed, experiment }: FeatureTask) {
    this.#fixed = fixed;
    this.#inputSize = experiment.inputSize;
    this.#maker = new FeatureViews(experiment);
  }

  views(image: DatasetImage, pixels: Uint8Array): Promise<Float32Array[]> {
    return this.#rows(this.#maker.views(image, pixels));
  }

  changed(image: DatasetImage, pixels: Uint8Array): Promise<Float32Array[]> {
    return this.#rows([...this.#maker.mirrored(image, pixels), ...this.#maker.crops(image, pixels)]);
  }

  async #rows(views: readonly Float32Array[]): Promise<Float32Array[]> {
    const inputSize = this.#inputSize;
    const numbers = inputSize ** 2 * 3;
    const rows: Float32Array[] = [];
    for (let begin = 0; begin < views.length; begin += viewsAtOnce) {
      const batch = views.slice(begin, begin + viewsAtOnce);
      const pixels = new Float32Array(batch.length * numbers);
      for (const [place, view] of batch.entries()) pixels.set(view, place * numbers);
      const output = tf.tidy(() => {
        const x = tf.tensor4d(pixels, [batch.length, inputSize, inputSize, 3]);
        return this.#fixed.predictOnBatch(x) as tf.Tensor2D;
      });
      const values = (await output.data()) as Float32Array;
      const width = output.shape[1];
      output.dispose();
      for (let row = 0; row < batch.length; row++) rows.push(values.slice(row * width, (row + 1) * width));
    }
    return rows;
  }
}
