/** What the training images are like, for the model to keep: later captures are compared with it. */
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import { type ImageSummary, type SidedStatistics, summariseImages } from "../../../src/domain/drift/image-drift.ts";
import { imageStatisticsOf } from "../../../src/domain/drift/image-statistics.ts";
import type { PixelFormat } from "../../../src/domain/image/pixel-format.ts";
import { PixelStore } from "../stream/pixel-store.ts";
import { letMessagesIn } from "../yield.ts";

/** A distribution is known well enough from so many images, evenly drawn. */
const mostImages = 1000;
const imagesAtOnce = 50;

/** @throws EngineError `not-cached` where an image is not in the cache in this format */
export async function summaryOf(
  datasetId: string,
  pixels: PixelFormat,
  training: readonly DatasetImage[],
  positiveClass: string,
  signal: AbortSignal,
): Promise<ImageSummary> {
  const step = Math.max(1, training.length / mostImages);
  const count = Math.min(training.length, mostImages);
  const sample = Array.from({ length: count }, (_, place) => training[Math.floor(place * step)]!);
  const ids = sample.map(({ imageId }) => imageId);
  // Read once: nothing is kept in memory.
  const store = await PixelStore.open(datasetId, pixels, ids, 0);
  const sided: SidedStatistics[] = [];
  for (let begin = 0; begin < count; begin += imagesAtOnce) {
    await letMessagesIn();
    signal.throwIfAborted();
    const images = sample.slice(begin, begin + imagesAtOnce);
    const rgb = await store.read(images.map((_, place) => begin + place));
    for (const [place, { width, height, className }] of images.entries()) {
      const statistics = imageStatisticsOf(rgb[place]!, width, height);
      sided.push({ statistics, isPositive: className === positiveClass });
    }
  }
  return summariseImages(sided);
}
