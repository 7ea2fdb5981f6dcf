/** A model is weights with metadata; these are the metadata. In the exported zip they are `metadata.json`. */
import type { View } from "../experiment/experiment.ts";
import type { PixelFormat } from "../image/pixel-format.ts";
import type { Calibration } from "./calibration.ts";
import type { EpochValues } from "../run/run.ts";

/** Bumped when the meaning of a field changes; readers refuse what is newer than they know. Guards stored and exported data. */
export const modelMetadataVersion = 1;

/** How a scan becomes the network's input. A model is always run with the preprocessing it was trained with. */
export interface Preprocessing {
  readonly pixels: PixelFormat;
  /** Side of the square network input, in pixels. */
  readonly inputSize: number;
  readonly views: readonly View[];
  /** Network input = byte · scale + offset (1 and 0 where the network rescales by itself). */
  readonly scale: number;
  readonly offset: number;
}

/** Which network output means "photo". */
export interface ModelOutput {
  /** `sigmoid`: one number, P(positive). `softmax`: one number a label. */
  readonly kind: "sigmoid" | "softmax";
  /** For softmax, in the order of the outputs; for sigmoid [negative label, positive label]. */
  readonly labels: readonly string[];
  /** Index in `labels`. */
  readonly positive: number;
}

export interface ModelMetadata {
  readonly version: number;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly preset: string;
  readonly parameters: number;
  readonly preprocessing: Preprocessing;
  readonly output: ModelOutput;
  /** From the network's P(positive) to the one that is shown and compared with the threshold; `null`: the network's own. */
  readonly calibration: Calibration | null;
  /** Photo where P ≥ threshold. */
  readonly threshold: number;
  /** To review where P lies within [low, high); `null`: no review band. */
  readonly reviewBand: { readonly low: number; readonly high: number } | null;
  /** How it was trained, on what, with which result; `null` where a model came without. */
  readonly training: TrainingSummary | null;
}

export interface TrainingSummary {
  readonly datasetName: string;
  readonly classNames: readonly string[];
  readonly trainingImages: number;
  readonly validationImages: number;
  readonly seed: number;
  readonly epochs: number;
  readonly backend: string;
  readonly history: readonly EpochValues[];
}

/** A model as the list shows it. */
export interface Model {
  readonly id: string;
  readonly metadata: ModelMetadata;
  /** Of the weights, in bytes. */
  readonly weightBytes: number;
  readonly origin: "trained" | "imported" | "starter";
  readonly runId: string | null;
}
