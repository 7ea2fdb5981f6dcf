/** WebP (RFC 9649): the first chunk holds the size. */
import type { Bytes } from "./bytes.ts";
import { cutOff, header, type Header } from "./header.ts";

/** Of an extended file: it has EXIF data. */
const exifFlag = 8;
const bytesPerPixel = 4.7;

export function readWebp(bytes: Bytes): Header {
  const damage = bytes.u32le(4) + 8 > bytes.length ? cutOff("before the length that it declares") : null;
  const u24 = (at: number) => bytes.u16le(at) + bytes.u8(at + 2) * 0x10000;
  switch (bytes.text(12, 4)) {
    case "VP8X":
      return header(u24(24) + 1, u24(27) + 1, damage, { mayBeTurned: (bytes.u8(20) & exifFlag) !== 0, bytesPerPixel });
    case "VP8L": {
      const bits = bytes.u32le(21);
      return header((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, damage, { bytesPerPixel });
    }
    case "VP8 ":
      return header(bytes.u16le(26) & 0x3fff, bytes.u16le(28) & 0x3fff, damage, { bytesPerPixel });
    default:
      return header(0, 0, damage ?? "The file holds no picture that WebP knows.");
  }
}
