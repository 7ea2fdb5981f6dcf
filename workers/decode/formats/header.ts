/** What a file says about itself before anything of it is inflated. */

/** Bytes from `start` up to `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Header {
  /** As declared, before EXIF orientation, in pixels; 0 where the file does not say. */
  readonly width: number;
  readonly height: number;
  /** How the file is seen to be cut off or broken, in English; `null` where it looks whole. */
  readonly damage: string | null;
  /** Parts that the browser must not see. */
  readonly hidden: readonly ByteRange[];
  /** Whether the file may ask for its picture to be turned or mirrored. */
  readonly mayBeTurned: boolean;
  /** What a browser takes for each pixel while it decodes such a file, in bytes; measured in Chromium. */
  readonly bytesPerPixel: number;
}

/** RGBA, and what decoders keep beside it: more than any that was measured. */
const unknownBytesPerPixel = 10;

export function header(
  width: number,
  height: number,
  damage: string | null,
  {
    hidden = [],
    mayBeTurned = false,
    bytesPerPixel = unknownBytesPerPixel,
  }: Partial<Pick<Header, "hidden" | "mayBeTurned" | "bytesPerPixel">> = {},
): Header {
  return { width, height, damage, hidden, mayBeTurned, bytesPerPixel };
}

/** What a file that stops too early is told. */
export function cutOff(where: string): string {
  return `The file is cut off: it ends ${where}.`;
}
