/** The views of an image whose features a network learns from. */
import { Augmenter, drawAugmentation } from "../../../../src/domain/augment/augment.ts";
import type { DatasetImage } from "../../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../../src/domain/experiment/experiment.ts";
import { SeededRandom } from "../../../../src/domain/random/seeded-random.ts";
import { ViewMaker } from "../../stream/views.ts";

/** All views: [inputSize, inputSize, 3], 0 to 255. */
export class FeatureViews {
  readonly #experiment: Experiment;
  readonly #maker: ViewMaker;
  readonly #augmenter = new Augmenter();
  readonly #numbers: number;

  constructor(experiment: Experiment) {
    this.#experiment = experiment;
    this.#maker = new ViewMaker(experiment);
    this.#numbers = experiment.inputSize ** 2 * 3;
  }

  /** The experiment's, in their order. */
  views({ width, height }: DatasetImage, rgb: Uint8Array): Float32Array[] {
    return this.#experiment.views.map((view) => {
      const target = new Float32Array(this.#numbers);
      this.#maker.write({ rgb, width, height }, view, target, 0);
      return target;
    });
  }

  /** The same mirrored, where the augmentation mirrors. */
  mirrored(image: DatasetImage, pixels: Uint8Array): Float32Array[] {
    const { augmentation, inputSize } = this.#experiment;
    if (augmentation?.kind !== "crops" || !augmentation.horizontalFlip) return [];
    const views = this.views(image, pixels);
    for (const view of views) mirror(view, inputSize);
    return views;
  }

  /**
   * As many random ones as the experiment says, the same for an image whatever others there are.
   * @param most the first ones of them
   */
  crops(image: DatasetImage, data: Uint8Array, most = Infinity): Float32Array[] {
    const { augmentation, backbone, pixels, inputSize, seed } = this.#experiment;
    if (augmentation?.kind !== "crops" || backbone?.role !== "features") return [];
    const { width, height } = pixels;
    const sizes = { width, height, trueWidth: image.width, trueHeight: image.height };
    const random = new SeededRandom(seed, hashOf(image.imageId));
    return Array.from({ length: Math.min(most, backbone.crops) }, () => {
      const target = new Float32Array(this.#numbers);
      const draw = drawAugmentation(augmentation, sizes, random);
      this.#augmenter.apply({ data, width, height }, draw, inputSize, target, 0);
      return target;
    });
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
