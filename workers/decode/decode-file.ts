/** One file to pixels: what it is, whether it is whole, how large it says it is, and only then its picture. */
import type { DecodedFile, DecodeRequest } from "../../src/contract/decode.ts";
import type { FindingReason } from "../../src/domain/dataset/dataset.ts";
import { resizeToBytes } from "../../src/domain/image/resize.ts";
import { Bytes } from "./formats/bytes.ts";
import type { ByteRange, Header } from "./formats/header.ts";
import { recognise, recognisedLength } from "./formats/recognise.ts";
import { rowsOverWhite, thumbnailOf, widestPicture } from "./picture.ts";

/** A decoded picture takes four bytes a pixel; what declares more than this is refused before it is inflated. */
export const mostPixels = 100_000_000;
/** A file longer than this is looked at before it is read whole. */
const longFile = 16 * 1024 * 1024;

/** Why a file gives no picture. */
class Refusal extends Error {
  readonly reason: FindingReason;

  constructor(reason: FindingReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Never rejects: whatever is wrong with the file is in the answer. */
export async function decodeFile({ file, pixels, thumbnailSize }: DecodeRequest): Promise<DecodedFile> {
  try {
    const { mediaType, picture } = await open(file);
    try {
      const { width, height } = picture;
      const rgb = resizeToBytes(rowsOverWhite(picture), pixels);
      const thumbnail = thumbnailSize > 0 ? await thumbnailOf(picture, thumbnailSize) : null;
      return { ok: true, mediaType, pages: [{ page: 0, width, height, rgb, thumbnail }] };
    } finally {
      picture.close();
    }
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof Refusal ? error.reason : "unreadable",
      detail: messageOf(error),
    };
  }
}

async function open(file: Blob): Promise<{ readonly mediaType: string; readonly picture: ImageBitmap }> {
  if (file.size === 0) throw new Refusal("empty", "The file has no bytes.");
  if (file.size > longFile) recognisePicture(await read(file.slice(0, recognisedLength)));
  const bytes = await read(file);
  const { mediaType, read: readHeader } = recognisePicture(bytes);
  const { width, height, damage, hidden } = readHeader(new Bytes(bytes));
  refuseSize(width, height);
  if (damage) throw new Refusal("damaged", damage);
  const picture = await createImageBitmap(without(bytes, hidden, mediaType), {
    imageOrientation: "from-image",
    premultiplyAlpha: "default",
    colorSpaceConversion: "default",
  }).catch((error: unknown) => {
    throw new Refusal("damaged", messageOf(error));
  });
  return { mediaType, picture };
}

async function read(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new Refusal("unreadable", messageOf(error));
  }
}

function recognisePicture(start: Uint8Array): {
  readonly mediaType: string;
  readonly read: (bytes: Bytes) => Header;
} {
  const found = recognise(start);
  switch (found.kind) {
    case "picture":
      return found;
    case "unsupported":
      throw new Refusal("unsupported-format", found.name);
    case "text":
      throw new Refusal("not-an-image", "The file holds text.");
    case "unknown":
      throw new Refusal("not-an-image", "The file begins like no known format.");
  }
}

function refuseSize(width: number, height: number): void {
  if (width * height > mostPixels || Math.max(width, height) > widestPicture) {
    throw new Refusal("too-large", `The file declares ${width} × ${height} pixels.`);
  }
}

function without(bytes: Uint8Array<ArrayBuffer>, hidden: readonly ByteRange[], type: string): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let start = 0;
  for (const range of hidden) {
    parts.push(bytes.subarray(start, range.start));
    start = range.end;
  }
  return new Blob([...parts, bytes.subarray(start)], { type });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
