/** Datasets, their images, findings and source folders. */
import type { Dataset, DatasetImage, Finding } from "../domain/dataset/dataset.ts";
import { type VettedImage, withChoices } from "../domain/vetting/choices.ts";
import { database, keysBeginningWith, writeTogether } from "./database.ts";

/** Newest first. */
export async function listDatasets(): Promise<Dataset[]> {
  const datasets = await (await database()).getAll("datasets");
  return datasets.sort((a, b) => b.createdAt - a.createdAt);
}

export async function getDataset(datasetId: string): Promise<Dataset | undefined> {
  return (await database()).get("datasets", datasetId);
}

export async function putDataset(dataset: Dataset): Promise<void> {
  await (await database()).put("datasets", dataset);
}

/**
 * Every image, also those left out, with the class that it is trained as. In the order of their ids by UTF-16 code unit, which is IndexedDB's.
 */
export async function listImages(datasetId: string): Promise<DatasetImage[]> {
  return (await listVettedImages(datasetId)).map(({ image }) => image);
}

/** The images that take part: without those left out. */
export async function listUsedImages(datasetId: string): Promise<DatasetImage[]> {
  const vetted = await listVettedImages(datasetId);
  return vetted.filter(({ choice }) => choice?.verdict !== "left-out").map(({ image }) => image);
}

/** Every image with what was decided about it. */
export async function listVettedImages(datasetId: string): Promise<VettedImage[]> {
  const transaction = (await database()).transaction(["images", "choices"], "readonly");
  const range = keysBeginningWith(datasetId);
  const [images, choices] = await Promise.all([
    transaction.objectStore("images").getAll(range),
    transaction.objectStore("choices").getAll(range),
  ]);
  return withChoices(images, choices);
}

export async function listFindings(datasetId: string): Promise<Finding[]> {
  return (await database()).getAll("findings", keysBeginningWith(datasetId));
}

/** Deletes a dataset with everything that belongs to it, in one transaction. Runs and models made from it stay. */
export async function deleteDataset(datasetId: string): Promise<void> {
  const range = keysBeginningWith(datasetId);
  const whole = ["datasets", "folders", "imports", "duplicates"] as const;
  const many = [
    "images",
    "findings",
    "shards",
    "thumbnails",
    "thumbnailPacks",
    "fingerprints",
    "choices",
    "originals",
  ] as const;
  await writeTogether([...whole, ...many], (writes) => {
    for (const store of whole) writes.delete(store, datasetId);
    for (const store of many) writes.delete(store, range);
  });
}

/** Deletes images of a dataset with all that is stored of each; pixels that lie in one shard with those of other images stay with them. */
export async function deleteImages(datasetId: string, imageIds: ReadonlySet<string>): Promise<void> {
  const shards = await (await database()).getAll("shards", keysBeginningWith(datasetId));
  const many = ["images", "thumbnails", "fingerprints", "choices"] as const;
  await writeTogether([...many, "shards"], (writes) => {
    for (const imageId of imageIds) for (const store of many) writes.delete(store, [datasetId, imageId]);
    for (const { format, shardId, imageIds: inShard } of shards)
      if (inShard.every((imageId) => imageIds.has(imageId))) writes.delete("shards", [datasetId, format, shardId]);
  });
}

export async function putSourceHandles(datasetId: string, handles: readonly FileSystemHandle[]): Promise<void> {
  await (await database()).put("folders", { datasetId, handles });
}

/** Empty where none is kept. */
export async function getSourceHandles(datasetId: string): Promise<readonly FileSystemHandle[]> {
  return (await (await database()).get("folders", datasetId))?.handles ?? [];
}

/**
 * Ids of all datasets that images, findings or pixels are stored for, also of those whose record was never written: an import stores its
 * record last.
 */
export async function listStoredDatasetIds(): Promise<string[]> {
  const transaction = (await database()).transaction(["images", "findings", "shards"], "readonly");
  const ids = new Set<string>();
  for (const name of ["images", "findings", "shards"] as const) {
    let cursor = await transaction.objectStore(name).openKeyCursor();
    while (cursor) {
      const [datasetId] = cursor.key;
      ids.add(datasetId);
      // To the first key of the next dataset: an array sorts after every string.
      cursor = await cursor.continue([datasetId, []] as unknown as typeof cursor.key);
    }
  }
  await transaction.done;
  return [...ids];
}
