/** The decode workers: files in, fixed-size RGB out. */
import type { Augmentation } from "../domain/experiment/experiment.ts";
import type { FindingReason } from "../domain/dataset/dataset.ts";
import type { KnownDuplicates } from "../domain/dataset/leakage.ts";
import type { Fingerprint } from "../domain/vetting/fingerprint.ts";
import type { PixelFormat } from "../domain/image/pixel-format.ts";
import type { Outcome } from "./outcome.ts";

/** A file within a zip archive: where its bytes lie, so that each can be read by itself. */
export interface ArchivedFile {
  /** The archive, or for one within another, its bytes. */
  readonly archive: Blob;
  /** Of the entry's local header, in bytes. */
  readonly offset: number;
  /** As stored, in bytes. */
  readonly compressedSize: number;
  readonly isDeflated: boolean;
  readonly name: string;
  /** Inflated, in bytes, as the archive declares it. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** A file on disk, or within an archive. */
export type SourceFile = File | ArchivedFile;

export interface ListedEntry {
  /** Within the archive; an archive within it is a folder of its name. */
  readonly path: string;
  readonly file: ArchivedFile;
}

/** What an archive holds, without anything of it inflated but archives within it. */
export interface ArchiveListing {
  readonly entries: readonly ListedEntry[];
  /** Entries that are not taken, and why. */
  readonly problems: readonly { readonly path: string; readonly reason: FindingReason; readonly detail: string }[];
}

export interface DecodeRequest {
  readonly file: Blob | ArchivedFile;
  readonly pixels: PixelFormat;
  /** Longer side of the thumbnail in pixels; 0 for none. */
  readonly thumbnailSize: number;
  /** Also makes what duplicates are found by; needs a thumbnail. */
  readonly isFingerprinted?: boolean;
}

export interface DecodedPage {
  /** From 0. */
  readonly page: number;
  /** As decoded, after EXIF orientation, in pixels. */
  readonly width: number;
  readonly height: number;
  /** `format.height × format.width × 3` bytes, row-major RGB. */
  readonly rgb: Uint8Array;
  readonly thumbnail: Blob | null;
  readonly fingerprint: Fingerprint | null;
}

export type DecodedFile =
  | {
      readonly ok: true;
      readonly mediaType: string;
      /** Those that could be read, at least one, in the file's order. */
      readonly pages: readonly DecodedPage[];
      /** What is wrong with pages that are missing here or in which something is; `null` where all is well. */
      readonly damage: string | null;
      /** Of the file's bytes, in hexadecimal; null where it was not asked for or cannot be had. */
      readonly sha256: string | null;
    }
  | { readonly ok: false; readonly reason: FindingReason; readonly detail: string };

export interface ImportFile {
  /** Below the dataset's folder, `/` between parts, the class folder first. */
  readonly path: string;
  readonly className: string;
  readonly file: SourceFile;
}

/** One shard's worth of files: all of its images, thumbnails and findings are stored in one transaction, or none. */
export interface ImportChunk {
  readonly datasetId: string;
  readonly pixels: PixelFormat;
  readonly files: readonly ImportFile[];
  /** Whether the images are known already and only pixels in one more format are wanted. */
  readonly pixelsOnly?: boolean;
  /** Whether a file that the dataset has in the same class already, byte for byte, is not to come in again. */
  readonly isAddition?: boolean;
}

export interface ImportEvent {
  /** Files of this chunk looked at so far. */
  readonly files: number;
  /** Of those, bytes read. */
  readonly bytes: number;
}

export interface ImportChunkSummary {
  readonly images: number;
  readonly unreadable: number;
}

/** A few training views of one cached image, for the screen. */
export interface AugmentedViewsRequest {
  readonly datasetId: string;
  readonly image: { readonly imageId: string; readonly width: number; readonly height: number };
  /** The format to make them from; where the dataset is not cached in it, any other that it is cached in does. */
  readonly pixels: PixelFormat;
  /** Null: the image as it is. */
  readonly augmentation: Augmentation | null;
  /** Side of each view, in pixels. */
  readonly size: number;
  readonly count: number;
  readonly seed: number;
}

export interface DuplicateRequest {
  readonly datasetId: string;
}

export interface DuplicateEvent {
  readonly done: number;
  readonly total: number;
}

export interface DecodeService {
  /** Looks for images that show the same, and stores what it finds. */
  findDuplicates(
    request: DuplicateRequest,
    onEvent: (event: DuplicateEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<KnownDuplicates>>;
  decode(request: DecodeRequest): Promise<DecodedFile>;
  /** The views as PNG pictures, made as the batch stream makes them. */
  augmentedViews(request: AugmentedViewsRequest): Promise<Outcome<readonly Blob[]>>;
  /** Decodes a chunk and stores it as one shard. */
  importChunk(
    chunk: ImportChunk,
    onEvent: (event: ImportEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ImportChunkSummary>>;
  /** Reads what a zip archive holds; `bad-input` where it is none, is damaged, or is made to do harm. */
  listArchive(archive: File, onEvent: (entries: number) => void, signal: AbortSignal): Promise<Outcome<ArchiveListing>>;
  /** Lets the engine worker call this one directly: answers `DecodeService` on the port. */
  connect(port: MessagePort): Promise<void>;
}
