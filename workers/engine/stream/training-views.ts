/** Training views: what the network sees of a cached picture while it learns. The same for batches and for the screen's preview. */
import { Augmenter, drawAugmentation } from "../../../src/domain/augment/augment.ts";
import { drawKerasAugmentation, KerasAugmenter } from "../../../src/domain/augment/keras-augment.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import type { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { type StretchedPicture, ViewMaker } from "./views.ts";

/** Keeps its workspace between calls. */
export class TrainingViews {
  readonly #augmenter = new Augmenter();
  readonly #kerasAugmenter = new KerasAugmenter();
  readonly #experiment: Pick<Experiment, "augmentation" | "pixels">;
  readonly #size: number;
  readonly #plain: ViewMaker;

  /** @param size side of the views, in pixels */
  constructor(experiment: Pick<Experiment, "augmentation" | "pixels">, size: number) {
    this.#experiment = experiment;
    this.#size = size;
    this.#plain = new ViewMaker({ pixels: experiment.pixels, inputSize: size });
  }

  /**
   * Writes one view, `size × size` RGB numbers from 0 to 255, to `target` from `offset` on.
   * @param random what chance decides is drawn from it: as many numbers whether they are used or not
   * @param isRepeat the epoch drew this image before
   */
  write(
    picture: StretchedPicture,
    random: SeededRandom,
    isRepeat: boolean,
    target: Float32Array,
    offset: number,
  ): void {
    const { augmentation, pixels } = this.#experiment;
    if (augmentation?.kind === "crops") {
      const { width, height } = pixels;
      const sizes = { width, height, trueWidth: picture.width, trueHeight: picture.height };
      const draw = drawAugmentation(augmentation, sizes, random);
      this.#augmenter.apply({ data: picture.rgb, width, height }, draw, this.#size, target, offset);
      return;
    }
    this.#plain.write(picture, "whole", target, offset);
    if (!augmentation) return;
    const draw = drawKerasAugmentation(augmentation, random);
    if (augmentation.appliesTo === "all" || isRepeat) {
      this.#kerasAugmenter.apply(target, offset, this.#size, draw, augmentation.fill);
    }
  }
}
