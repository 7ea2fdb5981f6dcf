/** A TIFF page's strips or tiles, read and put together. */
import { Refusal } from "../refusal.ts";
import type { Raster } from "../sources/raster.ts";
import { blockDecoderOf } from "./blocks.ts";
import { tag } from "./directory.ts";
import type { TiffPage } from "./page.ts";
import type { DecodedBlock } from "./pdf-image.ts";

export interface ReadPage {
  readonly raster: Raster;
  /** Rows that cannot be read, of those that are there. */
  readonly damagedRows: number;
}

/** @throws Refusal where a part of the page cannot be read */
export async function readPage(file: Blob, page: TiffPage): Promise<ReadPage> {
  const decoder = blockDecoderOf(page);
  const { channels } = decoder;
  const { width, height, block, isTiled, orientation } = page;
  const data = new Uint8Array(width * height * channels);
  let damagedRows = 0;
  for (let down = 0; down < page.down; down++) {
    const top = down * block.height;
    // The last strip ends with the picture; a tile is always whole.
    const size = isTiled ? block : { width, height: Math.min(block.height, height - top) };
    for (let across = 0; across < page.across; across++) {
      const planes: Uint8Array<ArrayBuffer>[] = [];
      for (const index of planesAt(page, across, down)) planes.push(await blockAt(file, page, index));
      const decoded = await decoder.decode(planes, size);
      damagedRows += decoded.damagedRows;
      place(decoded, data, page, across * block.width, top);
    }
  }
  return {
    raster: { width, height, channels, hasAlpha: false, stride: width * channels, data, orientation },
    damagedRows,
  };
}

/** The numbers of the blocks that make up one place of the page. */
function planesAt({ across, down, samples, layout }: TiffPage, x: number, y: number): number[] {
  const index = y * across + x;
  return layout.samples === samples
    ? [index]
    : Array.from({ length: samples }, (_, plane) => plane * across * down + index);
}

async function blockAt(file: Blob, page: TiffPage, index: number): Promise<Uint8Array<ArrayBuffer>> {
  const { directory } = page;
  const offset = directory.values(page.isTiled ? tag.tileOffsets : tag.stripOffsets)[index];
  const length = directory.values(page.isTiled ? tag.tileByteCounts : tag.stripByteCounts)[index];
  if (offset === undefined) throw new Refusal("damaged", "The TIFF does not say where a part of its picture is.");
  // Old writers of uncompressed pictures leave the lengths out.
  const end = length === undefined ? file.size : offset + length;
  if (end > file.size) throw new Refusal("damaged", "The file is cut off: a part of its picture lies beyond its end.");
  const bytes = new Uint8Array(await file.slice(offset, end).arrayBuffer());
  const isReversed = directory.value(tag.fillOrder, 1) === 2 && (page.fax !== null || page.layout.bits < 8);
  if (isReversed) for (let i = 0; i < bytes.length; i++) bytes[i] = reversedBits[bytes[i]!]!;
  return bytes;
}

const reversedBits = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
});

/** Copies what of a block lies within the page. */
function place(
  block: DecodedBlock,
  data: Uint8Array,
  { width, height }: Pick<TiffPage, "width" | "height">,
  left: number,
  top: number,
): void {
  const channels = data.length / (width * height);
  const columns = Math.min(block.width, width - left);
  const rows = Math.min(block.height, height - top);
  for (let y = 0; y < rows; y++) {
    const from = y * block.width * block.channels;
    const to = ((top + y) * width + left) * channels;
    if (block.channels === channels) {
      data.set(block.data.subarray(from, from + columns * channels), to);
      continue;
    }
    // A grey block on a coloured page, or the other way round.
    for (let x = 0; x < columns; x++)
      for (let c = 0; c < channels; c++) data[to + x * channels + c] = block.data[from + x * block.channels]!;
  }
}
