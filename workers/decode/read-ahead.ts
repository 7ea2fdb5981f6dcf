/** Reads the files of a chunk some at a time: each call for bytes costs the browser's process and ours about as much as decoding a small picture. */
import type { SourceFile } from "../../src/contract/decode.ts";

/** Longer ones are read by themselves, in bytes. */
const longestFile = 1024 * 1024;
const mostTogether = 32;
/** Of files that are read together. */
const mostBytes = 4 * 1024 * 1024;

interface Together {
  readonly files: Blob[];
  /** Files that were not asked for yet: after the last one the bytes are let go. */
  waiting: number;
  contents: Promise<ArrayBuffer | null> | null;
}

interface Place {
  readonly together: Together;
  readonly start: number;
  readonly length: number;
}

export class ReadAhead {
  /** Of each file; null for those that are read by themselves. */
  readonly #places: readonly (Place | null)[];

  constructor(files: readonly SourceFile[]) {
    let together: Together = { files: [], waiting: 0, contents: null };
    let start = 0;
    this.#places = files.map((file) => {
      if (!(file instanceof Blob) || file.size > longestFile) return null;
      if (together.files.length === mostTogether || start + file.size > mostBytes) {
        together = { files: [], waiting: 0, contents: null };
        start = 0;
      }
      together.files.push(file);
      together.waiting += 1;
      const place = { together, start, length: file.size };
      start += file.size;
      return place;
    });
  }

  /**
   * What a file holds, to be asked for once; null where it is to be read by itself: it is long, in an archive, or one of those around it cannot be
   * read.
   */
  async contentsOf(index: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const place = this.#places[index];
    if (!place) return null;
    const { together, start, length } = place;
    together.contents ??= new Blob(together.files).arrayBuffer().catch(() => null);
    const { contents } = together;
    together.waiting -= 1;
    if (together.waiting === 0) together.contents = null;
    const bytes = await contents;
    return bytes?.byteLength && start + length <= bytes.byteLength ? new Uint8Array(bytes, start, length) : null;
  }
}
