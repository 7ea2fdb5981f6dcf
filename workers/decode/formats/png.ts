/** PNG (W3C, third edition): chunks up to IEND. */
import type { Bytes } from "./bytes.ts";
import { mayBeTurned } from "./exif.ts";
import { type ByteRange, cutOff, header, type Header } from "./header.ts";

const bytesPerPixel = 6.4;
/** Length, type and checksum around a chunk's data. */
const chunkOverhead = 12;

/**
 * A gAMA chunk without a colour profile is hidden from the browser: Chromium would change the colours by it, where Keras, Pillow and libvips
 * (and so the pictures that networks learn from) do not.
 */
export function readPng(bytes: Bytes): Header {
  const width = bytes.u32(16);
  const height = bytes.u32(20);
  const gamma: ByteRange[] = [];
  let hasProfile = false;
  let turned = false;
  let at = 8;
  while (at + chunkOverhead <= bytes.length) {
    const end = at + chunkOverhead + bytes.u32(at);
    const type = bytes.text(at + 4, 4);
    if (end > bytes.length) break;
    if (type === "iCCP" || type === "sRGB" || type === "cICP") hasProfile = true;
    if (type === "eXIf") turned = mayBeTurned(bytes, at + 8);
    if (type === "gAMA") gamma.push({ start: at, end });
    if (type === "IEND")
      return header(width, height, null, { hidden: hasProfile ? [] : gamma, mayBeTurned: turned, bytesPerPixel });
    at = end;
  }
  return header(width, height, cutOff("before its IEND chunk"));
}
