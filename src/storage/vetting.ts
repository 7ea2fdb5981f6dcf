/** What vetting knows of a dataset's images: fingerprints, duplicates, and what people decided. */
import type { DatasetImage } from "../domain/dataset/dataset.ts";
import type { ImageChoice } from "../domain/vetting/choices.ts";
import type { Choices } from "../domain/vetting/decisions.ts";
import { database, keysBeginningWith, writeTogether } from "./database.ts";
import type { StoredDuplicates, StoredFingerprint } from "./schema.ts";

/** Fingerprints that are read at once: a kilobyte each. */
const portion = 2_000;

/** Of every image that has one (those of an old import have none), a portion at a time, in the order of their ids by UTF-16 code unit. */
export async function* readFingerprints(datasetId: string): AsyncGenerator<readonly StoredFingerprint[]> {
  const whole = keysBeginningWith(datasetId);
  let range = whole;
  for (;;) {
    const fingerprints = await (await database()).getAll("fingerprints", range, portion);
    if (fingerprints.length > 0) yield fingerprints;
    if (fingerprints.length < portion) return;
    range = IDBKeyRange.bound([datasetId, fingerprints.at(-1)!.imageId], [datasetId, []], true);
  }
}

export async function countFingerprints(datasetId: string): Promise<number> {
  return (await database()).count("fingerprints", keysBeginningWith(datasetId));
}

/** The images that a file of this digest gave, also those left out. @param sha256 in hexadecimal */
export async function listImagesOfDigest(datasetId: string, sha256: string): Promise<DatasetImage[]> {
  const transaction = (await database()).transaction(["fingerprints", "images"], "readonly");
  const keys = await transaction.objectStore("fingerprints").index("byDigest").getAllKeys([datasetId, sha256]);
  const images = await Promise.all(keys.map((key) => transaction.objectStore("images").get(key)));
  return images.filter((image) => image !== undefined);
}

export async function getDuplicates(datasetId: string): Promise<StoredDuplicates | undefined> {
  return (await database()).get("duplicates", datasetId);
}

export async function putDuplicates(duplicates: StoredDuplicates): Promise<void> {
  await (await database()).put("duplicates", duplicates);
}

/** What was decided about single images, by their ids. */
export async function listChoices(datasetId: string): Promise<ReadonlyMap<string, ImageChoice>> {
  const choices = await (await database()).getAll("choices", keysBeginningWith(datasetId));
  return new Map(choices.map(({ imageId, className, verdict }) => [imageId, { className, verdict }]));
}

/** Stores choices together; `null` takes one back. */
export async function putChoices(datasetId: string, choices: Choices): Promise<void> {
  await writeTogether(["choices"], (writes) => {
    for (const [imageId, choice] of choices) {
      if (choice) writes.put("choices", { datasetId, imageId, ...choice });
      else writes.delete("choices", [datasetId, imageId]);
    }
  });
}
