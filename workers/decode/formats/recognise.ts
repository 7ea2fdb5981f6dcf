/** What a file is, by its content; its name is not looked at. */
import { isBmp, readBmp } from "./bmp.ts";
import { Bytes } from "./bytes.ts";
import { readGif } from "./gif.ts";
import type { Header } from "./header.ts";
import { brandsOf, readIsoPicture } from "./iso-media.ts";
import { readJpeg } from "./jpeg.ts";
import { readPng } from "./png.ts";
import { readWebp } from "./webp.ts";

export type Recognised =
  /** A picture that the browser decodes. */
  | { readonly kind: "picture"; readonly mediaType: string; readonly read: (bytes: Bytes) => Header }
  /** A file that a decoder of its own is loaded for. */
  | { readonly kind: "document"; readonly mediaType: DocumentType }
  /** A known format that Tamis cannot read; `name` as a person knows it. */
  | { readonly kind: "unsupported"; readonly name: string }
  | { readonly kind: "text" }
  | { readonly kind: "unknown" };

/** Read by decoders that are loaded when a file needs them. */
export type DocumentType = "application/pdf" | "image/heic" | "image/svg+xml" | "image/tiff";

/** As many bytes from the file's beginning as recognising it needs. */
export const recognisedLength = 4096;

/** TIFF and BigTIFF, lower and higher byte first. */
const tiffBeginnings = ["II*\0", "MM\0*", "II+\0", "MM\0+"];

const heicBrands = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

/** First bytes of formats that are refused by name. */
const unsupported: readonly (readonly [name: string, signature: string, at?: number])[] = [
  ["JPEG 2000", "\0\0\0\x0cjP  "],
  ["JPEG 2000", "\xff\x4f\xff\x51"],
  ["JPEG XL", "\0\0\0\x0cJXL "],
  ["JPEG XL", "\xff\x0a"],
  ["JPEG XR", "II\xbc\x01"],
  ["Photoshop", "8BPS"],
  ["ZIP", "PK\x03\x04"],
  ["ZIP", "PK\x05\x06"],
  ["RAR", "Rar!\x1a\x07"],
  ["7-Zip", "7z\xbc\xaf\x27\x1c"],
  ["gzip", "\x1f\x8b"],
  ["icon", "\0\0\x01\0"],
  ["PostScript", "%!PS"],
  ["DjVu", "AT&TFORM"],
  ["DICOM", "DICM", 128],
  ["Office 97", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
];

/** @param start the file's first `recognisedLength` bytes, or all of it */
export function recognise(start: Uint8Array): Recognised {
  const bytes = new Bytes(start);
  if (bytes.startsWith("\xff\xd8\xff")) return { kind: "picture", mediaType: "image/jpeg", read: readJpeg };
  if (bytes.startsWith("\x89PNG\r\n\x1a\n")) return { kind: "picture", mediaType: "image/png", read: readPng };
  if (bytes.startsWith("GIF87a") || bytes.startsWith("GIF89a"))
    return { kind: "picture", mediaType: "image/gif", read: readGif };
  if (bytes.startsWith("RIFF") && bytes.startsWith("WEBP", 8))
    return { kind: "picture", mediaType: "image/webp", read: readWebp };
  if (isBmp(bytes)) return { kind: "picture", mediaType: "image/bmp", read: readBmp };
  if (tiffBeginnings.some((beginning) => bytes.startsWith(beginning)))
    return { kind: "document", mediaType: "image/tiff" };
  const brands = brandsOf(bytes);
  if (brands.includes("avif") || brands.includes("avis"))
    return { kind: "picture", mediaType: "image/avif", read: readIsoPicture };
  if (brands.some((brand) => heicBrands.includes(brand))) return { kind: "document", mediaType: "image/heic" };
  if (brands.length > 0) return { kind: "unsupported", name: "film" };
  for (const [name, signature, at] of unsupported) {
    if (bytes.startsWith(signature, at)) return { kind: "unsupported", name };
  }
  const text = bytes.text(0, recognisedLength);
  // Readers accept a PDF whose header does not come first.
  if (text.slice(0, 1024).includes("%PDF-")) return { kind: "document", mediaType: "application/pdf" };
  if (/<svg[\s>]/.test(text)) return { kind: "document", mediaType: "image/svg+xml" };
  return { kind: isText(start.subarray(0, recognisedLength)) ? "text" : "unknown" };
}

/** No control characters but white space, in UTF-8 or any 8-bit encoding. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d);
}
