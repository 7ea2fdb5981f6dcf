/** Thumbnails as the finer pictures that near-duplicates are compared by. */
import { type FinePicture, finePicture, fineSide } from "../../src/domain/vetting/near-duplicates.ts";
import { getThumbnail } from "../../src/storage/thumbnails.ts";

/** Pictures that stay in memory, the ones used last: 80 KB each. */
const mostPictures = 512;

export class FinePictures {
  readonly #datasetId: string;
  readonly #kept = new Map<string, FinePicture | null>();
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(datasetId: string) {
    this.#datasetId = datasetId;
    const canvas = new OffscreenCanvas(fineSide, fineSide);
    this.#context = canvas.getContext("2d", { alpha: false, willReadFrequently: true })!;
    this.#context.imageSmoothingQuality = "high";
  }

  /** Null where there is no thumbnail. */
  async of(imageId: string): Promise<FinePicture | null> {
    let picture = this.#kept.get(imageId);
    this.#kept.delete(imageId);
    picture ??= await this.#read(imageId);
    this.#kept.set(imageId, picture);
    if (this.#kept.size > mostPictures) this.#kept.delete(this.#kept.keys().next().value!);
    return picture;
  }

  async #read(imageId: string): Promise<FinePicture | null> {
    const thumbnail = await getThumbnail(this.#datasetId, imageId);
    if (!thumbnail) return null;
    const bitmap = await createImageBitmap(thumbnail);
    this.#context.drawImage(bitmap, 0, 0, fineSide, fineSide);
    bitmap.close();
    const { data } = this.#context.getImageData(0, 0, fineSide, fineSide);
    const grey = new Float32Array(fineSide * fineSide);
    for (let i = 0, at = 0; i < grey.length; i++, at += 4) {
      grey[i] = 0.299 * data[at]! + 0.587 * data[at + 1]! + 0.114 * data[at + 2]!;
    }
    return finePicture(grey);
  }
}
