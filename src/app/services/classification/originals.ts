/** Where the files of a batch can be had again: in memory since they were picked, in the storage, or in a folder that the browser remembers. */
import { getBatchFolder, getOriginal, listOriginals, putBatchFolder, putOriginals } from "../../../storage/captures.ts";
import { readDirectory } from "../../../ui/files/folders.ts";
import type { PickedFile } from "../../../ui/services/picked-files.ts";
import { fileBelow, isAllowed } from "../folder-handles.ts";

export class Originals {
  /** A File is a handle: it costs no memory but its name. */
  readonly #picked = new Map<string, Map<string, File>>();

  remember(batchId: string, files: readonly PickedFile[]): void {
    const known = this.#picked.get(batchId) ?? new Map<string, File>();
    for (const { path, file } of files) known.set(path, file);
    this.#picked.set(batchId, known);
  }

  /** Keeps files that lie nowhere else. */
  async keep(batchId: string, files: readonly PickedFile[]): Promise<void> {
    await putOriginals(files.map(({ path, file }) => ({ batchId, file: path, content: file })));
  }

  async keepFolder(batchId: string, handle: FileSystemDirectoryHandle): Promise<void> {
    await putBatchFolder(batchId, handle);
  }

  async hasFolder(batchId: string): Promise<boolean> {
    return (await getBatchFolder(batchId)) !== undefined;
  }

  /** The folder of a batch, where the browser remembers it and it may be read; asks where it has to. */
  async folder(batchId: string): Promise<FileSystemDirectoryHandle | undefined> {
    const folder = await getBatchFolder(batchId);
    return folder && (await isAllowed(folder, "read", true)) ? folder : undefined;
  }

  /**
   * All files of a batch that can be had without asking the person; null where they have to be picked again. Asks for the permission to read a
   * remembered folder, which browsers allow only soon after a click.
   */
  async all(batchId: string): Promise<readonly PickedFile[] | null> {
    const folder = await this.folder(batchId);
    if (folder) return readFolder(folder);
    const [stored, picked] = [await listOriginals(batchId), this.#picked.get(batchId)];
    if (stored.length === 0 && !picked) return null;
    const files = new Map(picked);
    for (const { file, content } of stored) files.set(file, content);
    return [...files].map(([path, file]) => ({ path, file }));
  }

  /** The file of a capture; undefined where it cannot be had. Asks for nothing unless `mayAsk`. */
  async find(batchId: string, path: string, mayAsk = false): Promise<File | undefined> {
    const known = this.#picked.get(batchId)?.get(path) ?? (await getOriginal(batchId, path));
    if (known) return known;
    const folder = await getBatchFolder(batchId);
    if (!folder || !(await isAllowed(folder, "read", mayAsk))) return undefined;
    const prefix = `${folder.name}/`;
    if (!path.startsWith(prefix)) return undefined;
    return (await fileBelow(folder, path.slice(prefix.length), new Map())) ?? undefined;
  }
}

/** Paths begin with the folder's own name, as the person knows them. */
export async function readFolder(folder: FileSystemDirectoryHandle): Promise<PickedFile[]> {
  const files = await readDirectory(folder);
  return files.map(({ path, file }) => ({ path: `${folder.name}/${path}`, file }));
}
