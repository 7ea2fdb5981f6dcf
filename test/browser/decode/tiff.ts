/** Small TIFF files made on the spot. */
import { ascii, joined } from "./pictures.ts";

/** A field: its tag, its type and its values. */
export type TiffField = readonly [tag: number, type: 3 | 4, values: readonly number[]];

export interface TiffPageParts {
  readonly fields: readonly TiffField[];
  /** Strips or tiles, one after the other. */
  readonly blocks: readonly ArrayLike<number>[];
  readonly isTiled?: boolean;
}

function little(value: number, size: number): number[] {
  return Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** index) % 256);
}

/** Lower byte first; the places of the blocks are filled in. */
export function tiff(...pages: readonly TiffPageParts[]): Uint8Array<ArrayBuffer> {
  const parts: ArrayLike<number>[] = [ascii("II*\0"), little(8, 4)];
  let at = 8;
  for (const [index, page] of pages.entries()) {
    const { bytes, length } = pageOf(page, at, index === pages.length - 1);
    parts.push(bytes);
    at += length;
  }
  return joined(...parts);
}

function pageOf({ fields, blocks, isTiled }: TiffPageParts, start: number, isLast: boolean) {
  const all: TiffField[] = [...fields];
  const count = fields.length + 2;
  const afterDirectory = start + 2 + count * 12 + 4;
  const lengths = blocks.map((block) => block.length);
  const arrays: number[][] = [];
  let arrayAt = afterDirectory;
  const isLong = blocks.length > 1;
  // Two arrays of block places stand before the blocks where they do not fit into their entries.
  let blockAt = afterDirectory + (isLong ? 8 * blocks.length : 0);
  for (const [, type, values] of fields) {
    const bytes = values.length * (type === 3 ? 2 : 4);
    if (bytes > 4) blockAt += bytes;
  }
  const offsets = lengths.map((length) => (blockAt += length) - length);
  all.push([isTiled ? 324 : 273, 4, offsets], [isTiled ? 325 : 279, 4, lengths]);
  all.sort(([a], [b]) => a - b);
  const entries = all.map(([tag, type, values]) => {
    const size = type === 3 ? 2 : 4;
    const bytes = values.flatMap((value) => little(value, size));
    const head = [...little(tag, 2), ...little(type, 2), ...little(values.length, 4)];
    if (bytes.length <= 4) return [...head, ...bytes, ...new Array<number>(4 - bytes.length).fill(0)];
    arrays.push(bytes);
    arrayAt += bytes.length;
    return [...head, ...little(arrayAt - bytes.length, 4)];
  });
  const end = blockAt;
  const bytes = joined(little(count, 2), entries.flat(), little(isLast ? 0 : end, 4), ...arrays, ...blocks);
  return { bytes, length: end - start };
}

/** A page of `width × height` pixels with these bits a sample; more fields may replace these. */
export function pageFields(
  width: number,
  height: number,
  bits: readonly number[],
  photometric: number,
  more: readonly TiffField[] = [],
): TiffField[] {
  const fields: TiffField[] = [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, bits],
    [259, 3, [1]],
    [262, 3, [photometric]],
    [277, 3, [bits.length]],
  ];
  const replaced = new Set(more.map(([tag]) => tag));
  return [...fields.filter(([tag]) => !replaced.has(tag)), ...more];
}
