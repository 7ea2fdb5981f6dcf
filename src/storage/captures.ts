/** Classified captures and their small pictures. */
import type { Capture } from "../domain/capture/capture.ts";
import { database, writeTogether } from "./database.ts";

export async function listCaptures(): Promise<Capture[]> {
  const captures = await (await database()).getAll("captures");
  return captures.sort((a, b) => a.createdAt - b.createdAt);
}

/** Stores a capture and its picture together. */
export async function putCapture(capture: Capture, picture: Blob | null): Promise<void> {
  await writeTogether(["captures", "thumbnails"], (writes) => {
    writes.put("captures", capture);
    if (picture) writes.put("thumbnails", { scope: capture.batchId, itemId: capture.id, picture });
  });
}

/** Deletes captures with their pictures; for undo, read them first. */
export async function deleteCaptures(captures: readonly Capture[]): Promise<void> {
  await writeTogether(["captures", "thumbnails"], (writes) => {
    for (const capture of captures) {
      writes.delete("captures", capture.id);
      writes.delete("thumbnails", [capture.batchId, capture.id]);
    }
  });
}
