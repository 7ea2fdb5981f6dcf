/** TIFF 6.0 and BigTIFF: the directories of a file, each a page with its fields. Nothing of a page's pixels is read. */
import { Refusal, refusePages } from "../refusal.ts";

export const tag = {
  subfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  t4Options: 292,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  jpegTables: 347,
  yCbCrSubSampling: 530,
} as const;
type Tag = (typeof tag)[keyof typeof tag];

/** Bytes of a value, by field type. Types that no field of ours has (fractions, floating point) are left out. */
const typeSizes = new Map([
  [1, 1],
  [3, 2],
  [4, 4],
  [7, 1],
  [13, 4],
  [16, 8],
  [18, 8],
]);
/** A page of 30,000 rows has as many strips at most; a field that declares more values is not read. */
const mostValues = 1 << 20;
/** Entries of a directory. */
const mostEntries = 4096;
/** Reduced-resolution copies and transparency masks stand beside the pages that they belong to. */
const reducedOrMask = 0b101;

export interface Directory {
  /** The values of a field, `missing` where the page does not have it. */
  values(field: Tag, missing?: readonly number[]): readonly number[];
  /** The first value of a field. */
  value(field: Tag, missing?: number): number;
}

export interface TiffFile {
  readonly isLittleEndian: boolean;
  readonly pages: readonly Directory[];
}

/** @throws Refusal where the structure cannot be followed, or has no page */
export async function readTiff(file: Blob): Promise<TiffFile> {
  const start = await viewOf(file, 0, Math.min(16, file.size));
  const isLittleEndian = start.getUint8(0) === 0x49;
  const reader = new Reader(file, isLittleEndian, start.getUint16(2, isLittleEndian) === 43);
  const pages: Directory[] = [];
  const seen = new Set<number>();
  let at = await reader.firstDirectory();
  while (at !== 0 && !seen.has(at)) {
    seen.add(at);
    // Counted before the next one is read: each costs a few reads, however small the file.
    refusePages(seen.size);
    const { directory, next } = await reader.directory(at);
    if ((directory.value(tag.subfileType, 0) & reducedOrMask) === 0) pages.push(directory);
    at = next;
  }
  if (pages.length === 0) throw new Refusal("damaged", "The TIFF holds no page.");
  return { isLittleEndian, pages };
}

class Reader {
  readonly #file: Blob;
  readonly #isLittleEndian: boolean;
  readonly #isBig: boolean;

  constructor(file: Blob, isLittleEndian: boolean, isBig: boolean) {
    this.#file = file;
    this.#isLittleEndian = isLittleEndian;
    this.#isBig = isBig;
  }

  async firstDirectory(): Promise<number> {
    return this.#isBig ? this.#number(await viewOf(this.#file, 8, 8), 0, 8) : this.#offset(4);
  }

  async directory(at: number): Promise<{ directory: Directory; next: number }> {
    const countSize = this.#isBig ? 8 : 2;
    const entrySize = this.#isBig ? 20 : 12;
    const count = this.#number(await viewOf(this.#file, at, countSize), 0, countSize);
    if (count > mostEntries) throw new Refusal("damaged", `A directory of the TIFF declares ${count} entries.`);
    const entries = await viewOf(this.#file, at + countSize, count * entrySize);
    const fields = new Map<number, readonly number[]>();
    const wanted = new Set<number>(Object.values(tag));
    for (let entry = 0; entry < entries.byteLength; entry += entrySize) {
      const field = entries.getUint16(entry, this.#isLittleEndian);
      if (wanted.has(field)) fields.set(field, await this.#values(entries, entry));
    }
    const directory: Directory = {
      values: (field, missing = []) => fields.get(field) ?? missing,
      value: (field, missing = 0) => fields.get(field)?.[0] ?? missing,
    };
    return { directory, next: await this.#offset(at + countSize + entries.byteLength) };
  }

  async #values(entries: DataView<ArrayBuffer>, entry: number): Promise<readonly number[]> {
    const wide = this.#isBig ? 8 : 4;
    const size = typeSizes.get(entries.getUint16(entry + 2, this.#isLittleEndian)) ?? 0;
    const count = this.#number(entries, entry + 4, wide);
    const inPlace = entry + 4 + wide;
    if (size === 0) return [];
    if (count > mostValues) throw new Refusal("damaged", `A field of the TIFF declares ${count} values.`);
    const length = count * size;
    const isInPlace = length <= wide;
    const view = isInPlace ? entries : await viewOf(this.#file, this.#number(entries, inPlace, wide), length);
    const start = isInPlace ? inPlace : 0;
    return Array.from({ length: count }, (_, index) => this.#number(view, start + index * size, size));
  }

  /** An offset that stands at this place; 0, the end of the chain, where the file ends before. */
  async #offset(at: number): Promise<number> {
    const size = this.#isBig ? 8 : 4;
    return at + size > this.#file.size ? 0 : this.#number(await viewOf(this.#file, at, size), 0, size);
  }

  #number(view: DataView, at: number, size: number): number {
    switch (size) {
      case 1:
        return view.getUint8(at);
      case 2:
        return view.getUint16(at, this.#isLittleEndian);
      case 4:
        return view.getUint32(at, this.#isLittleEndian);
      default:
        // Beyond 2^53 it lies outside of every file anyway.
        return Number(view.getBigUint64(at, this.#isLittleEndian));
    }
  }
}

/** @throws Refusal where the file ends before */
async function viewOf(file: Blob, start: number, length: number): Promise<DataView<ArrayBuffer>> {
  if (!(start + length <= file.size))
    throw new Refusal("damaged", "The file is cut off: its structure points beyond its end.");
  return new DataView(await file.slice(start, start + length).arrayBuffer());
}
