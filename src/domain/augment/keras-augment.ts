/** The notebook's augmentation, and what a scan may bring on top of it. */
import type { KerasAugmentation } from "../experiment/experiment.ts";
import type { SeededRandom } from "../random/seeded-random.ts";
import {
  type Fill,
  flipTransform,
  rotationTransform,
  type Transform,
  transformPicture,
  zoomTransform,
} from "./affine.ts";
import { Blurrer } from "./blur.ts";
import { changeColour } from "./colour.ts";
import { JpegArtefacts } from "./jpeg.ts";

/** A soft shadow from one side inwards. */
export interface Shadow {
  /** 0 left, 1 top, 2 right, 3 bottom. */
  readonly side: number;
  /** How far it reaches, as a share of the picture. */
  readonly reach: number;
  /** How much light it takes at the edge, as a share. */
  readonly depth: number;
}

/** Everything that chance decides about one picture. */
export interface KerasDraw {
  readonly horizontal: boolean;
  readonly vertical: boolean;
  readonly degrees: number;
  readonly zoom: number;
  readonly brightness: number;
  readonly contrast: number;
  readonly blurSigma: number | null;
  readonly jpegQuality: number | null;
  /** Strength of the paper's yellow, 0 to 1; null: none. */
  readonly tint: number | null;
  readonly shadow: Shadow | null;
}

/** What yellowed paper takes of red, green and blue at full strength. */
const paper = [0.02, 0.1, 0.3] as const;

/** Draws one picture's changes: each range uniform, flips with probability ½ each, as Keras' layers draw them. */
export function drawKerasAugmentation(augmentation: KerasAugmentation, random: SeededRandom): KerasDraw {
  // Every number is drawn whether it is used or not, so that one setting does not shift the draws of another.
  const horizontal = random.chance(0.5) && augmentation.horizontalFlip;
  const vertical = random.chance(0.5) && augmentation.verticalFlip;
  const around = (range: number) => random.uniform(-range, range);
  const degrees = 360 * around(augmentation.rotation);
  const zoom = 1 + around(augmentation.zoom);
  const brightness = around(augmentation.brightness);
  const contrast = 1 + around(augmentation.contrast);
  const chosen = <T>(probability: number, value: T): T | null => (random.chance(probability) ? value : null);
  return {
    horizontal,
    vertical,
    degrees,
    zoom,
    brightness,
    contrast,
    blurSigma: chosen(augmentation.blurProbability, random.uniform(0.3, 1.2)),
    jpegQuality: chosen(augmentation.jpegProbability, 30 + random.int(66)),
    tint: chosen(augmentation.paperTintProbability, random.uniform(0.2, 1)),
    shadow: chosen(augmentation.shadowProbability, {
      side: random.int(4),
      reach: random.uniform(0.1, 0.4),
      depth: random.uniform(0.2, 0.6),
    }),
  };
}

/** Changes square pictures in place; keeps its workspace between calls. */
export class KerasAugmenter {
  readonly #blurrer = new Blurrer();
  readonly #jpeg = new JpegArtefacts();
  #copy = new Float32Array(0);

  /**
   * Flip, rotation and zoom one after the other, each a resampling of its own as in Keras; then shadow, paper tint, contrast and brightness, blur, JPEG.
   * @param data `size × size` RGB numbers, 0 to 255, from `offset` on
   */
  apply(data: Float32Array, offset: number, size: number, draw: KerasDraw, fill: Fill): void {
    const { horizontal, vertical, degrees, zoom } = draw;
    if (horizontal || vertical)
      this.#transform(data, offset, size, flipTransform(horizontal, vertical, size, size), fill);
    if (degrees !== 0) this.#transform(data, offset, size, rotationTransform(degrees, size, size), fill);
    if (zoom !== 1) this.#transform(data, offset, size, zoomTransform(zoom, zoom, size, size), fill);
    if (draw.shadow) castShadow(data, offset, size, draw.shadow);
    const { tint, contrast, brightness } = draw;
    if (tint !== null || contrast !== 1 || brightness !== 0) {
      const [red, green, blue] = paper.map((share) => 1 - share * (tint ?? 0)) as [number, number, number];
      changeColour(data, offset, size * size, { contrast, brightness, saturation: 1, gains: [red, green, blue] });
    }
    if (draw.blurSigma !== null) this.#blurrer.blur(data, offset, size, draw.blurSigma);
    if (draw.jpegQuality !== null) this.#jpeg.apply(data, offset, size, draw.jpegQuality);
  }

  #transform(data: Float32Array, offset: number, size: number, transform: Transform, fill: Fill): void {
    const count = size * size * 3;
    if (this.#copy.length < count) this.#copy = new Float32Array(count);
    this.#copy.set(data.subarray(offset, offset + count));
    transformPicture(this.#copy, 0, data, offset, size, size, transform, fill);
  }
}

/** Light is taken by depth·(1 − d/reach)², d the distance from the side as a share of the picture. */
function castShadow(data: Float32Array, offset: number, size: number, { side, reach, depth }: Shadow): void {
  const factors = Float32Array.from({ length: size }, (_, i) => {
    const distance = (i + 0.5) / size;
    return distance >= reach ? 1 : 1 - depth * (1 - distance / reach) ** 2;
  });
  const isMirrored = side >= 2;
  const isVertical = side % 2 === 1;
  for (let y = 0, at = offset; y < size; y++) {
    for (let x = 0; x < size; x++, at += 3) {
      const place = isVertical ? y : x;
      const factor = factors[isMirrored ? size - 1 - place : place]!;
      data[at]! *= factor;
      data[at + 1]! *= factor;
      data[at + 2]! *= factor;
    }
  }
}
