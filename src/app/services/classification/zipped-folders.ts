/** Folders in a zip that is streamed to the disk, where the browser has a place for it. Loaded when somebody wants one. */
import { BlobReader, BlobWriter, configure, TextReader, ZipWriter } from "@zip.js/zip.js/lib/zip-core-native.js";
import { alternativeName } from "../../../domain/capture/sorting.ts";

// The Content-Security-Policy lets no script come from a blob; pictures are compressed already.
configure({ useWebWorkers: false });

const temporaryName = "tamis-sorted.zip";

export class ZippedFolders {
  readonly #zip: ZipWriter<unknown>;
  readonly #result: (closed: unknown) => Promise<Blob>;
  readonly #taken = new Set<string>();

  private constructor(zip: ZipWriter<unknown>, result: (closed: unknown) => Promise<Blob>) {
    this.#zip = zip;
    this.#result = result;
  }

  /** Begins a zip in the origin's own file system; in memory where the browser cannot write there. */
  static async open(): Promise<ZippedFolders> {
    const root = await navigator.storage.getDirectory().catch(() => null);
    const handle = await root?.getFileHandle(temporaryName, { create: true });
    if (handle && "createWritable" in handle) {
      return new ZippedFolders(new ZipWriter(await handle.createWritable()), () => handle.getFile());
    }
    return new ZippedFolders(new ZipWriter(new BlobWriter("application/zip")), (blob) => Promise.resolve(blob as Blob));
  }

  /** @returns the path that it got: another one where this one was taken */
  async add(path: string, file: File): Promise<string> {
    const cut = path.lastIndexOf("/") + 1;
    let attempt = 1;
    let name = path;
    while (this.#taken.has(name.toLowerCase())) {
      attempt += 1;
      name = path.slice(0, cut) + alternativeName(path.slice(cut), attempt);
    }
    this.#taken.add(name.toLowerCase());
    await this.#zip.add(name, new BlobReader(file), { level: 0, lastModDate: new Date(file.lastModified) });
    return name;
  }

  async close(logName: string, log: string): Promise<File> {
    await this.#zip.add(logName, new TextReader(log));
    return new File([await this.#result(await this.#zip.close())], temporaryName, { type: "application/zip" });
  }
}
