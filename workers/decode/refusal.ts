/** Why a file, or a page of it, gives no picture; and the sizes that are refused before anything is inflated. */
import type { FindingReason } from "../../src/domain/dataset/dataset.ts";
import { widestPicture } from "./picture.ts";

/** Of a page that our own decoders make. */
export const mostPixels = 70_000_000;
/** An A4 page at 600 dpi has 35 million: so many are read in whatever format. */
const largeScan = 36_000_000;
/** What a picture may take while the browser decodes it; the decode worker itself takes about 35 MB. */
const mostBytes = 260_000_000;
/** A file of more pages would fill the memory with small pictures. */
export const mostPages = 1_000;

export class Refusal extends Error {
  readonly reason: FindingReason;

  constructor(reason: FindingReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** @throws Refusal where a picture of this size, in pixels, is not decoded @param most pixels */
export function refuseSize(width: number, height: number, most = mostPixels): void {
  // Written so that NaN is refused.
  const isAllowed = width * height <= most && Math.max(width, height) <= widestPicture;
  if (isAllowed) return;
  const limits = `${Math.floor(most / 1e6)} megapixels of such files are read, ${widestPicture} pixels along a side`;
  throw new Refusal("too-large", `The file declares ${width} × ${height} pixels; up to ${limits}.`);
}

/** How many pixels the browser may decode at so many bytes each. */
export function pixelsWithinMemory(bytesPerPixel: number): number {
  return Math.max(largeScan, mostBytes / bytesPerPixel);
}

export function refusePages(pages: number): void {
  if (pages > mostPages) throw new Refusal("too-large", `The file has ${pages} pages, more than ${mostPages}.`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
