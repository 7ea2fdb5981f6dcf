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
/** With more pixels than this, pictures are decoded one at a time. */
const largePicture = 8_000_000;
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

/**
 * Never rejects: whatever is wrong with the file is in the answer. Several calls may run at once, which hides what reading and encoding
 * wait for; pictures too large to have several of them in memory still come one after the other.
 */
export async function decodeFile({ file, pixels, thumbnailSize }: DecodeRequest): Promise<DecodedFile> {
  try {
    const checked = await check(file);
    return await (checked.pixels > largePicture ? largeOnes.run(decode) : decode());

    async function decode(): Promise<DecodedFile> {
      const { mediaType, contents } = checked;
      const picture = await pictureOf(contents);
      const { width, height } = picture;
      let rgb: Uint8Array;
      let thumbnail: Promise<Blob> | null;
      try {
        thumbnail = thumbnailSize > 0 ? thumbnailOf(picture, thumbnailSize) : null;
        rgb = resizeToBytes(rowsOverWhite(picture), pixels);
      } finally {
        picture.close();
      }
      return { ok: true, mediaType, pages: [{ page: 0, width, height, rgb, thumbnail: await thumbnail }] };
    }
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof Refusal ? error.reason : "unreadable",
      detail: messageOf(error),
    };
  }
}

/** Runs tasks one after the other. */
class Queue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

const largeOnes = new Queue();

interface CheckedFile {
  readonly mediaType: string;
  /** As declared. */
  readonly pixels: number;
  /** What the browser is to decode. */
  readonly contents: Blob;
}

/** Everything that can be said without inflating anything. */
async function check(file: Blob): Promise<CheckedFile> {
  if (file.size === 0) throw new Refusal("empty", "The file has no bytes.");
  if (file.size > longFile) recognisePicture(await read(file.slice(0, recognisedLength)));
  const bytes = await read(file);
  const { mediaType, read: readHeader } = recognisePicture(bytes);
  const { width, height, damage, hidden } = readHeader(new Bytes(bytes));
  refuseSize(width, height);
  if (damage) throw new Refusal("damaged", damage);
  // The file itself where nothing is hidden: making a Blob of its bytes costs more than letting the browser read them again. Its own type may
  // come from a wrong ending.
  const contents = hidden.length > 0 ? without(bytes, hidden, mediaType) : file.slice(0, file.size, mediaType);
  return { mediaType, pixels: width * height, contents };
}

async function pictureOf(contents: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(contents, {
      imageOrientation: "from-image",
      premultiplyAlpha: "default",
      colorSpaceConversion: "default",
    });
  } catch (error) {
    throw new Refusal("damaged", messageOf(error));
  }
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
