/** Datasets, their images, findings and source folders. */
import type { Dataset, DatasetImage, Finding } from "../domain/dataset/dataset.ts";
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

/** In the order of their ids by UTF-16 code unit, which is IndexedDB's. */
export async function listImages(datasetId: string): Promise<DatasetImage[]> {
  return (await database()).getAll("images", keysBeginningWith(datasetId));
}

export async function listFindings(datasetId: string): Promise<Finding[]> {
  return (await database()).getAll("findings", keysBeginningWith(datasetId));
}

/** Deletes a dataset with everything that belongs to it, in one transaction. Runs and models made from it stay. */
export async function deleteDataset(datasetId: string): Promise<void> {
  const range = keysBeginningWith(datasetId);
  await writeTogether(["datasets", "images", "findings", "shards", "thumbnails", "folders"], (writes) => {
    writes.delete("datasets", datasetId);
    writes.delete("folders", datasetId);
    for (const store of ["images", "findings", "shards", "thumbnails"] as const) writes.delete(store, range);
  });
}

export async function putSourceFolder(datasetId: string, handle: FileSystemDirectoryHandle): Promise<void> {
  await (await database()).put("folders", { datasetId, handle });
}

export async function getSourceFolder(datasetId: string): Promise<FileSystemDirectoryHandle | undefined> {
  return (await (await database()).get("folders", datasetId))?.handle;
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
