/** Imports that have not ended. */
import type { Dataset } from "../domain/dataset/dataset.ts";
import type { UnfinishedImport } from "../domain/dataset/unfinished-import.ts";
import { database, keysBeginningWith, writeTogether } from "./database.ts";

/** Oldest first. */
export async function listUnfinishedImports(): Promise<UnfinishedImport[]> {
  const imports = await (await database()).getAll("imports");
  return imports.sort((a, b) => a.startedAt - b.startedAt);
}

export async function getUnfinishedImport(datasetId: string): Promise<UnfinishedImport | undefined> {
  return (await database()).get("imports", datasetId);
}

export async function putUnfinishedImport(unfinished: UnfinishedImport): Promise<void> {
  await (await database()).put("imports", unfinished);
}

export async function deleteUnfinishedImport(datasetId: string): Promise<void> {
  await (await database()).delete("imports", datasetId);
}

/** Stores the dataset that an import made or added to; from then on the import has ended. */
export async function putImported(dataset: Dataset): Promise<void> {
  await writeTogether(["datasets", "imports"], (writes) => {
    writes.put("datasets", dataset);
    writes.delete("imports", dataset.id);
  });
}

/** How many images are stored for a dataset. */
export async function countImages(datasetId: string): Promise<number> {
  return (await database()).count("images", keysBeginningWith(datasetId));
}
