/** What the engine needs to know about the images of a dataset, but for their pixels. */
import type { Dataset, DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import { getDataset, listImages } from "../../../src/storage/datasets.ts";
import { EngineError } from "../failure.ts";

export async function requireDataset(datasetId: string): Promise<Dataset> {
  const dataset = await getDataset(datasetId);
  if (!dataset) throw new EngineError("not-found", "The dataset was deleted.", "Import its folder again.");
  return dataset;
}

/**
 * The images of these ids, in this order.
 * @throws EngineError `not-found` where the dataset lacks one of them.
 */
export async function imagesById(datasetId: string, imageIds: readonly string[]): Promise<DatasetImage[]> {
  const known = new Map((await listImages(datasetId)).map((image) => [image.imageId, image]));
  return imageIds.map((imageId) => {
    const image = known.get(imageId);
    if (image) return image;
    throw new EngineError(
      "not-found",
      `The dataset no longer has the image “${imageId}”.`,
      "Start a new run on the dataset as it is now.",
    );
  });
}
