/** How long a network takes for an image, from the batches that were judged with it. */
import { median } from "./median.ts";

export interface TimedBatch {
  readonly images: number;
  readonly milliseconds: number;
}

/**
 * Milliseconds an image: the median over the batches, so that one that had to wait for something else says nothing. The first one is left out, since
 * it waits for kernels to be compiled and memory to be found.
 * @returns null where there is no batch after the first
 */
export function millisecondsPerImage(batches: readonly TimedBatch[]): number | null {
  const warm = batches.slice(1).map(({ images, milliseconds }) => milliseconds / images);
  return warm.length === 0 ? null : median(warm);
}
