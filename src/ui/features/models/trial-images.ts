/** Images with known answers out of a dataset. */
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import type { DatasetService } from "../../services/dataset-service.ts";

export interface TrialImage {
  readonly name: string;
  readonly file: Blob;
  readonly isPhoto: boolean;
}

/** Of each kind. */
const imagesOfAKind = 10;

/** Ten photos and ten others, spread evenly over the dataset's list, as the small pictures that are stored of them. */
export async function sampleOf(
  { id, positiveClass }: Dataset,
  datasets: Pick<DatasetService, "images" | "thumbnail">,
): Promise<TrialImage[]> {
  const images = await datasets.images(id);
  const chosen = [true, false].flatMap((isPhoto) => {
    const all = images.filter(({ className }) => (className === positiveClass) === isPhoto);
    const count = Math.min(imagesOfAKind, all.length);
    return Array.from({ length: count }, (_, i) => ({ isPhoto, image: all[Math.floor((i * all.length) / count)]! }));
  });
  const loaded = await Promise.all(
    chosen.map(async ({ isPhoto, image: { imageId } }) => ({
      name: imageId,
      isPhoto,
      file: await datasets.thumbnail(id, imageId),
    })),
  );
  return loaded.flatMap(({ file, ...rest }) => (file ? [{ ...rest, file }] : []));
}
