/** What batches are called, in the interface's language. */
import { msg, str } from "@lit/localize";
import type { Batch, BatchSource, BatchStatus } from "../../domain/capture/batch.ts";
import { formatDateTime } from "./format.ts";

function sourceWord(source: BatchSource): string {
  switch (source) {
    case "files":
      return msg("Files");
    case "folder":
      return msg("Folder");
    case "camera":
      return msg("Camera");
    case "watched":
      return msg("Watched folder");
    case "shared":
      return msg("Pasted or shared");
  }
}

/** The batch's own name, or where it comes from and since when. */
export function batchTitle(batch: Batch): string {
  if (batch.name !== "") return batch.name;
  const source = sourceWord(batch.source);
  const moment = formatDateTime(batch.createdAt);
  return msg(str`${source}, ${moment}`);
}
export function batchStatusWord(status: BatchStatus, source: BatchSource): string {
  switch (status) {
    case "running":
      return source === "watched" ? msg("Watching") : msg("Running");
    case "paused":
      return msg("Paused");
    case "interrupted":
      return msg("Interrupted");
    case "finished":
      return msg("Finished");
  }
}
