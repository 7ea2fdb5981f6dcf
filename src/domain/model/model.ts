/** A model is weights with metadata; these are the metadata. In the exported zip they are `metadata.json`. */
import type { ImageSummary } from "../drift/image-drift.ts";
import type { View } from "../experiment/experiment.ts";
import type { PixelFormat } from "../image/pixel-format.ts";
import type { Calibration } from "./calibration.ts";
import type { MeasuredPart } from "./measured.ts";
import type { EpochValues } from "../run/run.ts";

/** Bumped when the meaning of a field changes; readers refuse what is newer than they know. Guards stored and exported data. */
export const modelMetadataVersion = 1;
/** Of models that need `channels` or `logits`: a reader that knows neither would run them wrongly. */
export const adaptedMetadataVersion = 2;

/** The files that a model can come in. */
export const modelFormats = [
  "tamis",
  "tfjs-layers",
  "tfjs-graph",
  "teachable-machine",
  "keras-v3",
  "keras-h5",
  "onnx",
] as const;
export type ModelFormat = (typeof modelFormats)[number];

/** What happens to the three channels of a pixel after `scale` and `offset`. */
export interface Channels {
  /** In which order the network takes them; `grey`: their luminance (ITU-R BT.601) as the only one. */
  readonly order: "rgb" | "bgr" | "grey";
  /** Network input = value · scale + offset, by channel in the network's order. */
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** How a scan becomes the network's input. A model is always run with the preprocessing it was trained with. */
export interface Preprocessing {
  readonly pixels: PixelFormat;
  /** Side of the square network input, in pixels. */
  readonly inputSize: number;
  readonly views: readonly View[];
  /** Network input = byte · scale + offset (1 and 0 where the network rescales by itself). */
  readonly scale: number;
  readonly offset: number;
  /** Not there: as they are, red, green and blue. */
  readonly channels?: Channels;
}

/** Which network output means "photo". */
export interface ModelOutput {
  /** `sigmoid`: one number, P(positive). `softmax`: one number a label. */
  readonly kind: "sigmoid" | "softmax";
  /** For softmax, in the order of the outputs; for sigmoid [negative label, positive label]. */
  readonly labels: readonly string[];
  /** Index in `labels`. */
  readonly positive: number;
  /** The network puts out logits, of which `kind` makes probabilities. */
  readonly logits?: boolean;
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
  /** What its training images are like. Not there: it came without, or is older than this. */
  readonly images?: ImageSummary;
  /** What was measured of it, as it came with an exported model; not there for what was trained here, whose run has it. */
  readonly measured?: readonly MeasuredPart[];
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

/** What must be answered before an imported model can classify. */
export const modelQuestions = ["output", "preprocessing"] as const;
export type ModelQuestion = (typeof modelQuestions)[number];

/** A model as the list shows it. */
export interface Model {
  readonly id: string;
  readonly metadata: ModelMetadata;
  /** Of the weights, in bytes. */
  readonly weightBytes: number;
  readonly origin: "trained" | "imported" | "starter";
  readonly runId: string | null;
  /** The format that it came in; not there for what Tamis trained. */
  readonly format?: ModelFormat;
  /** What its files do not say and nobody has answered yet; until then it does not classify. Not there: nothing. */
  readonly questions?: readonly ModelQuestion[];
}
