/** Classified captures with their small pictures, and the batches that they belong to. */
import type { Batch } from "../domain/capture/batch.ts";
import type { Capture } from "../domain/capture/capture.ts";
import { database, keysBeginningWith, writeTogether } from "./database.ts";
import type { BatchFolder, Original, Thumbnail } from "./schema.ts";

/** Newest first. */
export async function listBatches(): Promise<Batch[]> {
  return (await (await database()).getAllFromIndex("batches", "byCreation")).reverse();
}

export async function getBatch(batchId: string): Promise<Batch | undefined> {
  return (await database()).get("batches", batchId);
}

export async function putBatch(batch: Batch): Promise<void> {
  await (await database()).put("batches", batch);
}

/** In the order they came in. */
export async function listCaptures(batchId: string): Promise<Capture[]> {
  const captures = await (await database()).getAllFromIndex("captures", "byBatch", batchId);
  return captures.sort((a, b) => a.createdAt - b.createdAt);
}

/** A capture with its small picture, where it has one. */
export interface PicturedCapture {
  readonly capture: Capture;
  readonly picture: Blob | null;
}

/** Stores captures with their pictures and what the batch is after them: all together, or nothing. */
export async function putCaptures(batch: Batch, captures: readonly PicturedCapture[]): Promise<void> {
  await writeTogether(["batches", "captures", "thumbnails"], (writes) => {
    writes.put("batches", batch);
    for (const { capture, picture } of captures) {
      writes.put("captures", capture);
      if (picture) writes.put("thumbnails", { scope: batch.id, itemId: capture.id, picture });
    }
  });
}

/** Deletes captures with their pictures; for undo, read them first. */
export async function deleteCaptures(batch: Batch, captures: readonly Capture[]): Promise<void> {
  await writeTogether(["batches", "captures", "thumbnails"], (writes) => {
    writes.put("batches", batch);
    for (const capture of captures) {
      writes.delete("captures", capture.id);
      writes.delete("thumbnails", [capture.batchId, capture.id]);
    }
  });
}

/** Everything that is stored of a batch. */
export interface WholeBatch {
  readonly batch: Batch;
  readonly captures: readonly Capture[];
  readonly thumbnails: readonly Thumbnail[];
  readonly originals: readonly Original[];
  readonly folder: BatchFolder | null;
}

export async function readWholeBatch(batchId: string): Promise<WholeBatch | null> {
  const opened = await database();
  const [batch, captures, thumbnails, originals, folder] = await Promise.all([
    opened.get("batches", batchId),
    opened.getAllFromIndex("captures", "byBatch", batchId),
    opened.getAll("thumbnails", keysBeginningWith(batchId)),
    opened.getAll("originals", keysBeginningWith(batchId)),
    opened.get("batchFolders", batchId),
  ]);
  return batch ? { batch, captures, thumbnails, originals, folder: folder ?? null } : null;
}

const stores = ["batches", "captures", "thumbnails", "originals", "batchFolders"] as const;

/** Deletes a batch with everything that belongs to it. Files of the person's stay where they are. */
export async function deleteBatch(batchId: string): Promise<void> {
  const ids = await (await database()).getAllKeysFromIndex("captures", "byBatch", batchId);
  await writeTogether(stores, (writes) => {
    writes.delete("batches", batchId);
    writes.delete("batchFolders", batchId);
    for (const store of ["thumbnails", "originals"] as const) writes.delete(store, keysBeginningWith(batchId));
    for (const id of ids) writes.delete("captures", id);
  });
}

/** Brings a deleted batch back. */
export async function putWholeBatch(whole: WholeBatch): Promise<void> {
  await writeTogether(stores, (writes) => {
    writes.put("batches", whole.batch);
    for (const capture of whole.captures) writes.put("captures", capture);
    for (const thumbnail of whole.thumbnails) writes.put("thumbnails", thumbnail);
    for (const original of whole.originals) writes.put("originals", original);
    if (whole.folder) writes.put("batchFolders", whole.folder);
  });
}

export async function putBatchFolder(batchId: string, handle: FileSystemDirectoryHandle): Promise<void> {
  await (await database()).put("batchFolders", { batchId, handle });
}

export async function getBatchFolder(batchId: string): Promise<FileSystemDirectoryHandle | undefined> {
  return (await (await database()).get("batchFolders", batchId))?.handle;
}

export async function putOriginals(originals: readonly Original[]): Promise<void> {
  await writeTogether(["originals"], (writes) => {
    for (const original of originals) writes.put("originals", original);
  });
}

export async function deleteOriginals(scope: string, files: readonly string[]): Promise<void> {
  await writeTogether(["originals"], (writes) => {
    for (const file of files) writes.delete("originals", [scope, file]);
  });
}

export async function listOriginals(batchId: string): Promise<Original[]> {
  return (await database()).getAll("originals", keysBeginningWith(batchId));
}

export async function getOriginal(batchId: string, file: string): Promise<File | undefined> {
  return (await (await database()).get("originals", [batchId, file]))?.content;
}
