/** A chunk of an import: its files in order, a few under way at once, then everything of it into storage in one transaction. */
import type {
  DecodedFile,
  ImportChunk,
  ImportChunkSummary,
  ImportEvent,
  ImportFile,
} from "../../src/contract/decode.ts";
import { failed, failureOf, type Outcome, succeeded } from "../../src/contract/outcome.ts";
import { withoutCopyNumber } from "../../src/domain/dataset/copy-number.ts";
import { type DatasetImage, type Finding, imageIdOf } from "../../src/domain/dataset/dataset.ts";
import { pixelFormatKey } from "../../src/domain/image/pixel-format.ts";
import type { StoredFingerprint } from "../../src/storage/schema.ts";
import { storeChunk } from "../../src/storage/shards.ts";
import { listImagesOfDigest } from "../../src/storage/vetting.ts";
import { packThumbnails } from "../../src/storage/thumbnails.ts";
import { decodeFile } from "./decode-file.ts";
import { ReadAhead } from "./read-ahead.ts";

/** Longer side, in pixels. */
const thumbnailSize = 160;
/** Files under way in this worker: more hide no more of what reading and encoding wait for. */
const atOnce = 3;
/** Between two events, in milliseconds: more than a screen can show helps nobody. */
const eventInterval = 100;

interface Collected {
  readonly images: DatasetImage[];
  readonly pixels: Uint8Array<ArrayBuffer>[];
  readonly thumbnails: { readonly itemId: string; readonly picture: Blob }[];
  readonly findings: Finding[];
  readonly fingerprints: StoredFingerprint[];
}

/**
 * Never rejects. Cancelled between two files; then, and where storage refuses, nothing of the chunk is kept. A chunk that comes again (its worker
 * died, or another pixel format is cached) replaces what it left before.
 */
export async function importChunk(
  chunk: ImportChunk,
  onEvent: (event: ImportEvent) => void,
  signal: AbortSignal,
): Promise<Outcome<ImportChunkSummary>> {
  const collected: Collected = { images: [], pixels: [], thumbnails: [], findings: [], fingerprints: [] };
  let bytes = 0;
  let lastEvent = performance.now();
  const reading = new ReadAhead(chunk.files.map(({ file }) => file));
  const { pixels, pixelsOnly = false } = chunk;
  const decode = async (index: number): Promise<DecodedFile> => {
    const { file } = chunk.files[index]!;
    const contents = await reading.contentsOf(index);
    return decodeFile(
      { file, pixels, thumbnailSize: pixelsOnly ? 0 : thumbnailSize, isFingerprinted: !pixelsOnly },
      contents,
    );
  };
  try {
    const waiting: Promise<DecodedFile>[] = [];
    for (const [index, item] of chunk.files.entries()) {
      while (waiting.length < atOnce && index + waiting.length < chunk.files.length) {
        waiting.push(decode(index + waiting.length));
      }
      const decoded = await waiting.shift()!;
      if (signal.aborted) return failed("cancelled", "Cancelled.");
      const known = chunk.isAddition ? await knownAs(chunk.datasetId, item, decoded) : null;
      if (known === null) collect(chunk.datasetId, item, decoded, collected);
      else noteKnown(chunk.datasetId, item, known, collected);
      bytes += item.file.size;
      if (performance.now() - lastEvent >= eventInterval || index === chunk.files.length - 1) {
        lastEvent = performance.now();
        onEvent({ files: index + 1, bytes });
      }
    }
    if (signal.aborted) return failed("cancelled", "Cancelled.");
    await store(chunk, collected);
    return succeeded({ images: collected.images.length, unreadable: collected.findings.length });
  } catch (error) {
    // Nobody cancelled: the browser itself gave the transaction up, which it does when the disk or the quota is full.
    const isGivenUp = error instanceof DOMException && error.name === "AbortError";
    return failureOf(isGivenUp ? new DOMException(error.message, "QuotaExceededError") : error);
  }
}

/** The path of a file of the same bytes that the dataset has in the same class; null where it has none. */
async function knownAs(datasetId: string, { className }: ImportFile, decoded: DecodedFile): Promise<string | null> {
  if (!decoded.ok || decoded.sha256 === null) return null;
  const images = await listImagesOfDigest(datasetId, decoded.sha256);
  return images.find((image) => image.className === className)?.path ?? null;
}

/** Says that it is left out, but of a file that only got another date. */
function noteKnown(datasetId: string, { path, className }: ImportFile, known: string, into: Collected): void {
  if (withoutCopyNumber(path) === withoutCopyNumber(known)) return;
  into.findings.push({ datasetId, path, className, reason: "already-there", detail: known });
}

function collect(
  datasetId: string,
  { path, className, file }: ImportFile,
  decoded: DecodedFile,
  into: Collected,
): void {
  if (!decoded.ok) {
    into.findings.push({ datasetId, path, className, reason: decoded.reason, detail: decoded.detail });
    return;
  }
  if (decoded.damage) into.findings.push({ datasetId, path, className, reason: "damaged", detail: decoded.damage });
  for (const { page, width, height, rgb, thumbnail, fingerprint } of decoded.pages) {
    const imageId = imageIdOf(path, page);
    into.images.push({
      datasetId,
      imageId,
      path,
      page,
      className,
      width,
      height,
      byteLength: file.size,
      lastModified: file.lastModified,
      mediaType: decoded.mediaType,
    });
    into.pixels.push(rgb as Uint8Array<ArrayBuffer>);
    const { sha256 } = decoded;
    if (fingerprint) into.fingerprints.push({ datasetId, imageId, sha256, ...fingerprint });
    if (thumbnail) into.thumbnails.push({ itemId: imageId, picture: thumbnail });
  }
}

function store(chunk: ImportChunk, { images, pixels, thumbnails, ...rest }: Collected): Promise<void> {
  const { datasetId, files, pixelsOnly = false } = chunk;
  // The same chunk has the same name each time.
  const shardId = files[0]?.path ?? "";
  const shard = {
    datasetId,
    format: pixelFormatKey(chunk.pixels),
    shardId,
    imageIds: images.map((image) => image.imageId),
    pixels: new Blob(pixels),
  };
  if (pixelsOnly) return storeChunk({ shard, images: [], thumbnails: [], findings: [] });
  return storeChunk({ shard, images, ...packThumbnails(datasetId, shardId, thumbnails), ...rest });
}
