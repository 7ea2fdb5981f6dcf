/** Why a file, or a page of it, gives no picture; and the sizes that are refused before anything is inflated. */
import type { FindingReason } from "../../src/domain/dataset/dataset.ts";
import { widestPicture } from "./picture.ts";

/** Four bytes each while a picture is decoded, 280 MB; an A4 page at 600 dpi has 35 million. */
export const mostPixels = 70_000_000;
/** A file of more pages would fill the memory with small pictures. */
export const mostPages = 1_000;

export class Refusal extends Error {
  readonly reason: FindingReason;

  constructor(reason: FindingReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** @throws Refusal where a picture of this size, in pixels, is not decoded */
export function refuseSize(width: number, height: number): void {
  // Written so that NaN is refused.
  const isAllowed = width * height <= mostPixels && Math.max(width, height) <= widestPicture;
  if (!isAllowed) throw new Refusal("too-large", `The file declares ${width} × ${height} pixels.`);
}

export function refusePages(pages: number): void {
  if (pages > mostPages) throw new Refusal("too-large", `The file has ${pages} pages, more than ${mostPages}.`);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
