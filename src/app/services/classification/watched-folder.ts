/** Looks into a folder every few seconds for files that are new and whole. */
import { StableFiles } from "../../../domain/capture/stable-files.ts";
import type { PickedFile } from "../../../ui/services/picked-files.ts";
import { readFolder } from "./originals.ts";

/** Between two looks, in milliseconds: a file is classified one to two looks after it was written. */
const lookEvery = 1500;

/**
 * Looks until it is told to stop.
 * @param known keys (`fileKey`) of files that were seen to before
 * @param onFiles called with new files; the next look comes after it
 * @throws NotFoundError, NotAllowedError where the folder is gone or may not be read any more
 */
export async function watchFolder(
  folder: FileSystemDirectoryHandle,
  known: Iterable<string>,
  onFiles: (files: readonly PickedFile[]) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const stable = new StableFiles(known);
  while (!signal.aborted) {
    const files = await readFolder(folder);
    const seen = files.map((picked) => ({
      path: picked.path,
      byteLength: picked.file.size,
      lastModified: picked.file.lastModified,
      picked,
    }));
    const fresh = stable.look(seen).map(({ picked }) => picked);
    if (fresh.length > 0) await onFiles(fresh);
    await pause(lookEvery, signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end, { once: true });
  });
}
