/** Where a dataset's files can be read again: still in memory since they were picked, or in a folder that the browser remembers. */
import type { ImportFile } from "../../contract/decode.ts";
import { classOf } from "../../domain/dataset/listing.ts";
import { getSourceFolder } from "../../storage/datasets.ts";
import { fileBelow, isReadable } from "./folder-handles.ts";

export class SourceFiles {
  readonly #inMemory = new Map<string, ReadonlyMap<string, File>>();

  remember(datasetId: string, files: readonly ImportFile[]): void {
    this.#inMemory.set(datasetId, new Map(files.map(({ path, file }) => [path, file])));
  }

  forget(datasetId: string): void {
    this.#inMemory.delete(datasetId);
  }

  /**
   * The files at these paths below the dataset's folder; `null` where one of them cannot be had without the person choosing the folder again.
   * Asks for the permission to read a remembered folder, which browsers allow only soon after a click.
   */
  async find(datasetId: string, paths: Iterable<string>): Promise<ImportFile[] | null> {
    const known = this.#inMemory.get(datasetId);
    const handle = known ? undefined : await readableFolder(datasetId);
    if (!known && !handle) return null;
    const folders = new Map<string, Promise<FileSystemDirectoryHandle>>();
    const found: ImportFile[] = [];
    for (const path of paths) {
      const file = known ? known.get(path) : await fileBelow(handle!, path, folders);
      if (!file) return null;
      found.push({ path, className: classOf(path), file });
    }
    return found;
  }
}

async function readableFolder(datasetId: string): Promise<FileSystemDirectoryHandle | undefined> {
  const handle = await getSourceFolder(datasetId);
  return handle && (await isReadable(handle, true)) ? handle : undefined;
}
