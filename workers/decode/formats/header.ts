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
}

export function header(
  width: number,
  height: number,
  damage: string | null,
  { hidden = [], mayBeTurned = false }: Partial<Pick<Header, "hidden" | "mayBeTurned">> = {},
): Header {
  return { width, height, damage, hidden, mayBeTurned };
}

/** What a file that stops too early is told. */
export function cutOff(where: string): string {
  return `The file is cut off: it ends ${where}.`;
}
