/** Pixels in memory as a page's picture. */
import type { PixelRows } from "../../../src/domain/image/resize.ts";
import { resizeToBytes } from "../../../src/domain/image/resize.ts";
import { encodeThumbnail, thumbnailSizeOf } from "../picture.ts";
import type { PagePicture } from "./page-source.ts";

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** RGB; or RGB and something that does not count, or alpha. */
  readonly channels: 3 | 4;
  /** Whether the fourth channel is alpha, not multiplied into the others. */
  readonly hasAlpha: boolean;
  /** From one row to the next. */
  readonly stride: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** @param close called when the pixels are needed no more */
export function rasterPicture(raster: Raster, close: () => void = () => undefined): PagePicture {
  const { width, height } = raster;
  return {
    width,
    height,
    rows: () => rasterRows(raster),
    thumbnail(size) {
      const small = thumbnailSizeOf(width, height, size);
      const rgb = resizeToBytes(rasterRows(raster), { ...small, resampling: "area", aspect: "stretch" });
      return encodeThumbnail(rgb, small.width, small.height);
    },
    close,
  };
}

function rasterRows({ width, height, channels, hasAlpha, stride, data }: Raster): PixelRows {
  if (!hasAlpha) return { width, height, channels, row: (y) => ({ data, offset: y * stride }) };
  const line = new Uint8ClampedArray(width * 3);
  return {
    width,
    height,
    channels: 3,
    row(y) {
      for (let x = 0, at = y * stride; x < width; x++, at += 4) {
        const alpha = data[at + 3]! / 255;
        for (let c = 0; c < 3; c++) line[x * 3 + c] = 255 + alpha * (data[at + c]! - 255);
      }
      return { data: line, offset: 0 };
    },
  };
}
