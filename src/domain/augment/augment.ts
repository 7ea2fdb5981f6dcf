/** Random changes to training images. */
import type { CropAugmentation } from "../experiment/experiment.ts";
import type { SeededRandom } from "../random/seeded-random.ts";
import { Blurrer } from "./blur.ts";
import { changeColour } from "./colour.ts";
import { JpegArtefacts } from "./jpeg.ts";
import { type Picture, Resampler } from "./resample.ts";
import { type PictureSizes, randomCrop } from "./views.ts";

/** Everything that chance decides about one view, drawn before any pixel is touched. */
export interface AugmentationDraw {
  readonly crop: ReturnType<typeof randomCrop>;
  readonly mirrored: boolean;
  /** Side of the view while it is small, as a share; null: not rescaled. */
  readonly rescale: number | null;
  /** In pixels of the view; null: not blurred. */
  readonly blurSigma: number | null;
  readonly jpegQuality: number | null;
  readonly contrast: number;
  readonly brightness: number;
  readonly saturation: number;
  readonly gains: readonly [number, number, number];
}

/** Draws one view's changes. The ranges are those of `CropAugmentation`; rescale 0.45–0.95, σ 0.3–1.2, quality 30–95. */
export function drawAugmentation(
  augmentation: CropAugmentation,
  sizes: PictureSizes,
  random: SeededRandom,
): AugmentationDraw {
  const around = (range: number) => 1 + random.uniform(-range, range);
  const crop = randomCrop(sizes, augmentation.minimumCropArea, augmentation.logAspect, random);
  // Every number is drawn whether it is used or not, so that one setting does not shift the draws of another.
  const mirrored = random.chance(0.5) && augmentation.horizontalFlip;
  const rescale = chosen(random, augmentation.rescaleProbability, random.uniform(0.45, 0.95));
  const blurSigma = chosen(random, augmentation.blurProbability, random.uniform(0.3, 1.2));
  const jpegQuality = chosen(random, augmentation.jpegProbability, 30 + random.int(66));
  const contrast = around(augmentation.contrast);
  const brightness = random.uniform(-augmentation.brightness, augmentation.brightness);
  const colourful = around(augmentation.saturation);
  const gains = [
    around(augmentation.channelGain),
    around(augmentation.channelGain),
    around(augmentation.channelGain),
  ] as const;
  const saturation = random.chance(augmentation.greyProbability) ? 0 : colourful;
  return { crop, mirrored, rescale, blurSigma, jpegQuality, contrast, brightness, saturation, gains };
}

function chosen(random: SeededRandom, probability: number, value: number): number | null {
  return random.chance(probability) ? value : null;
}

/** Makes augmented views; keeps its workspace between calls. */
export class Augmenter {
  readonly #resampler = new Resampler();
  readonly #blurrer = new Blurrer();
  readonly #jpeg = new JpegArtefacts();
  #small = new Float32Array(0);

  /**
   * Writes one augmented view, `size × size` RGB numbers from 0 to 255, to `target` from `offset` on: crop and flip, rescale, blur, JPEG,
   * then colour.
   */
  apply(source: Picture, draw: AugmentationDraw, size: number, target: Float32Array, offset: number): void {
    this.#resampler.resample(source, draw.crop, target, offset, size, size, draw.mirrored);
    if (draw.rescale !== null) this.#rescale(draw.rescale, size, target, offset);
    if (draw.blurSigma !== null) this.#blurrer.blur(target, offset, size, draw.blurSigma);
    if (draw.jpegQuality !== null) this.#jpeg.apply(target, offset, size, draw.jpegQuality);
    changeColour(target, offset, size * size, draw);
  }

  #rescale(share: number, size: number, target: Float32Array, offset: number): void {
    const side = Math.max(1, Math.round(size * share));
    if (this.#small.length < size * size * 3) this.#small = new Float32Array(size * size * 3);
    const view = target.subarray(offset, offset + size * size * 3);
    const whole = (length: number) => ({ left: 0, top: 0, width: length, height: length });
    this.#resampler.resample({ data: view, width: size, height: size }, whole(size), this.#small, 0, side, side);
    this.#resampler.resample({ data: this.#small, width: side, height: side }, whole(side), view, 0, size, size);
  }
}
