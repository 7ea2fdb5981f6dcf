/** Which files of a watched folder are whole: a scanner writes a file bit by bit, and what grows is not to be read yet. */
import { fileKey } from "./capture.ts";

export interface SeenFile {
  readonly path: string;
  readonly byteLength: number;
  readonly lastModified: number;
}

/** Files that nobody would call a scan: what writers leave while they write, and what systems keep in folders. */
const passedOver = /(^|\/)(\.[^/]*|~[^/]*|thumbs\.db|desktop\.ini|[^/]*\.(tmp|part|partial|crdownload))$/i;

/**
 * Looks at a folder again and again. A file is new once its length and time were the same at two looks in a row and its length is not 0; it is
 * new once for each version of it.
 */
export class StableFiles {
  #before = new Map<string, string>();
  readonly #told = new Set<string>();

  /** @param known keys (`fileKey`) of files that are not new */
  constructor(known: Iterable<string> = []) {
    for (const key of known) this.#told.add(key);
  }

  /** @returns the files that are new and whole, in the order given */
  look<F extends SeenFile>(files: readonly F[]): F[] {
    const now = new Map<string, string>();
    const fresh: F[] = [];
    for (const file of files) {
      if (passedOver.test(file.path)) continue;
      const key = fileKey(file.path, file.byteLength, file.lastModified);
      now.set(file.path, key);
      if (this.#told.has(key) || file.byteLength === 0 || this.#before.get(file.path) !== key) continue;
      this.#told.add(key);
      fresh.push(file);
    }
    this.#before = now;
    return fresh;
  }
}
