/** Formats that the browser decodes. */
import { resizeToBytes } from "../../../src/domain/image/resize.ts";
import { rowsOverWhite, thumbnailOf } from "../picture.ts";
import { heldPicture } from "../pixel-memory.ts";
import { messageOf, Refusal } from "../refusal.ts";
import type { PagePicture, PageSource } from "./page-source.ts";

/** What the file declares of its picture. */
export interface Declared {
  readonly pixels: number;
  readonly mayBeTurned: boolean;
}

/** @param contents what the browser is to decode, its type right */
export function browserSource(contents: Blob, { pixels, mayBeTurned }: Declared): PageSource {
  return { pages: 1, pixels, page: () => decoded(contents, mayBeTurned), close: () => undefined };
}

async function decoded(contents: Blob, mayBeTurned: boolean): Promise<PagePicture> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(contents, {
      imageOrientation: "from-image",
      premultiplyAlpha: "default",
      colorSpaceConversion: "default",
    });
  } catch (error) {
    throw new Refusal("damaged", messageOf(error));
  }
  // A bitmap may keep its pixels as they are stored and turn them as they are drawn.
  const held = mayBeTurned ? null : await heldPicture(bitmap, contents.type === "image/jpeg");
  if (!held) return picture(bitmap);
  bitmap.close();
  return held;
}

function picture(bitmap: ImageBitmap): PagePicture {
  return {
    width: bitmap.width,
    height: bitmap.height,
    resized: (format) => resizeToBytes(rowsOverWhite(bitmap), format),
    thumbnail: (size) => thumbnailOf(bitmap, size),
    close: () => bitmap.close(),
  };
}
