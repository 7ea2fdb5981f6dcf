/** Where a dataset's files can be read again: still in memory since they were picked, or in a folder that the browser remembers. */
import type { ImportFile } from "../../contract/decode.ts";
import { classOf } from "../../domain/dataset/listing.ts";
import { getSourceFolder } from "../../storage/datasets.ts";

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
  if (!handle) return undefined;
  if ((await handle.queryPermission({ mode: "read" })) === "granted") return handle;
  try {
    return (await handle.requestPermission({ mode: "read" })) === "granted" ? handle : undefined;
  } catch (error) {
    // Not soon enough after a click.
    if (error instanceof DOMException && error.name === "SecurityError") return undefined;
    throw error;
  }
}

/** `folders` keeps the handles of folders that were opened before, by path. */
async function fileBelow(
  root: FileSystemDirectoryHandle,
  path: string,
  folders: Map<string, Promise<FileSystemDirectoryHandle>>,
): Promise<File | null> {
  const parts = path.split("/");
  const name = parts.pop()!;
  let folder = Promise.resolve(root);
  for (let depth = 1; depth <= parts.length; depth++) {
    const key = parts.slice(0, depth).join("/");
    const parent = folder;
    folder = folders.get(key) ?? parent.then((handle) => handle.getDirectoryHandle(parts[depth - 1]!));
    folders.set(key, folder);
  }
  try {
    return await (await (await folder).getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotFoundError" || error.name === "NotReadableError"))
      return null;
    throw error;
  }
}
