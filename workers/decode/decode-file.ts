/** One file to pixels: what it is, whether it is whole, how large it says it is, and only then its pages. */
import type { DecodedFile, DecodedPage, DecodeRequest } from "../../src/contract/decode.ts";
import type { Fingerprint } from "../../src/domain/vetting/fingerprint.ts";
import { contentsOf } from "./archive/read.ts";
import { Bytes } from "./formats/bytes.ts";
import type { ByteRange } from "./formats/header.ts";
import { readIsoPicture } from "./formats/iso-media.ts";
import { type DocumentType, type Recognised, recognise, recognisedLength } from "./formats/recognise.ts";
import { digestOf } from "./digest.ts";
import { messageOf, pixelsWithinMemory, Refusal, refuseSize } from "./refusal.ts";
import { browserSource } from "./sources/browser.ts";
import type { PagePicture, PageSource } from "./sources/page-source.ts";

/** With more pixels than this, pictures are decoded one at a time. */
const largePicture = 8_000_000;
/** A file longer than this is looked at before it is read whole. */
const longFile = 16 * 1024 * 1024;

/**
 * Never rejects: whatever is wrong with the file is in the answer. Several calls may run at once, which hides what reading and encoding
 * wait for; pictures too large to have several of them in memory still come one after the other.
 * @param contents of the file, where they were read already
 */
export async function decodeFile(
  request: DecodeRequest,
  contents: Uint8Array<ArrayBuffer> | null = null,
): Promise<DecodedFile> {
  try {
    const look = { length: recognisedLength, check: recogniseReadable };
    const file = await contentsOf(request.file, look);
    const bytes = contents ?? (await readUnlessLong(file));
    const digest = request.isFingerprinted ? digestOf(file, bytes) : null;
    const { mediaType, source } = await open(file, bytes);
    try {
      const decode = () => decodePages(source, request);
      const { pages, damage } = await (source.pixels > largePicture ? largeOnes.run(decode) : decode());
      return { ok: true, mediaType, pages, damage, sha256: await digest };
    } finally {
      source.close();
    }
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof Refusal ? error.reason : "unreadable",
      detail: messageOf(error),
    };
  }
}

/** @throws Refusal where no page can be read */
async function decodePages(
  source: PageSource,
  request: DecodeRequest,
): Promise<{ pages: readonly DecodedPage[]; damage: string | null }> {
  const pages: DecodedPage[] = [];
  const refusals: Refusal[] = [];
  const damages: string[] = [];
  for (let page = 0; page < source.pages; page++) {
    try {
      const picture = await source.page(page);
      pages.push(await pageOf(picture, page, request));
      if (picture.damage) damages.push(picture.damage);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusals.push(error);
    }
  }
  const [first] = refusals;
  if (first && pages.length === 0) throw first;
  if (first) damages.unshift(`${refusals.length} of ${source.pages} pages cannot be read: ${first.message}`);
  return { pages, damage: damages.length > 0 ? damages.join(" ") : null };
}

async function pageOf(
  picture: PagePicture,
  page: number,
  { pixels, thumbnailSize, isFingerprinted }: DecodeRequest,
): Promise<DecodedPage> {
  const { width, height } = picture;
  let rgb: Uint8Array;
  let thumbnail: Promise<Blob> | null;
  let fingerprint: Fingerprint | null;
  try {
    const small = thumbnailSize > 0 ? picture.thumbnail(thumbnailSize) : null;
    thumbnail = small?.encoded ?? null;
    fingerprint = isFingerprinted && small ? small.fingerprint() : null;
    rgb = picture.resized(pixels);
  } finally {
    picture.close();
  }
  return { page, width, height, rgb, thumbnail: await thumbnail, fingerprint };
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

interface OpenFile {
  readonly mediaType: string;
  readonly source: PageSource;
}

/** Everything that can be said without inflating anything. */
async function open(file: Blob, known: Uint8Array<ArrayBuffer> | null): Promise<OpenFile> {
  if (file.size === 0) throw new Refusal("empty", "The file has no bytes.");
  if (!known) {
    const { mediaType } = recogniseReadable(await read(file.slice(0, recognisedLength)));
    if (mediaType === "image/tiff") return { mediaType, source: await openTiff(file) };
  }
  const bytes = known ?? (await read(file));
  const recognised = recogniseReadable(bytes);
  const { mediaType } = recognised;
  if (recognised.kind === "document")
    return { mediaType, source: await openDocument(recognised.mediaType, file, bytes) };
  const { width, height, damage, hidden, mayBeTurned, bytesPerPixel } = recognised.read(new Bytes(bytes));
  refuseSize(width, height, pixelsWithinMemory(bytesPerPixel));
  if (damage) throw new Refusal("damaged", damage);
  const contents = visible(file, bytes, hidden, mediaType);
  return { mediaType, source: browserSource(contents, { pixels: width * height, mayBeTurned }) };
}

/**
 * What the browser is to decode: the file itself where nothing of it is hidden, since making a Blob of its bytes costs more than letting the browser
 * read them again; its own type may come from a wrong ending.
 */
function visible(file: Blob, bytes: Uint8Array<ArrayBuffer>, hidden: readonly ByteRange[], mediaType: string): Blob {
  if (hidden.length > 0) return without(bytes, hidden, mediaType);
  return file.type === mediaType ? file : file.slice(0, file.size, mediaType);
}

async function readUnlessLong(file: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
  return file.size > longFile ? null : read(file);
}

/** Loads what reads such files, once. */
async function openDocument(mediaType: DocumentType, file: Blob, bytes: Uint8Array): Promise<PageSource> {
  switch (mediaType) {
    case "image/tiff":
      return openTiff(file);
    case "application/pdf":
      return (await import("./sources/pdf.ts")).pdfSource(bytes);
    case "image/heic": {
      const { width, height, damage } = readIsoPicture(new Bytes(bytes));
      refuseSize(width, height);
      if (damage) throw new Refusal("damaged", damage);
      return (await import("./sources/heif.ts")).heifSource(bytes);
    }
    case "image/svg+xml":
      return (await import("./sources/svg.ts")).svgSource(bytes);
  }
}

async function openTiff(file: Blob): Promise<PageSource> {
  return (await import("./sources/tiff.ts")).tiffSource(file);
}

async function read(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new Refusal("unreadable", messageOf(error));
  }
}

function recogniseReadable(start: Uint8Array): Extract<Recognised, { mediaType: string }> {
  const found = recognise(start);
  switch (found.kind) {
    case "picture":
    case "document":
      return found;
    case "unsupported":
      throw new Refusal("unsupported-format", found.name);
    case "text":
      throw new Refusal("not-an-image", "The file holds text.");
    case "unknown":
      throw new Refusal("not-an-image", "The file begins like no known format.");
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
