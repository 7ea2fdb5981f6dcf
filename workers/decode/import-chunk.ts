/** A chunk of an import: its files in order, a few under way at once, then everything of it into storage in one transaction. */
import type {
  DecodedFile,
  ImportChunk,
  ImportChunkSummary,
  ImportEvent,
  ImportFile,
} from "../../src/contract/decode.ts";
import { failed, failureOf, type Outcome, succeeded } from "../../src/contract/outcome.ts";
import { type DatasetImage, type Finding, imageIdOf } from "../../src/domain/dataset/dataset.ts";
import { pixelFormatKey } from "../../src/domain/image/pixel-format.ts";
import type { StoredFingerprint, Thumbnail } from "../../src/storage/schema.ts";
import { storeChunk } from "../../src/storage/shards.ts";
import { decodeFile } from "./decode-file.ts";

/** Longer side, in pixels. */
const thumbnailSize = 160;
/** Files under way in this worker: more hide no more of what reading and encoding wait for. */
const atOnce = 3;
/** Between two events, in milliseconds: more than a screen can show helps nobody. */
const eventInterval = 100;

interface Collected {
  readonly images: DatasetImage[];
  readonly pixels: Uint8Array<ArrayBuffer>[];
  readonly thumbnails: Thumbnail[];
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
  try {
    const waiting: Promise<DecodedFile>[] = [];
    for (const [index, item] of chunk.files.entries()) {
      for (const { file } of chunk.files.slice(index + waiting.length, index + atOnce)) {
        waiting.push(decodeFile({ file, pixels: chunk.pixels, thumbnailSize, isFingerprinted: true }));
      }
      const decoded = await waiting.shift()!;
      if (signal.aborted) return failed("cancelled", "Cancelled.");
      collect(chunk.datasetId, item, decoded, collected);
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
    if (thumbnail) into.thumbnails.push({ scope: datasetId, itemId: imageId, picture: thumbnail });
  }
}

function store(chunk: ImportChunk, { images, pixels, ...rest }: Collected): Promise<void> {
  const shard = {
    datasetId: chunk.datasetId,
    format: pixelFormatKey(chunk.pixels),
    // The same chunk has the same name each time.
    shardId: chunk.files[0]?.path ?? "",
    imageIds: images.map((image) => image.imageId),
    pixels: new Blob(pixels),
  };
  return storeChunk({ shard, images, ...rest });
}
