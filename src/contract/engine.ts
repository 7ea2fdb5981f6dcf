/** The engine worker: the only place where tensors live. */
import type { Backbone, PixelRange } from "../domain/experiment/backbone.ts";
import type { ImageStatistics } from "../domain/drift/image-statistics.ts";
import type { Experiment } from "../domain/experiment/experiment.ts";
import type { FindingReason } from "../domain/dataset/dataset.ts";
import type { Explanation, GradCamLack } from "../domain/explanation/explanation.ts";
import type { HeatMap } from "../domain/explanation/heat-map.ts";
import type { Model, Preprocessing } from "../domain/model/model.ts";
import type { EpochValues, Run } from "../domain/run/run.ts";
import type { Outcome } from "./outcome.ts";

export const backendChoices = ["auto", "wasm", "webgpu"] as const;
export type BackendChoice = (typeof backendChoices)[number];

export interface BackendRequest {
  readonly choice: BackendChoice;
  /** WASM threads; all usable cores where not given. */
  readonly threads?: number;
  /** WASM: the best that the browser has where not given. */
  readonly simd?: "none" | "simd" | "relaxed";
}

export interface BackendInfo {
  readonly name: "wasm" | "webgpu";
  readonly threads: number;
  readonly simd: "none" | "simd" | "relaxed";
  /** A WebGPU adapter that computes on the processor. */
  readonly isSoftware: boolean;
  /** Why this one, with what was measured; English, one sentence. */
  readonly reason: string;
  /** Of the test step by which it was chosen; null where there was no choice. */
  readonly stepMilliseconds: { readonly wasm: number; readonly webgpu: number } | null;
}

/** What is alive in the engine, to show that nothing is left behind. */
export interface EngineMemory {
  readonly tensors: number;
  readonly tensorBytes: number;
  readonly heapBytes: number;
}

export interface BackboneRequest {
  readonly name: string;
  readonly source:
    | {
        readonly kind: "files";
        /** A model of any format that is made of layers. */
        readonly files: readonly ModelFile[];
        /** What it expects of a byte of 0 and of one of 255. */
        readonly range: PixelRange;
      }
    | { readonly kind: "model"; readonly modelId: string };
}

export type TrainingEvent =
  /** The features of a backbone are computed, once for each image. Throttled. */
  | { readonly type: "extracting"; readonly done: number; readonly total: number; readonly secondsLeft: number | null }
  | {
      readonly type: "started";
      readonly backend: BackendInfo;
      readonly parameters: number;
      readonly stepsPerEpoch: number;
    }
  /** Throttled to a few a second. */
  | {
      readonly type: "step";
      readonly epoch: number;
      /** From 1, within the epoch. */
      readonly step: number;
      /** Means over the epoch so far. */
      readonly loss: number;
      readonly accuracy: number;
      readonly millisecondsPerStep: number;
      /** Until the end of the run, from what was measured so far. */
      readonly secondsLeft: number;
    }
  /** The run waits between two steps, until `pause(false)`. */
  | { readonly type: "paused"; readonly epoch: number }
  | { readonly type: "validating"; readonly epoch: number; readonly done: number; readonly total: number }
  | { readonly type: "epoch"; readonly values: EpochValues; readonly modelId: string; readonly secondsLeft: number };

/** What a run is to be estimated from. */
export interface EstimateRequest {
  readonly experiment: Experiment;
  /** Original classes of the dataset. */
  readonly classes: number;
  readonly trainingImages: number;
  /** Of the training images, those of the positive class. */
  readonly positives: number;
  readonly validationImages: number;
}

/** What a run will cost, from a few real steps of its own network. */
export interface RunEstimate {
  readonly parameters: number;
  /** At the most, in bytes: see `memoryEstimate`. */
  readonly memoryBytes: number;
  readonly millisecondsPerStep: number;
  /** Of an epoch at the final size, validation included. */
  readonly secondsPerEpoch: number;
  /** Of all epochs; a run that stops early takes less. */
  readonly seconds: number;
}

/** Prediction on cached images of a dataset. */
export interface PredictionRequest {
  readonly modelId: string;
  readonly datasetId: string;
  readonly imageIds: readonly string[];
  /** Of `predict`: the weights as an export would store them; as they are where not given. */
  readonly precision?: Precision;
}

export interface PredictionEvent {
  readonly done: number;
  readonly total: number;
}

export interface ClassificationItem {
  /** The caller's own. */
  readonly id: string;
  readonly file: Blob;
}

export interface ClassificationRequest {
  readonly modelId: string;
  readonly items: readonly ClassificationItem[];
  /** Also make a small picture of each page, for the screen. */
  readonly thumbnails: boolean;
}

/** What became of one page, or of a file that could not be read. */
export type ClassificationEvent =
  | {
      readonly type: "page";
      readonly id: string;
      readonly page: number;
      readonly pages: number;
      readonly probability: number;
      readonly width: number;
      readonly height: number;
      readonly thumbnail: Blob | null;
      readonly statistics: ImageStatistics;
      /** What is wrong with pages of the file that are missing; null where none is. */
      readonly damage: string | null;
    }
  | { readonly type: "unreadable"; readonly id: string; readonly reason: FindingReason; readonly detail: string };

export interface ClassificationSummary {
  readonly pages: number;
  readonly unreadable: number;
  readonly seconds: number;
}

/** An imported model, run on a few images in several ways. */
export interface TrialRequest {
  readonly modelId: string;
  readonly files: readonly Blob[];
  /** In place of the model's own; all of the same pixel format. */
  readonly candidates: readonly Preprocessing[];
}

export interface Trial {
  /** The first page of each file, in the candidates' pixel format; null where it cannot be read. */
  readonly pictures: readonly (Uint8Array | null)[];
  /** Of each candidate: what the network puts out for each picture that could be read, as many numbers as it has outputs. */
  readonly outputs: readonly Float32Array[];
}

/** What a network puts out for images, and how long it took. */
export interface MeasuredOutputs {
  readonly outputs: Float32Array;
  /** From cached pixels to the outputs of all views, decoding and reading left out; null where no batch could be measured. */
  readonly millisecondsPerImage: number | null;
}

export interface ExplanationRequest {
  readonly modelId: string;
  readonly picture:
    /** Of a dataset, cached in the model's pixel format. */
    | { readonly kind: "cached"; readonly datasetId: string; readonly imageId: string }
    | { readonly kind: "file"; readonly file: Blob; readonly page: number };
}

export type ExplanationEvent =
  /** Soon, and once: what can be shown while the occlusion goes on. */
  | {
      readonly type: "grad-cam";
      readonly probability: number;
      readonly map: HeatMap | null;
      readonly lack: GradCamLack | null;
    }
  /** Covered pictures that were judged. */
  | { readonly type: "occluding"; readonly done: number; readonly total: number };

/**
 * `tamis`: one zip of tfjs `model.json`, `weights.bin` and `metadata.json`, which plain tfjs opens once unzipped. `cluster`: a zip of a job that
 * classifies an archive on many machines (Ray Data).
 */
export const exportFormats = ["tamis", "keras", "onnx", "cluster"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How the weights are stored; the other formats than `tamis` have float32. */
export const precisions = ["float32", "float16", "uint8"] as const;
export type Precision = (typeof precisions)[number];

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly precision: Precision;
}

/** One of the files that a model consists of. */
export interface ModelFile {
  /** Below the model's folder, with slashes. */
  readonly path: string;
  readonly file: Blob;
}

/**
 * Long calls take `(input, onEvent, signal)`; cancelling is cooperative at batch boundaries. Runs, models and pixels are read from and
 * written to storage by the engine itself; only ids, progress and numbers cross the boundary.
 */
export interface EngineService {
  /** Chooses and starts a backend; idempotent for the same request. Every other call starts `auto` by itself where this was not called. */
  start(request: BackendRequest): Promise<Outcome<BackendInfo>>;

  /** Gives the engine a port on which a decode worker answers `DecodeService`; a port given again for a slot replaces the old one. */
  connectDecoder(slot: number, port: MessagePort): Promise<void>;

  /**
   * Trains the stored run `runId` (status `queued`) to its end, from its checkpoint where it has one. After every epoch the run's history, its
   * model and a checkpoint are stored, so that stopping, a closed tab or a dead worker keeps what the last finished epoch reached, and the run can
   * go on from there to the very weights of an undisturbed run. A cancelled run ends as `stopped` and is a success.
   */
  train(runId: string, onEvent: (event: TrainingEvent) => void, signal: AbortSignal): Promise<Outcome<Run>>;

  /** Probes with two steps and a validation batch on made-up pictures; leaves nothing behind. */
  estimate(request: EstimateRequest, signal: AbortSignal): Promise<Outcome<RunEstimate>>;

  /** Lets the training wait between two steps, or go on. Has no effect where nothing trains. */
  pause(isPaused: boolean): Promise<void>;

  /** P(positive) of each image, calibrated, in the order asked for. */
  predict(
    request: PredictionRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Float32Array>>;

  /**
   * What the network puts out for each image before calibration, the mean over its views: one number an image for a sigmoid, one a label for a
   * softmax, in the order asked for.
   */
  outputs(
    request: PredictionRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<MeasuredOutputs>>;

  /** Decodes through the connected decode workers and classifies; events come as pages are done, in any order. */
  classify(
    request: ClassificationRequest,
    onEvent: (event: ClassificationEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ClassificationSummary>>;

  /** What a model says of a few files, prepared in other ways than its own; stores nothing. */
  tryModel(
    request: TrialRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Trial>>;

  /** Where in one picture the evidence for the model's verdict lies. A file is decoded by the connected decode workers. */
  explain(
    request: ExplanationRequest,
    onEvent: (event: ExplanationEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Explanation>>;

  /** The model as one file, in a format that others read. */
  exportModel(modelId: string, options: ExportOptions): Promise<Outcome<Blob>>;

  /**
   * Checks and stores a model of any format that Tamis reads (see `ModelFormat`), given as one file (a zip too) or as all of its files; with `id` it
   * replaces the model of that id. What the files do not say is left as the model's `questions`.
   */
  importModel(
    files: readonly ModelFile[],
    options: { readonly origin: Model["origin"]; readonly id?: string },
  ): Promise<Outcome<Model>>;

  /** Stores the features' part of a model as a backbone; the same files again replace what they made before. */
  importBackbone(request: BackboneRequest): Promise<Outcome<Backbone>>;

  memory(): Promise<EngineMemory>;

  /** Answers `MeasurementService` on this port, on the backend that runs: for the command line. */
  connectMeasurement(port: MessagePort): Promise<void>;
}
