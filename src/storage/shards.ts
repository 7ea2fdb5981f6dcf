/** The image cache: pixels in shards. */
import type { DatasetImage, Finding } from "../domain/dataset/dataset.ts";
import { database, keysBeginningWith, writeTogether } from "./database.ts";
import type { Shard, StoredFingerprint, Thumbnail, ThumbnailPack } from "./schema.ts";

/** What one import chunk leaves: stored together, or not at all; of images that are known already, their pixels alone. */
export interface ImportedChunk {
  /** Null where no file of the chunk could be read. */
  readonly shard: Shard | null;
  readonly images: readonly DatasetImage[];
  readonly thumbnails: readonly Thumbnail[];
  /** What the thumbnails lie in, where they do. */
  readonly thumbnailPack?: ThumbnailPack | null;
  readonly findings: readonly Finding[];
  /** None where nothing is to be found by them. */
  readonly fingerprints?: readonly StoredFingerprint[];
}

export async function storeChunk(chunk: ImportedChunk): Promise<void> {
  const { shard, images, thumbnails, thumbnailPack, findings, fingerprints = [] } = chunk;
  const stores = ["shards", "images", "thumbnails", "thumbnailPacks", "findings", "fingerprints"] as const;
  await writeTogether(stores, (writes) => {
    if (shard && shard.imageIds.length > 0) writes.put("shards", shard);
    for (const image of images) writes.put("images", image);
    for (const thumbnail of thumbnails) writes.put("thumbnails", thumbnail);
    if (thumbnailPack) writes.put("thumbnailPacks", thumbnailPack);
    for (const finding of findings) writes.put("findings", finding);
    for (const fingerprint of fingerprints) writes.put("fingerprints", fingerprint);
  });
}

/** Every shard of a dataset in one pixel format; cheap, since pixels stay behind their Blob. */
export async function listShards(datasetId: string, format: string): Promise<Shard[]> {
  return (await database()).getAll("shards", keysBeginningWith(datasetId, format));
}

/** Frees the cached pixels of one format. */
export async function deleteShards(datasetId: string, format: string): Promise<void> {
  await (await database()).delete("shards", keysBeginningWith(datasetId, format));
}

/** Keys of the pixel formats that anything is cached in for a dataset, completely or not. */
export async function listStoredFormats(datasetId: string): Promise<string[]> {
  const keys = await (await database()).getAllKeys("shards", keysBeginningWith(datasetId));
  return [...new Set(keys.map(([, format]) => format))];
}
