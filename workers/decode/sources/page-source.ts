/** A file that was recognised and is open: its pages, each decoded when it is asked for. */
import type { SmallPicture } from "../picture.ts";
import type { PixelFormat } from "../../../src/domain/image/pixel-format.ts";

export interface PagePicture {
  /** After its orientation, in pixels. */
  readonly width: number;
  readonly height: number;
  /** What of it could not be read, in English, where the rest could. */
  readonly damage?: string | null;
  /** Over white, as `src/domain/image/resize.ts` says: `format.height × format.width × 3` bytes. */
  resized(format: PixelFormat): Uint8Array;
  /** A JPEG whose longer side is `size` pixels, or less where the picture is smaller. The picture may be closed as soon as this returned. */
  thumbnail(size: number): SmallPicture;
  close(): void;
}

export interface PageSource {
  readonly pages: number;
  /** As declared, of the largest page. */
  readonly pixels: number;
  /** @param page from 0 @throws Refusal */
  page(page: number): Promise<PagePicture>;
  /** Ends the use of the file. */
  close(): void;
}
