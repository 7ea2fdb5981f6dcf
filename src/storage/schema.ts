/** What IndexedDB holds. Guards stored data: a change here needs a new numbered migration in migrations.ts. */
import type { DBSchema } from "idb";
import type { Batch } from "../domain/capture/batch.ts";
import type { Capture } from "../domain/capture/capture.ts";
import type { Dataset, DatasetImage, Finding } from "../domain/dataset/dataset.ts";
import type { FinalDecision } from "../domain/comparison/decision.ts";
import type { KnownDuplicates } from "../domain/dataset/leakage.ts";
import type { Fingerprint } from "../domain/vetting/fingerprint.ts";
import type { ImageChoice } from "../domain/vetting/choices.ts";
import type { Backbone } from "../domain/experiment/backbone.ts";
import type { UnfinishedImport } from "../domain/dataset/unfinished-import.ts";
import type { Model } from "../domain/model/model.ts";
import type { Predictions } from "../domain/run/predictions.ts";
import type { Run } from "../domain/run/run.ts";

export const databaseName = "tamis";

/** Pixels of a few hundred images in one pixel format, one after the other. */
export interface Shard {
  readonly datasetId: string;
  /** `pixelFormatKey` of the format. */
  readonly format: string;
  readonly shardId: string;
  /** In the order of the pixels. */
  readonly imageIds: readonly string[];
  /** `imageIds.length × bytesPerImage` bytes: a Blob, so that an image is read without loading its shard. */
  readonly pixels: Blob;
}

/** What duplicates of an image are found by; apart from the image, so that listing stays cheap. */
export interface StoredFingerprint extends Fingerprint {
  readonly datasetId: string;
  readonly imageId: string;
  /** Of the file's bytes, in hexadecimal; null where the browser computes none. */
  readonly sha256: string | null;
}

/** Which images of a dataset show the same, as found by the last search. */
export interface StoredDuplicates extends KnownDuplicates {
  readonly datasetId: string;
  /** Images that were searched: with more of them in the dataset, the search is out of date. */
  readonly images: number;
}

/** What a person decided about an image, over what its folder says. */
export interface StoredChoice extends ImageChoice {
  readonly datasetId: string;
  readonly imageId: string;
}

/** A small picture for the screen: of a dataset image (scope: dataset id) or of a capture (scope: batch id). */
export interface Thumbnail {
  readonly scope: string;
  readonly itemId: string;
  readonly picture: Blob | PackedPicture;
}

/** Where a picture lies in a pack of its scope, in bytes. */
export interface PackedPicture {
  readonly packId: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Small pictures that were made together, one after the other: a file for each would cost an import about as much as decoding the images, since browsers
 * keep every stored Blob in a file of its own.
 */
export interface ThumbnailPack {
  readonly scope: string;
  readonly packId: string;
  readonly pictures: Blob;
}

export type NetworkKind = "layers" | "graph" | "onnx";

/** The weights of a model or a backbone, apart from its info, so that listing is cheap. */
export interface ModelWeights {
  readonly modelId: string;
  /** What `topology` and `weights` are; a tfjs LayersModel where it is not said. */
  readonly kind?: NetworkKind;
  /**
   * `layers`: tfjs `modelTopology`. `graph`: a tfjs GraphModel's `modelTopology`, `signature` and `userDefinedMetadata`. `onnx`: null, for the
   * weights are the whole file.
   */
  readonly topology: unknown;
  /** tfjs `weightSpecs`. */
  readonly weightSpecs: unknown;
  readonly weights: Blob;
}

/** What a run goes on from: its state after an epoch. */
export interface Checkpoint {
  readonly runId: string;
  /** The last epoch that it holds, from 1. */
  readonly epoch: number;
  /** Steps of the optimiser. */
  readonly step: number;
  /** float32, in the order of the network's weights. */
  readonly weights: Blob;
  /** Both of Adam's moments of each trainable weight. */
  readonly moments: Blob;
  readonly average: { readonly steps: number; readonly weights: Blob } | null;
}

/** The folders and archives that a dataset was read from, where the browser lets them be kept. */
export interface SourceFolder {
  readonly datasetId: string;
  readonly handles: readonly FileSystemHandle[];
}

/** The folder that a batch is read from, with which it goes on after Tamis was closed. */
export interface BatchFolder {
  readonly batchId: string;
  readonly handle: FileSystemDirectoryHandle;
}

/**
 * A file that lies nowhere else: a camera shot, a pasted picture, what another app shared; of a dataset (`batchId` is its id), a capture that was added
 * to it, by its path there.
 */
export interface Original {
  readonly batchId: string;
  /** `Capture.file` */
  readonly file: string;
  readonly content: File;
}

export interface Setting {
  readonly name: string;
  readonly value: unknown;
}

export interface TamisSchema extends DBSchema {
  datasets: { key: string; value: Dataset };
  images: { key: [string, string]; value: DatasetImage; indexes: { byDataset: string } };
  findings: { key: [string, string]; value: Finding };
  shards: { key: [string, string, string]; value: Shard };
  thumbnails: { key: [string, string]; value: Thumbnail };
  thumbnailPacks: { key: [string, string]; value: ThumbnailPack };
  fingerprints: { key: [string, string]; value: StoredFingerprint; indexes: { byDigest: [string, string] } };
  duplicates: { key: string; value: StoredDuplicates };
  choices: { key: [string, string]; value: StoredChoice };
  folders: { key: string; value: SourceFolder };
  imports: { key: string; value: UnfinishedImport };
  runs: { key: string; value: Run; indexes: { byCreation: number } };
  models: { key: string; value: Model };
  weights: { key: string; value: ModelWeights };
  backbones: { key: string; value: Backbone };
  checkpoints: { key: string; value: Checkpoint };
  decisions: { key: string; value: FinalDecision };
  predictions: { key: [string, string]; value: Predictions };
  captures: { key: string; value: Capture; indexes: { byBatch: string } };
  batches: { key: string; value: Batch; indexes: { byCreation: number } };
  batchFolders: { key: string; value: BatchFolder };
  originals: { key: [string, string]; value: Original };
  settings: { key: string; value: Setting };
}
