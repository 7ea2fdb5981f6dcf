/** Small image files made on the spot. */

/** Red, green, blue and white quarters: every turn and mirror image of it looks different. */
export function quarters(width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  const colours = ["#f00", "#0f0", "#00f", "#fff"];
  colours.forEach((colour, i) => {
    context.fillStyle = colour;
    context.fillRect(i % 2 ? width / 2 : 0, i < 2 ? 0 : height / 2, width / 2, height / 2);
  });
  return canvas;
}

export async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}

export async function quartersAs(type: string, width = 64, height = 32): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await quarters(width, height).convertToBlob({ type, quality: 1 });
  if (blob.type !== type) throw new Error(`This browser does not write ${type}.`);
  return bytesOf(blob);
}

export function joined(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function u32le(value: number): number[] {
  return u32(value).reverse();
}

/** A JPEG with an EXIF segment that asks for this orientation, 1 to 8, right after its start. */
export function withOrientation(jpeg: Uint8Array, orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = [...ascii("II*\0"), ...u32le(8), 1, 0, 0x12, 0x01, 3, 0, ...u32le(1), orientation, 0, 0, 0, ...u32le(0)];
  const contents = [...ascii("Exif\0\0"), ...tiff];
  const length = contents.length + 2;
  return joined(jpeg.subarray(0, 2), [0xff, 0xe1, length >> 8, length & 255], contents, jpeg.subarray(2));
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

export function pngChunk(type: string, data: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const body = joined(ascii(type), data);
  return joined(u32(data.length), body, u32(crc32(body)));
}

export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colourType: number;
  /** Rows without their filter byte. */
  readonly rows: readonly (readonly number[])[];
  /** Chunks between the header and the data. */
  readonly chunks?: readonly Uint8Array[];
}

export async function png({
  width,
  height,
  bitDepth,
  colourType,
  rows,
  chunks = [],
}: PngParts): Promise<Uint8Array<ArrayBuffer>> {
  const raw = joined(...rows.map((row) => [0, ...row]));
  const deflated = new Blob([raw]).stream().pipeThrough(new CompressionStream("deflate"));
  const data = new Uint8Array(await new Response(deflated).arrayBuffer());
  return joined(
    ascii("\x89PNG\r\n\x1a\n"),
    pngChunk("IHDR", [...u32(width), ...u32(height), bitDepth, colourType, 0, 0, 0]),
    ...chunks,
    pngChunk("IDAT", data),
    pngChunk("IEND", []),
  );
}

/** A 24-bit bitmap of one colour. */
export function bmp(
  width: number,
  height: number,
  [red, green, blue]: readonly [number, number, number],
): Uint8Array<ArrayBuffer> {
  const padding = new Array<number>((4 - ((width * 3) % 4)) % 4).fill(0);
  const row = [...Array.from({ length: width }, () => [blue, green, red]).flat(), ...padding];
  const pixels = Array.from({ length: height }, () => row).flat();
  const info = [...u32le(40), ...u32le(width), ...u32le(height), 1, 0, 24, 0, ...u32le(0), ...u32le(pixels.length)];
  const header = [...ascii("BM"), ...u32le(54 + pixels.length), ...u32le(0), ...u32le(54)];
  return joined(header, info, new Uint8Array(16), pixels);
}

/** A GIF of 1×1 frames, one a colour; codes of three bits: clear, the pixel, end. */
export function gif(...colours: readonly (0 | 1)[]): Uint8Array<ArrayBuffer> {
  const frames = colours.flatMap((colour) => [
    ...[0x21, 0xf9, 4, 0, 10, 0, 0, 0],
    ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0],
    ...[2, 2, 0b01_000_100 | (colour << 3), 0b01, 0],
  ]);
  // The colour table: red and blue.
  const screen = [1, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255];
  return joined(ascii("GIF89a"), screen, frames, [0x3b]);
}
