/** The cached pixels of a dataset, image by image. */
import { bytesPerImage, type PixelFormat, pixelFormatKey } from "../../../src/domain/image/pixel-format.ts";
import { listShards } from "../../../src/storage/shards.ts";
import { EngineError } from "../failure.ts";

/**
 * Pixels of the whole dataset stay in memory up to here, in bytes (3,400 images at 180×180); beyond, each batch reads its own from the shards, so that
 * memory does not grow with a dataset.
 */
const memoryBudget = 320 * 2 ** 20;

interface Place {
  readonly shard: Blob;
  readonly index: number;
}

export class PixelStore {
  readonly #bytes: number;
  readonly #places: readonly Place[];
  /** Whole shards; null where they are too much to keep. */
  readonly #kept: ReadonlyMap<Blob, Uint8Array> | null;

  private constructor(bytes: number, places: readonly Place[], kept: ReadonlyMap<Blob, Uint8Array> | null) {
    this.#bytes = bytes;
    this.#places = places;
    this.#kept = kept;
  }

  /**
   * Looks the images up in the cache.
   * @throws EngineError `not-cached` where one of them is not there in this format.
   */
  static async open(
    datasetId: string,
    format: PixelFormat,
    imageIds: readonly string[],
    budget = memoryBudget,
  ): Promise<PixelStore> {
    const bytes = bytesPerImage(format);
    const places = await findPlaces(datasetId, format, imageIds);
    const shards = new Set(places.map((place) => place.shard));
    const total = [...shards].reduce((sum, shard) => sum + shard.size, 0);
    if (total > budget) return new PixelStore(bytes, places, null);
    const kept = new Map<Blob, Uint8Array>();
    // One after the other: they are large, and reading them at once is no faster.
    for (const shard of shards) kept.set(shard, new Uint8Array(await shard.arrayBuffer()));
    return new PixelStore(bytes, places, kept);
  }

  /** The same store without its first `count` images. */
  from(count: number): PixelStore {
    return new PixelStore(this.#bytes, this.#places.slice(count), this.#kept);
  }

  /**
   * The pixels of the images with these indices in the list that the store was opened with, in their order. They belong to the store: not to be
   * written to.
   */
  async read(indices: ArrayLike<number>): Promise<Uint8Array[]> {
    return Promise.all(Array.from(indices, (index) => this.#readOne(this.#places[index]!)));
  }

  async #readOne({ shard, index }: Place): Promise<Uint8Array> {
    const begin = index * this.#bytes;
    const kept = this.#kept?.get(shard);
    if (kept) return kept.subarray(begin, begin + this.#bytes);
    return new Uint8Array(await shard.slice(begin, begin + this.#bytes).arrayBuffer());
  }
}

async function findPlaces(datasetId: string, format: PixelFormat, imageIds: readonly string[]): Promise<Place[]> {
  const found = new Map<string, Place>();
  for (const shard of await listShards(datasetId, pixelFormatKey(format))) {
    for (const [index, imageId] of shard.imageIds.entries()) found.set(imageId, { shard: shard.pixels, index });
  }
  return imageIds.map((imageId) => {
    const place = found.get(imageId);
    if (place) return place;
    throw new EngineError(
      "not-cached",
      `The pixels of “${imageId}” are not in the cache at ${pixelFormatKey(format)}.`,
      "Open the dataset's folder again, so that Tamis can read the images at this size.",
    );
  });
}
