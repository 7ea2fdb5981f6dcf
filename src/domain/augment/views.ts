/** Which part of a cached picture a view shows. */
import type { View } from "../experiment/experiment.ts";
import type { SeededRandom } from "../random/seeded-random.ts";
import type { Rectangle } from "./resample.ts";

/** Sizes of a cached picture, which is stretched, and of the true picture it was made from. */
export interface PictureSizes {
  readonly width: number;
  readonly height: number;
  /** Before it was stretched, in pixels; only their ratio counts. */
  readonly trueWidth: number;
  readonly trueHeight: number;
}

/** The part of the cached picture that a test view shows; `central-square` is a square of the true picture. */
export function viewRectangle(view: View, sizes: PictureSizes): Rectangle {
  const { width, height, trueWidth, trueHeight } = sizes;
  if (view === "whole") return { left: 0, top: 0, width, height };
  const side = Math.min(trueWidth, trueHeight);
  return centred(sizes, side / trueWidth, side / trueHeight, 0.5, 0.5);
}

/**
 * A random crop. Its area is a share of the picture's, uniform from `minimumArea` to 1. Its aspect ratio lies (evenly in the logarithm) between
 * a square of the true picture and the picture's own, so between the two test views, and is multiplied by e^u, u uniform
 * within ± `logAspect`. A crop that would not fit into the picture is made smaller with its aspect ratio kept.
 */
export function randomCrop(
  sizes: PictureSizes,
  minimumArea: number,
  logAspect: number,
  random: SeededRandom,
): Rectangle {
  const area = random.uniform(minimumArea, 1);
  const pictureAspect = Math.log(sizes.trueWidth / sizes.trueHeight);
  const aspect = random.uniform() * pictureAspect + random.uniform(-logAspect, logAspect);
  // Shares of width and height: their ratio is the crop's aspect ratio over the picture's, their product the area.
  const ratio = Math.exp((aspect - pictureAspect) / 2);
  const shareAcross = Math.sqrt(area) * ratio;
  const shareDown = Math.sqrt(area) / ratio;
  const fit = 1 / Math.max(shareAcross, shareDown, 1);
  return centred(sizes, shareAcross * fit, shareDown * fit, random.uniform(), random.uniform());
}

/** @param across 0: at the left edge, 1: at the right edge; `down` likewise. */
function centred(sizes: PictureSizes, shareAcross: number, shareDown: number, across: number, down: number): Rectangle {
  return {
    left: sizes.width * (1 - shareAcross) * across,
    top: sizes.height * (1 - shareDown) * down,
    width: sizes.width * shareAcross,
    height: sizes.height * shareDown,
  };
}
