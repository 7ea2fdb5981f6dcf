/** Classified captures and their small pictures. */
import type { Capture } from "../domain/capture/capture.ts";
import { database, keysBeginningWith } from "./database.ts";

export async function listCaptures(): Promise<Capture[]> {
  const captures = await (await database()).getAll("captures");
  return captures.sort((a, b) => a.createdAt - b.createdAt);
}

/** Stores a capture and its picture together. */
export async function putCapture(capture: Capture, picture: Blob | null): Promise<void> {
  const transaction = (await database()).transaction(["captures", "thumbnails"], "readwrite");
  await Promise.all([
    transaction.objectStore("captures").put(capture),
    picture
      ? transaction.objectStore("thumbnails").put({ scope: capture.batchId, itemId: capture.id, picture })
      : undefined,
    transaction.done,
  ]);
}

/** Deletes captures with their pictures; for undo, read them first. */
export async function deleteCaptures(captures: readonly Capture[]): Promise<void> {
  const transaction = (await database()).transaction(["captures", "thumbnails"], "readwrite");
  await Promise.all([
    ...captures.flatMap((capture) => [
      transaction.objectStore("captures").delete(capture.id),
      transaction.objectStore("thumbnails").delete([capture.batchId, capture.id]),
    ]),
    transaction.done,
  ]);
}

/** Deletes every capture of a batch with its pictures. */
export async function deleteBatch(batchId: string): Promise<void> {
  const transaction = (await database()).transaction(["captures", "thumbnails"], "readwrite");
  const keys = await transaction.objectStore("captures").index("byBatch").getAllKeys(batchId);
  await Promise.all([
    ...keys.map((key) => transaction.objectStore("captures").delete(key)),
    transaction.objectStore("thumbnails").delete(keysBeginningWith(batchId)),
    transaction.done,
  ]);
}
