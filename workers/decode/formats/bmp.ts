/** Windows bitmap: both kinds of header. */
import type { Bytes } from "./bytes.ts";
import { cutOff, header, type Header } from "./header.ts";

/** Lengths of the known info headers: a file that only begins with the letters "BM" is told apart by them. */
const infoLengths = new Set([12, 16, 40, 52, 56, 64, 108, 124]);
const coreInfoLength = 12;

export function isBmp(bytes: Bytes): boolean {
  return bytes.startsWith("BM") && infoLengths.has(bytes.u32le(14));
}

export function readBmp(bytes: Bytes): Header {
  const isCore = bytes.u32le(14) === coreInfoLength;
  const width = isCore ? bytes.u16le(18) : bytes.u32le(18);
  // A negative height means: from top to bottom.
  const height = isCore ? bytes.u16le(20) : Math.abs(bytes.u32le(22) | 0);
  const bitsPerPixel = bytes.u16le(isCore ? 24 : 28);
  const compression = isCore ? 0 : bytes.u32le(30);
  // 0: none, 3: none with colour masks. Rows are filled up to four bytes; the length of compressed rows is not known.
  const isPlain = compression === 0 || compression === 3;
  const rowLength = Math.ceil((width * bitsPerPixel) / 32) * 4;
  const end = bytes.u32le(10) + (isPlain ? rowLength * height : 1);
  return header(width, height, end > bytes.length ? cutOff("within its pixels") : null);
}
