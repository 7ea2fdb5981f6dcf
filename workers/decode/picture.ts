/** Decoded pictures: their rows over white for the resize, and a small JPEG for the screen. */
import { type Fingerprint, fingerprintOf } from "../../src/domain/vetting/fingerprint.ts";
import type { PixelRows, RowLocation } from "../../src/domain/image/resize.ts";

/** Pixels that are read from a picture at once: 16 MiB of RGBA, however large the picture is. */
const stripPixels = 4 * 1024 * 1024;
/** Browsers do not make wider canvases. */
export const widestPicture = 32767;

const thumbnailQuality = 0.8;

let strip: OffscreenCanvasRenderingContext2D | null = null;

/** A canvas in main memory of at least this size, kept for the next picture: making one costs as much as reading from it. */
function stripContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  if (strip && strip.canvas.width >= width && strip.canvas.height >= height) return strip;
  const isAmple =
    strip !== null && Math.max(width, strip.canvas.width) * Math.max(height, strip.canvas.height) <= stripPixels;
  const canvas = new OffscreenCanvas(
    isAmple ? Math.max(width, strip!.canvas.width) : width,
    isAmple ? Math.max(height, strip!.canvas.height) : height,
  );
  strip = contextOf(canvas);
  return strip;
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (!context) throw new Error("The browser has no canvas left.");
  context.fillStyle = "#fff";
  return context;
}

/** The rows of a picture, composed over white. Rows must be asked for from top to bottom. */
export function rowsOverWhite(picture: ImageBitmap): PixelRows {
  const { width, height } = picture;
  const stripHeight = Math.max(1, Math.min(height, Math.floor(stripPixels / width)));
  const context = stripContext(width, stripHeight);
  const stride = width * 4;
  let data = new Uint8ClampedArray();
  let top = 0;
  let bottom = 0;
  const row = (y: number): RowLocation => {
    if (y < top || y >= bottom) {
      const rows = Math.min(stripHeight, height - y);
      context.fillRect(0, 0, width, rows);
      context.drawImage(picture, 0, y, width, rows, 0, 0, width, rows);
      data = context.getImageData(0, 0, width, rows).data;
      top = y;
      bottom = y + rows;
    }
    return { data, offset: (y - top) * stride };
  };
  return { width, height, channels: 4, row };
}

/**
 * Thumbnail canvases by size: datasets have few shapes, and a new canvas costs more than drawing on it. Cleared when there are too many.
 */
const thumbnailContexts = new Map<string, OffscreenCanvasRenderingContext2D>();
const mostThumbnailContexts = 64;

function thumbnailContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const key = `${width}x${height}`;
  const known = thumbnailContexts.get(key);
  if (known) return known;
  if (thumbnailContexts.size >= mostThumbnailContexts) thumbnailContexts.clear();
  const context = contextOf(new OffscreenCanvas(width, height));
  context.imageSmoothingQuality = "medium";
  thumbnailContexts.set(key, context);
  return context;
}

/** Of the thumbnail of a picture: its longer side `size` pixels, or less where the picture is smaller. */
export function thumbnailSizeOf(width: number, height: number, size: number): { width: number; height: number } {
  const scale = Math.min(1, size / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The whole picture over white as a JPEG whose longer side is `size` pixels, or less where the picture is smaller. The picture may be closed as
 * soon as this returned its promise.
 */
export function thumbnailOf(picture: ImageBitmap, size: number): SmallPicture {
  const { width, height } = thumbnailSizeOf(picture.width, picture.height, size);
  const context = thumbnailContext(width, height);
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  return encoded(context, () => context.getImageData(0, 0, width, height));
}

/** The same of an opaque picture that has the thumbnail's size already. */
export function encodeThumbnail(image: ImageData): SmallPicture {
  const context = thumbnailContext(image.width, image.height);
  context.putImageData(image, 0, 0);
  return encoded(context, () => image);
}

/** @param rgb `height × width × 3` bytes */
export function opaqueImage(rgb: Uint8Array, width: number, height: number): ImageData {
  const image = new ImageData(width, height);
  for (let at = 0, from = 0; at < image.data.length; at += 4, from += 3) {
    image.data[at] = rgb[from]!;
    image.data[at + 1] = rgb[from + 1]!;
    image.data[at + 2] = rgb[from + 2]!;
    image.data[at + 3] = 255;
  }
  return image;
}

/** A picture of thumbnail size, about to be encoded. */
export interface SmallPicture {
  readonly encoded: Promise<Blob>;
  /** To be called before anything else is awaited: the canvas is used again for the next picture. */
  fingerprint(): Fingerprint;
}

function encoded(context: OffscreenCanvasRenderingContext2D, imageOf: () => ImageData): SmallPicture {
  const { width, height } = context.canvas;
  return {
    encoded: context.canvas.convertToBlob({ type: "image/jpeg", quality: thumbnailQuality }),
    fingerprint: () => fingerprintOf(imageOf().data, width, height),
  };
}
