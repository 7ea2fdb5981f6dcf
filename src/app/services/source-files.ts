/**
 * Where a dataset's files can be read again: still in memory since they were picked, kept because they lie nowhere else, or in folders and archives that
 * the browser remembers.
 */
import type { ImportFile, SourceFile } from "../../contract/decode.ts";
import { withoutCopyNumber } from "../../domain/dataset/copy-number.ts";
import type { DatasetImage } from "../../domain/dataset/dataset.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import { listOriginals } from "../../storage/captures.ts";
import { getSourceHandles } from "../../storage/datasets.ts";
import { readHandles } from "../../ui/files/folders.ts";
import type { PickedFolder } from "../../ui/services/picked-files.ts";
import { fileBelow, isAllowed } from "./folder-handles.ts";

/** What goes through folders and archives: the first screen does without. */
const importing = () => import("./importing.ts");

export class SourceFiles {
  readonly #decoders: Decoders;
  readonly #inMemory = new Map<string, Map<string, SourceFile>>();

  constructor(decoders: Decoders) {
    this.#decoders = decoders;
  }

  /** Beside what is remembered of the dataset already. */
  remember(datasetId: string, files: readonly ImportFile[]): void {
    const known = this.#inMemory.get(datasetId) ?? new Map<string, SourceFile>();
    for (const { path, file } of files) known.set(path, file);
    this.#inMemory.set(datasetId, known);
  }

  forget(datasetId: string): void {
    this.#inMemory.delete(datasetId);
  }

  /**
   * The files of these images, each once; `null` where one of them cannot be had without the person choosing the folder again.
   * Asks for the permission to read a remembered folder, which browsers allow only soon after a click.
   */
  async find(datasetId: string, images: readonly DatasetImage[], signal: AbortSignal): Promise<ImportFile[] | null> {
    const wanted = new Map(images.map((image) => [image.path, image]));
    const known = await this.#known(datasetId);
    const found = filesOf(wanted, known);
    if (found) return found;
    const folder = await this.folder(datasetId, "");
    if (!folder) return null;
    const knownClasses = [...new Set(images.map(({ className }) => className))];
    // Files of no class folder have a path below the class that the person named: they are told by their name, length and date.
    const options = { knownClasses, looseClass: "", onFound: () => undefined };
    const { gather } = await importing();
    const gathered = await gather(folder, this.#decoders, options, signal);
    if (!gathered.ok) return null;
    return filesOf(wanted, new Map([...gathered.value.files.map(({ path, file }) => [path, file] as const), ...known]));
  }

  /**
   * The file of one image; `null` where it is not at hand.
   * @param mayAsk looks also where the person must allow it, and where every folder and archive has to be gone through
   */
  async findOne(image: DatasetImage, mayAsk: boolean, signal: AbortSignal): Promise<SourceFile | null> {
    const { datasetId, path } = image;
    const wanted = new Map([[path, image]]);
    const known = filesOf(wanted, await this.#known(datasetId))?.[0]?.file;
    if (known) return known;
    for (const handle of await getSourceHandles(datasetId)) {
      if (handle.kind !== "directory" || !(await isAllowed(handle, "read", mayAsk))) continue;
      const file = await fileBelow(handle as FileSystemDirectoryHandle, path, new Map());
      const found = file && filesOf(wanted, new Map([[path, file]]))?.[0]?.file;
      if (found) return found;
    }
    return mayAsk ? ((await this.find(datasetId, [image], signal))?.[0]?.file ?? null) : null;
  }

  /** Files that need not be looked for: kept in the dataset, or picked since Tamis was opened. */
  async #known(datasetId: string): Promise<ReadonlyMap<string, SourceFile>> {
    const kept = (await listOriginals(datasetId)).map(({ file, content }) => [file, content] as const);
    return new Map<string, SourceFile>([...kept, ...(this.#inMemory.get(datasetId) ?? [])]);
  }

  /** What the browser remembers of a dataset's sources, as if it were picked again; `null` where it must be. */
  async folder(datasetId: string, name: string): Promise<PickedFolder | null> {
    const handles = await getSourceHandles(datasetId);
    if (handles.length === 0) return null;
    for (const handle of handles) if (!(await isAllowed(handle, "read", true))) return null;
    try {
      return { ...(await readHandles(handles)), name };
    } catch (error) {
      // Moved or deleted since.
      if (error instanceof DOMException && (error.name === "NotFoundError" || error.name === "NotReadableError"))
        return null;
      throw error;
    }
  }
}

function filesOf(
  wanted: ReadonlyMap<string, DatasetImage>,
  known: ReadonlyMap<string, SourceFile>,
): ImportFile[] | null {
  let byMarks: Map<string, SourceFile> | null = null;
  const found: ImportFile[] = [];
  for (const [path, { className, byteLength, lastModified }] of wanted) {
    let file = known.get(path);
    if (file?.size !== byteLength || file.lastModified !== lastModified) {
      byMarks ??= new Map([...known].map(([other, value]) => [marksOf(other, value.size, value.lastModified), value]));
      file = byMarks.get(marksOf(path, byteLength, lastModified)) ?? file;
    }
    if (!file) return null;
    found.push({ path, className, file });
  }
  return found;
}

function marksOf(path: string, size: number, lastModified: number): string {
  // A file that came twice with another content has a number in its path here.
  const name = withoutCopyNumber(path.split("/").at(-1)!);
  return `${name}/${size}/${lastModified}`;
}
