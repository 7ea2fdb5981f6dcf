/** The files that a model came in: loose ones, those of a folder, or those of a zip, all under the names by which the model knows them. */
import type { Entry, FileEntry } from "@zip.js/zip.js";
import type { ModelFile } from "../../../src/contract/engine.ts";
import { BlobReader, BlobWriter, ZipReader } from "../bundle/files.ts";
import { refused } from "./refusal.ts";

/** Descriptions are a few megabytes at most; more is not a model. In bytes. */
const largestText = 32 * 2 ** 20;
/** The most that a model may weigh, inflated, in bytes: WebAssembly's heap holds 4 GiB, and weights are copied there. */
const largestModel = 2 * 2 ** 30;
const mostFiles = 10_000;
/** How a Git LFS pointer begins; it stands in for a file that was never fetched. */
const lfsPointer = "version https://git-lfs";
/** A pointer has three short lines. */
const largestPointer = 1024;

interface StoredFile {
  readonly size: number;
  blob(): Promise<Blob>;
}

export class ModelFiles {
  readonly #files: ReadonlyMap<string, StoredFile>;

  private constructor(files: ReadonlyMap<string, StoredFile>) {
    this.#files = files;
  }

  /**
   * One zip is opened; the folder that all files have in common is taken off their names.
   * @throws EngineError `bad-model`
   */
  static async open(given: readonly ModelFile[]): Promise<ModelFiles> {
    if (given.length === 0) throw refused("No file was given.");
    await refusePointers(given);
    const [only] = given;
    const isZip = given.length === 1 && (await beginsWith(only!.file, "PK\u0003\u0004"));
    const files = isZip ? await unzip(only!) : given.map(({ path, file }) => [path, loose(file)] as const);
    if (files.length > mostFiles) throw refused(`${files.length} files are too many for a model.`);
    const size = files.reduce((sum, [, file]) => sum + file.size, 0);
    if (size > largestModel)
      throw refused(`A model of ${size} bytes is too large: at most ${largestModel} can be used.`);
    return new ModelFiles(new Map(withoutCommonFolder(files)));
  }

  get names(): readonly string[] {
    return [...this.#files.keys()];
  }

  has(name: string): boolean {
    return this.#files.has(name);
  }

  /** @throws EngineError `bad-model` where there is none, or it is damaged */
  async blob(name: string): Promise<Blob> {
    const file = this.#files.get(name);
    if (!file)
      throw refused(
        `The file ${name} is missing.`,
        `Give ${name} too: choose all files of the model together, or their zip.`,
      );
    return file.blob();
  }

  async bytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await (await this.blob(name)).arrayBuffer());
  }

  async text(name: string): Promise<string> {
    const blob = await this.blob(name);
    if (blob.size > largestText) throw refused(`${name} is too large for a description (${blob.size} bytes).`);
    return blob.text();
  }

  /** What stands in a JSON file, without the keys that could reach an object's prototype. */
  async json(name: string): Promise<unknown> {
    return parseJson(name, await this.text(name));
  }
}

/** @throws EngineError `bad-model` */
export function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) => (key === "__proto__" ? undefined : value));
  } catch {
    throw refused(`${name} is not JSON, or it was cut off.`);
  }
}

async function beginsWith(file: Blob, text: string): Promise<boolean> {
  return (await file.slice(0, text.length).text()) === text;
}

async function refusePointers(given: readonly ModelFile[]): Promise<void> {
  for (const { path, file } of given) {
    if (file.size > largestPointer || !(await beginsWith(file, lfsPointer))) continue;
    throw refused(
      `${path} is a Git LFS pointer (a short text that stands for the file), not the model itself.`,
      "Download the real file: run “git lfs pull”, or use the download button of the website.",
    );
  }
}

function loose(file: Blob): StoredFile {
  return { size: file.size, blob: () => Promise.resolve(file) };
}

async function unzip({ path, file }: ModelFile): Promise<(readonly [string, StoredFile])[]> {
  let entries: Entry[];
  try {
    entries = await new ZipReader(new BlobReader(file)).getEntries();
  } catch {
    throw refused(`${path} is a zip that cannot be read: it is damaged or was cut off.`);
  }
  return entries
    .filter((entry): entry is FileEntry => !entry.directory && !entry.filename.startsWith("__MACOSX/"))
    .map((entry) => [entry.filename, zipped(entry)] as const);
}

/** Inflated only when it is asked for, and never to more than it declares. */
function zipped(entry: FileEntry): StoredFile {
  const size = entry.uncompressedSize;
  return {
    size,
    async blob() {
      let blob: Blob;
      try {
        blob = await entry.getData(new BlobWriter(), { checkSignature: true });
      } catch {
        throw refused(`${entry.filename} in the zip is damaged.`);
      }
      if (blob.size !== size) throw refused(`${entry.filename} in the zip is not as long as the zip says.`);
      return blob;
    },
  };
}

function withoutCommonFolder<T>(files: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  let common = files[0]![0].split("/").slice(0, -1);
  for (const [path] of files) {
    const folders = path.split("/").slice(0, -1);
    const differs = common.findIndex((name, depth) => folders[depth] !== name);
    if (differs >= 0) common = common.slice(0, differs);
  }
  const length = common.length === 0 ? 0 : common.join("/").length + 1;
  return files.map(([path, file]) => [path.slice(length), file] as const);
}
