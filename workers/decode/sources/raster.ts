/** Pixels in memory as a page's picture. */
import type { PixelRows } from "../../../src/domain/image/resize.ts";
import { resizeToBytes } from "../../../src/domain/image/resize.ts";
import { encodeThumbnail, opaqueImage, thumbnailSizeOf } from "../picture.ts";
import type { PagePicture } from "./page-source.ts";

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Grey; RGB; or RGB and something that does not count, or alpha. */
  readonly channels: 1 | 3 | 4;
  /** Whether the fourth channel is alpha, not multiplied into the others. */
  readonly hasAlpha: boolean;
  /** From one row to the next. */
  readonly stride: number;
  readonly data: Uint8Array | Uint8ClampedArray;
  /** How the picture is to be turned, in EXIF's numbers; 1, as it is, where it does not say. */
  readonly orientation?: number;
}

/** @param close called when the pixels are needed no more */
export function rasterPicture(raster: Raster, close: () => void = () => undefined): PagePicture {
  const { width, height } = turnedSize(raster);
  return {
    width,
    height,
    resized: (format) => resizeToBytes(rasterRows(raster), format),
    thumbnail(size) {
      const small = thumbnailSizeOf(width, height, size);
      const rgb = resizeToBytes(rasterRows(raster), { ...small, resampling: "area", aspect: "stretch" });
      return encodeThumbnail(opaqueImage(rgb, small.width, small.height));
    },
    close,
  };
}

/** From this number on, rows become columns. */
const firstTransposed = 5;

function turnedSize({ width, height, orientation = 1 }: Raster): { width: number; height: number } {
  return orientation < firstTransposed ? { width, height } : { width: height, height: width };
}

function rasterRows(raster: Raster): PixelRows {
  const { channels, stride, data, hasAlpha, orientation = 1 } = raster;
  const { width, height } = turnedSize(raster);
  if (orientation === 1 && channels !== 1 && !hasAlpha)
    return { width, height, channels, row: (y) => ({ data, offset: y * stride }) };
  const line = new Uint8ClampedArray(width * 3);
  const { start, acrossStep, downStep } = turning(raster);
  const second = channels === 1 ? 0 : 1;
  return {
    width,
    height,
    channels: 3,
    row(y) {
      for (let x = 0, at = start + y * downStep, out = 0; x < width; x++, at += acrossStep, out += 3) {
        const alpha = hasAlpha ? data[at + 3]! / 255 : 1;
        line[out] = 255 + alpha * (data[at]! - 255);
        line[out + 1] = 255 + alpha * (data[at + second]! - 255);
        line[out + 2] = 255 + alpha * (data[at + 2 * second]! - 255);
      }
      return { data: line, offset: 0 };
    },
  };
}

/** Where the turned picture's first pixel lies, and how far it is to the next one across and down. */
function turning({ width, height, channels, stride, orientation = 1 }: Raster): {
  start: number;
  acrossStep: number;
  downStep: number;
} {
  const right = (width - 1) * channels;
  const bottom = (height - 1) * stride;
  const isMirrored = [2, 3, 7, 8].includes(orientation);
  const isUpsideDown = [3, 4, 6, 7].includes(orientation);
  const x = isMirrored ? -channels : channels;
  const y = isUpsideDown ? -stride : stride;
  const start = (isMirrored ? right : 0) + (isUpsideDown ? bottom : 0);
  return orientation < firstTransposed ? { start, acrossStep: x, downStep: y } : { start, acrossStep: y, downStep: x };
}
