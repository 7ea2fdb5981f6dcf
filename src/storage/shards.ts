/** The image cache: pixels in shards. */
import type { DatasetImage, Finding } from "../domain/dataset/dataset.ts";
import { database, keysBeginningWith } from "./database.ts";
import type { Shard, Thumbnail } from "./schema.ts";

/** What one import chunk leaves: stored together, or not at all. */
export interface ImportedChunk {
  /** Null where no file of the chunk could be read. */
  readonly shard: Shard | null;
  readonly images: readonly DatasetImage[];
  readonly thumbnails: readonly Thumbnail[];
  readonly findings: readonly Finding[];
}

export async function storeChunk(chunk: ImportedChunk): Promise<void> {
  const transaction = (await database()).transaction(["shards", "images", "thumbnails", "findings"], "readwrite");
  const writes: Promise<unknown>[] = [];
  if (chunk.shard && chunk.shard.imageIds.length > 0) writes.push(transaction.objectStore("shards").put(chunk.shard));
  for (const image of chunk.images) writes.push(transaction.objectStore("images").put(image));
  for (const thumbnail of chunk.thumbnails) writes.push(transaction.objectStore("thumbnails").put(thumbnail));
  for (const finding of chunk.findings) writes.push(transaction.objectStore("findings").put(finding));
  await Promise.all([...writes, transaction.done]);
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
