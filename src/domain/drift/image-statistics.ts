/** A few numbers that say what a picture is like, without looking at what it shows. */
import { ColourSums } from "../image/colourfulness.ts";

export const imageStatisticNames = ["colourfulness", "brightness", "contrast", "aspect-ratio", "size"] as const;
export type ImageStatisticName = (typeof imageStatisticNames)[number];

/**
 * `colourfulness`: see `ColourSums`. `brightness` and `contrast`: mean and standard deviation of Rec. 601 luma, 0 to 255. `aspect-ratio`: width over
 * height. `size`: the longer side, in pixels. Guards stored data: do not change without a migration.
 */
export type ImageStatistics = Readonly<Record<ImageStatisticName, number>>;

/** As many pixels are looked at, about: more change nothing that could be told. */
const sampledPixels = 4096;

/**
 * @param rgb the picture in a model's pixel format, interleaved: the same for training images and captures, so that they can be compared
 * @param width before it was brought to that format, in pixels @param height likewise
 */
export function imageStatisticsOf(rgb: Uint8Array, width: number, height: number): ImageStatistics {
  const pixels = rgb.length / 3;
  // Odd, so that a sample of every n-th pixel does not walk down a few columns.
  const step = 3 * (Math.floor(pixels / sampledPixels) | 1);
  const colours = new ColourSums();
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < rgb.length; at += step) {
    const [red, green, blue] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
    colours.add(red, green, blue);
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    count += 1;
    sum += luma;
    squares += luma * luma;
  }
  const brightness = sum / count;
  return {
    colourfulness: colours.colourfulness(),
    brightness,
    contrast: Math.sqrt(Math.max(0, squares / count - brightness ** 2)),
    "aspect-ratio": width / height,
    size: Math.max(width, height),
  };
}
