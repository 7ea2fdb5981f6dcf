/** The split that Keras' `image_dataset_from_directory` draws for a seed and a share. */
import { MersenneTwister } from "../random/mersenne-twister.ts";
import { comparePathsLikeKeras, isListedByKeras } from "./listing.ts";
import type { Split } from "./split-types.ts";

/**
 * Shuffles with NumPy's `RandomState(seed)` and holds out the last k = ⌊share · n⌋ items, as Keras does; that is, for k = 0 it takes *all* of
 * them for validation and has no training set (`null`), which `kerasSplit` does not follow.
 * @param listing in Keras' order
 * @param share 0 to 1, both excluded
 */
export function drawLikeKeras<T>(
  listing: readonly T[],
  share: number,
  seed: number,
): { readonly training: readonly T[] | null; readonly validation: readonly T[] } {
  if (!(share > 0 && share < 1)) throw new RangeError(`A validation share lies between 0 and 1, not at ${share}.`);
  const shuffled = [...listing];
  new MersenneTwister(seed).shuffle(shuffled);
  const held = Math.trunc(share * shuffled.length);
  if (held === 0) return { training: null, validation: shuffled };
  const cut = shuffled.length - held;
  return { training: shuffled.slice(0, cut), validation: shuffled.slice(cut) };
}

/**
 * The split of a dataset. Images that Keras would list (by their file's extension) get exactly the sides that Keras gives them, whatever
 * else the dataset holds: the files that only Tamis imports (WebP, AVIF and the like) are drawn apart, with the same share and seed, and
 * the pages of one file stay on one side.
 * @param images of the dataset, in any order
 * @returns `null` where nothing would be left to validate on or to train on. (Keras would validate on everything instead.)
 */
export function kerasSplit(
  images: readonly { readonly imageId: string; readonly path: string }[],
  share: number,
  seed: number,
): Split | null {
  const pagesByPath = new Map<string, string[]>();
  for (const { imageId, path } of images) {
    const pages = pagesByPath.get(path);
    if (pages) pages.push(imageId);
    else pagesByPath.set(path, [imageId]);
  }
  const paths = [...pagesByPath.keys()].sort(comparePathsLikeKeras);
  const training: string[] = [];
  const validation: string[] = [];
  for (const group of [paths.filter(isListedByKeras), paths.filter((path) => !isListedByKeras(path))]) {
    const drawn = drawLikeKeras(group, share, seed);
    const held = drawn.training ? drawn.validation : [];
    for (const path of drawn.training ?? drawn.validation) training.push(...pagesByPath.get(path)!);
    for (const path of held) validation.push(...pagesByPath.get(path)!);
  }
  if (training.length === 0 || validation.length === 0) return null;
  return { kind: "keras", validationShare: share, testShare: 0, bySource: false, seed, training, validation, test: [] };
}
