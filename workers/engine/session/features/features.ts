/** What a backbone says of a dataset's images: computed once an image, since it is not trained. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { Augmenter, drawAugmentation } from "../../../../src/domain/augment/augment.ts";
import type { DatasetImage } from "../../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../../src/domain/experiment/experiment.ts";
import { pixelFormatKey } from "../../../../src/domain/image/pixel-format.ts";
import { SeededRandom } from "../../../../src/domain/random/seeded-random.ts";
import * as tf from "../../backends/tensors.ts";
import { PixelStore } from "../../stream/pixel-store.ts";
import { ViewMaker } from "../../stream/views.ts";
import { letMessagesIn } from "../../yield.ts";

/** Views that go through the backbone at once. */
const viewsAtOnce = 16;

/** Rows of features, one a view. */
export interface ImageFeatures {
  /** Of the experiment's views, in their order: what is judged by. */
  readonly views: readonly Float32Array[];
  /** Of the same mirrored, and of crops; only of images that are trained on. */
  readonly changed: readonly Float32Array[];
}

export interface FeatureTask {
  readonly backbone: LayersModel;
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

function keyOf({ datasetId, experiment }: FeatureTask): string {
  const { backbone, pixels, inputSize, views, augmentation, seed } = experiment;
  return JSON.stringify([datasetId, backbone, pixelFormatKey(pixels), inputSize, views, augmentation, seed]);
}

class Extractor {
  readonly #backbone: LayersModel;
  readonly #experiment: Experiment;
  readonly #maker: ViewMaker;
  readonly #augmenter = new Augmenter();
  readonly #numbers: number;

  constructor({ backbone, experiment }: FeatureTask) {
    this.#backbone = backbone;
    this.#experiment = experiment;
    this.#maker = new ViewMaker(experiment);
    this.#numbers = experiment.inputSize ** 2 * 3;
  }

  views(image: DatasetImage, pixels: Uint8Array): Promise<Float32Array[]> {
    return this.#rows(this.#makeViews(image, pixels));
  }

  changed(image: DatasetImage, pixels: Uint8Array): Promise<Float32Array[]> {
    const { augmentation } = this.#experiment;
    if (augmentation?.kind !== "crops") return Promise.resolve([]);
    const mirrored = augmentation.horizontalFlip ? this.#makeViews(image, pixels) : [];
    for (const view of mirrored) mirror(view, this.#experiment.inputSize);
    return this.#rows([...mirrored, ...this.#makeCrops(image, pixels)]);
  }

  #makeViews({ width, height }: DatasetImage, rgb: Uint8Array): Float32Array[] {
    return this.#experiment.views.map((view) => {
      const target = new Float32Array(this.#numbers);
      this.#maker.write({ rgb, width, height }, view, target, 0);
      return target;
    });
  }

  #makeCrops(image: DatasetImage, data: Uint8Array): Float32Array[] {
    const { augmentation, backbone, pixels, inputSize, seed } = this.#experiment;
    if (augmentation?.kind !== "crops" || backbone?.role !== "features") return [];
    const { width, height } = pixels;
    const sizes = { width, height, trueWidth: image.width, trueHeight: image.height };
    // Of its own for each image: which others there are changes nothing.
    const random = new SeededRandom(seed, hashOf(image.imageId));
    return Array.from({ length: backbone.crops }, () => {
      const target = new Float32Array(this.#numbers);
      const draw = drawAugmentation(augmentation, sizes, random);
      this.#augmenter.apply({ data, width, height }, draw, inputSize, target, 0);
      return target;
    });
  }

  async #rows(views: readonly Float32Array[]): Promise<Float32Array[]> {
    const { inputSize } = this.#experiment;
    const rows: Float32Array[] = [];
    for (let begin = 0; begin < views.length; begin += viewsAtOnce) {
      const batch = views.slice(begin, begin + viewsAtOnce);
      const pixels = new Float32Array(batch.length * this.#numbers);
      for (const [place, view] of batch.entries()) pixels.set(view, place * this.#numbers);
      const output = tf.tidy(() => {
        const x = tf.tensor4d(pixels, [batch.length, inputSize, inputSize, 3]);
        return this.#backbone.predictOnBatch(x) as tf.Tensor2D;
      });
      const values = (await output.data()) as Float32Array;
      const width = output.shape[1];
      output.dispose();
      for (let row = 0; row < batch.length; row++) rows.push(values.slice(row * width, (row + 1) * width));
    }
    return rows;
  }
}

/** Left and right change places, in place: `size × size` RGB numbers. */
function mirror(view: Float32Array, size: number): void {
  for (let row = 0; row < size; row++) {
    for (let left = 0, right = size - 1; left < right; left++, right--) {
      for (let channel = 0; channel < 3; channel++) {
        const [a, b] = [(row * size + left) * 3 + channel, (row * size + right) * 3 + channel];
        [view[a], view[b]] = [view[b]!, view[a]!];
      }
    }
  }
}

/** FNV-1a of the text's UTF-16 units; never 0, which is no stream of its own. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
