/** Formats that the browser decodes. */
import { rowsOverWhite, thumbnailOf } from "../picture.ts";
import { messageOf, Refusal } from "../refusal.ts";
import type { PagePicture, PageSource } from "./page-source.ts";

/** @param pixels as declared @param contents what the browser is to decode, its type right */
export function browserSource(contents: Blob, pixels: number): PageSource {
  return { pages: 1, pixels, page: () => decoded(contents), close: () => undefined };
}

async function decoded(contents: Blob): Promise<PagePicture> {
  try {
    const bitmap = await createImageBitmap(contents, {
      imageOrientation: "from-image",
      premultiplyAlpha: "default",
      colorSpaceConversion: "default",
    });
    return {
      width: bitmap.width,
      height: bitmap.height,
      rows: () => rowsOverWhite(bitmap),
      thumbnail: (size) => thumbnailOf(bitmap, size),
      close: () => bitmap.close(),
    };
  } catch (error) {
    throw new Refusal("damaged", messageOf(error));
  }
}
