/** What a training run would see of an image, as pictures for the screen. */
import type { AugmentedViewsRequest } from "../../src/contract/decode.ts";
import type { Outcome } from "../../src/contract/outcome.ts";
import { type PixelFormat, pixelFormatKey, pixelFormatOf } from "../../src/domain/image/pixel-format.ts";
import { SeededRandom } from "../../src/domain/random/seeded-random.ts";
import { listStoredFormats } from "../../src/storage/shards.ts";
import { EngineError, outcomeOf } from "../engine/failure.ts";
import { PixelStore } from "../engine/stream/pixel-store.ts";
import { TrainingViews } from "../engine/stream/training-views.ts";

/** Never rejects. Fails with `not-cached` where no pixels of the dataset are stored. */
export function augmentedViews(request: AugmentedViewsRequest): Promise<Outcome<readonly Blob[]>> {
  return outcomeOf(async () => {
    const { datasetId, image, augmentation, size, count, seed } = request;
    const pixels = await formatToUse(datasetId, request.pixels);
    // One image is asked for: nothing of its shard is kept.
    const store = await PixelStore.open(datasetId, pixels, [image.imageId], 0);
    const [rgb] = await store.read([0]);
    const picture = { rgb: rgb!, width: image.width, height: image.height };
    const views = new TrainingViews({ augmentation, pixels }, size);
    const random = new SeededRandom(seed);
    const view = new Float32Array(size * size * 3);
    const pictures: Blob[] = [];
    for (let i = 0; i < count; i++) {
      views.write(picture, random, true, view, 0);
      pictures.push(await pngOf(view, size));
    }
    return pictures;
  });
}

async function formatToUse(datasetId: string, wanted: PixelFormat): Promise<PixelFormat> {
  const keys = await listStoredFormats(datasetId);
  if (keys.includes(pixelFormatKey(wanted))) return wanted;
  const stored = keys.map(pixelFormatOf).find((format) => format !== null);
  if (stored) return stored;
  throw new EngineError("not-cached", "No pixels of this dataset are stored.", "Import the dataset's folder again.");
}

/** @param view `size × size` RGB numbers, 0 to 255; rounded and cut to that range here. */
async function pngOf(view: Float32Array, size: number): Promise<Blob> {
  const rgba = new ImageData(size, size);
  for (let i = 0; i < size * size; i++) {
    // The array clamps and rounds by itself.
    rgba.data[i * 4] = view[i * 3]!;
    rgba.data[i * 4 + 1] = view[i * 3 + 1]!;
    rgba.data[i * 4 + 2] = view[i * 3 + 2]!;
    rgba.data[i * 4 + 3] = 255;
  }
  const canvas = new OffscreenCanvas(size, size);
  canvas.getContext("2d")!.putImageData(rgba, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}
