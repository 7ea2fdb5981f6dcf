/** ISO base media files (ISO/IEC 14496-12, 23008-12): AVIF and HEIC, and the brands that tell films from them. */
import type { Bytes } from "./bytes.ts";
import { cutOff, header, type Header } from "./header.ts";

interface Box {
  readonly type: string;
  /** Of its contents. */
  readonly start: number;
  readonly end: number;
}

/** The major brand and the compatible ones; empty for other files. */
export function brandsOf(bytes: Bytes): readonly string[] {
  if (!bytes.startsWith("ftyp", 4)) return [];
  const brands = [bytes.text(8, 4)];
  const end = Math.min(bytes.u32(0), bytes.length);
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.text(at, 4));
  return brands;
}

export function readIsoPicture(bytes: Bytes): Header {
  const boxes = boxesIn(bytes, 0, bytes.length);
  const last = boxes.at(-1);
  const damage = !last || last.end > bytes.length ? cutOff("before the length that it declares") : null;
  // The largest of the pictures it holds: a grid's tiles and its alpha plane declare their sizes too.
  let width = 0;
  let height = 0;
  // `meta` is a full box: a version and flags stand before its contents.
  for (const meta of boxes.filter((box) => box.type === "meta"))
    for (const properties of childrenOf(bytes, { ...meta, start: meta.start + 4 }, "iprp"))
      for (const container of childrenOf(bytes, properties, "ipco"))
        for (const extent of childrenOf(bytes, container, "ispe")) {
          const declared = { width: bytes.u32(extent.start + 4), height: bytes.u32(extent.start + 8) };
          if (declared.width * declared.height > width * height) ({ width, height } = declared);
        }
  return header(width, height, damage, { mayBeTurned: true });
}

function childrenOf(bytes: Bytes, parent: Box, type: string): Box[] {
  return boxesIn(bytes, parent.start, Math.min(parent.end, bytes.length)).filter((box) => box.type === type);
}

/** The boxes one after the other from `start`; the last one may reach beyond `end`. */
function boxesIn(bytes: Bytes, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  let at = start;
  while (at + 8 <= end) {
    const declared = bytes.u32(at);
    // 1: the length follows in 64 bits; 0: up to the end.
    const contents = at + (declared === 1 ? 16 : 8);
    const length = declared === 1 ? bytes.u32(at + 8) * 0x100000000 + bytes.u32(at + 12) : declared || end - at;
    boxes.push({ type: bytes.text(at + 4, 4), start: contents, end: at + length });
    if (length < 8) break;
    at += length;
  }
  return boxes;
}
