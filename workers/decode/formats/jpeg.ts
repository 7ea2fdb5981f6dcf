/** JPEG (ITU-T T.81): markers up to the end of the first picture. */
import type { Bytes } from "./bytes.ts";
import { mayBeTurned } from "./exif.ts";
import { cutOff, header, type Header } from "./header.ts";

const endOfImage = 0xd9;
/** Holds EXIF data, where it begins so. */
const application1 = 0xe1;

const progressive = 0xc2;
const bytesPerPixels = { sequential: 4.2, progressive: 7.7 } as const;

/** Start-of-frame markers hold the size; C4, C8 and CC among them mean something else. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Markers that stand alone, without a length after them. */
function isBare(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/**
 * A browser may show a cut-off JPEG with its lower part grey: without its end marker the file counts as damaged, as for TensorFlow. What
 * follows the marker (a camera's second picture, padding) does not matter.
 */
export function readJpeg(bytes: Bytes): Header {
  const { data } = bytes;
  let width = 0;
  let height = 0;
  let turned = false;
  let bytesPerPixel: number = bytesPerPixels.sequential;
  let at = 2;
  while (at < bytes.length) {
    at = data.indexOf(0xff, at);
    if (at < 0) break;
    while (data[at] === 0xff) at++;
    const marker = bytes.u8(at++);
    // Within a scan, FF 00 is a byte of data.
    if (marker === 0 || isBare(marker)) continue;
    if (marker === endOfImage) return header(width, height, null, { mayBeTurned: turned, bytesPerPixel });
    if (isStartOfFrame(marker) && width === 0) {
      // The coefficients of the whole picture stay in memory until its last scan.
      if (marker === progressive) bytesPerPixel = bytesPerPixels.progressive;
      height = bytes.u16(at + 3);
      width = bytes.u16(at + 5);
    }
    if (marker === application1 && bytes.startsWith("Exif\0\0", at + 2)) turned ||= mayBeTurned(bytes, at + 8);
    at += bytes.u16(at);
  }
  return header(width, height, cutOff("before its end marker"));
}
