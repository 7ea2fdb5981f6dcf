/** How a decoded image becomes the fixed-size RGB bytes that are cached, trained on and classified. One path for all three. */

/**
 * - `bilinear`: half-pixel centres, no antialiasing, as Keras' `image_dataset_from_directory` does by default;
 * - `bilinear-antialias`: triangle filter widened by the shrink factor, as `tf.image.resize(antialias=True)`;
 * - `area`: mean of the covered source area.
 */
export const resamplings = ["bilinear", "bilinear-antialias", "area"] as const;
export type Resampling = (typeof resamplings)[number];

/** What happens to the aspect ratio: squashed, cut at the centre, or framed in black. */
export const aspects = ["stretch", "crop", "pad"] as const;
export type Aspect = (typeof aspects)[number];

/** The fixed-size RGB picture that the decode workers produce: `height × width × 3` bytes, row-major, 0 to 255. */
export interface PixelFormat {
  readonly width: number;
  readonly height: number;
  readonly resampling: Resampling;
  readonly aspect: Aspect;
}

/**
 * Names a pixel format in stored keys, for example `180x180-bilinear-stretch`.
 * Guards stored data: do not change without a migration.
 */
export function pixelFormatKey(format: PixelFormat): string {
  return `${format.width}x${format.height}-${format.resampling}-${format.aspect}`;
}

/** The format that `pixelFormatKey` names so; null for any other text. */
export function pixelFormatOf(key: string): PixelFormat | null {
  const match = /^(\d+)x(\d+)-(.+)-([a-z]+)$/.exec(key);
  if (!match) return null;
  const resampling = resamplings.find((name) => name === match[3]);
  const aspect = aspects.find((name) => name === match[4]);
  return resampling && aspect ? { width: Number(match[1]), height: Number(match[2]), resampling, aspect } : null;
}

/** The format that such a key names; null where it names none. */
export function pixelFormatOfKey(key: string): PixelFormat | null {
  const [, width, height, resampling, aspect] = /^(\d+)x(\d+)-(.+)-([a-z]+)$/.exec(key) ?? [];
  const format = {
    width: Number(width),
    height: Number(height),
    resampling: resamplings.find((known) => known === resampling),
    aspect: aspects.find((known) => known === aspect),
  };
  const { resampling: way, aspect: shape } = format;
  return way && shape ? { ...format, resampling: way, aspect: shape } : null;
}

/** Bytes that one image takes in the cache. */
export function bytesPerImage(format: PixelFormat): number {
  return format.width * format.height * 3;
}
