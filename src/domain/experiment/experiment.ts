/** An experiment is a definition: everything that, with a dataset and a seed, determines a run. Plain data, stored with the run. */
import type { PixelFormat } from "../image/pixel-format.ts";
import type { CalibrationChoice } from "../model/calibration.ts";
import type { BackboneUse } from "./backbone.ts";

export type Activation = "linear" | "relu" | "relu6" | "sigmoid" | "softmax";

/** Keras' kernel regularisers: what a kernel w adds to the loss is l1·Σ|w| + l2·Σw² (no half). */
export interface Penalty {
  readonly l1: number;
  readonly l2: number;
}

/** Layers as data. Kernels are Glorot-uniform, biases zero, as Keras has them by default. `penalty`: none where not given. */
export type Layer =
  /** output = input · scale + offset */
  | { readonly type: "rescaling"; readonly scale: number; readonly offset: number }
  | {
      readonly type: "conv2d";
      readonly filters: number;
      readonly kernelSize: number;
      readonly strides: number;
      readonly padding: "same" | "valid";
      readonly activation: Activation;
      readonly useBias: boolean;
      readonly penalty?: Penalty;
    }
  /** One filter a channel (depth multiplier 1). */
  | {
      readonly type: "depthwise-conv2d";
      readonly kernelSize: number;
      readonly strides: number;
      readonly padding: "same" | "valid";
      readonly activation: Activation;
      readonly useBias: boolean;
      readonly penalty?: Penalty;
    }
  | { readonly type: "batch-normalization"; readonly momentum: number; readonly epsilon: number }
  | { readonly type: "activation"; readonly activation: Activation }
  | { readonly type: "max-pooling"; readonly poolSize: number }
  | { readonly type: "average-pooling"; readonly poolSize: number }
  | { readonly type: "global-average-pooling" }
  | { readonly type: "flatten" }
  | { readonly type: "dropout"; readonly rate: number }
  | {
      readonly type: "dense";
      readonly units: number;
      readonly activation: Activation;
      readonly penalty?: Penalty;
    }
  /**
   * conv 3×3 (strides) → BN → relu → conv 3×3 → BN, added to a shortcut (average pool 2×2 when strides is 2, then conv 1×1 → BN), → relu.
   */
  | {
      readonly type: "residual-block";
      readonly filters: number;
      readonly strides: 1 | 2;
      readonly momentum: number;
      readonly epsilon: number;
    };

export interface Adam {
  readonly kind: "adam";
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Beside the uncorrected √v, as Keras has it. */
  readonly epsilon: number;
  /** Decoupled (AdamW), on kernels only; 0 for plain Adam. */
  readonly weightDecay: number;
}

export type LearningRateSchedule =
  | { readonly kind: "constant" }
  /** Linear from 0 over the first `warmup` share of all steps, then half a cosine down to 0. */
  | { readonly kind: "warmup-cosine"; readonly warmup: number };

/** Random changes to a training image, fresh every epoch; every range is symmetric unless said. `null` leaves images alone. */
export type Augmentation = CropAugmentation | KerasAugmentation;

/** The notebook's: Keras' RandomFlip, RandomRotation and RandomZoom one after the other, then what a scan may bring. */
export interface KerasAugmentation {
  readonly kind: "keras";
  readonly horizontalFlip: boolean;
  readonly verticalFlip: boolean;
  /** Largest rotation as a share of a full turn: 0.1 for ±36°. */
  readonly rotation: number;
  /** 0.1 for sides scaled by 0.9 to 1.1, the same for both. */
  readonly zoom: number;
  readonly fill: "nearest" | "reflect" | "constant";
  /** Added to every channel, as a share of 255. */
  readonly brightness: number;
  /** Distances to the picture's mean are multiplied by 1 ± this. */
  readonly contrast: number;
  /** With this probability the picture goes through JPEG, quality 30–95. */
  readonly jpegProbability: number;
  /** With this probability the picture is blurred, σ 0.3–1.2 pixels. */
  readonly blurProbability: number;
  /** With this probability the picture is tinted as by yellowed paper. */
  readonly paperTintProbability: number;
  /** With this probability a soft shadow falls over a side of the picture, as of a book's fold. */
  readonly shadowProbability: number;
  /** `repeated`: only what `oversample` draws a second time and more, so that each image is also seen as it is. */
  readonly appliesTo: "all" | "repeated";
}

export interface CropAugmentation {
  readonly kind: "crops";
  /** Share of the area that a random crop keeps: from this to 1. */
  readonly minimumCropArea: number;
  /** The crop's aspect ratio is multiplied by e^u, u uniform within ± this. */
  readonly logAspect: number;
  readonly horizontalFlip: boolean;
  /** With this probability the view is shrunk to 0.45–0.95 and enlarged again. */
  readonly rescaleProbability: number;
  /** With this probability the view is blurred, σ 0.3–1.2 pixels. */
  readonly blurProbability: number;
  /** With this probability the view goes through JPEG, quality 30–95. */
  readonly jpegProbability: number;
  readonly contrast: number;
  readonly brightness: number;
  readonly saturation: number;
  readonly channelGain: number;
  readonly greyProbability: number;
}

export type Sampling =
  /** Every training image once an epoch, shuffled afresh. */
  | { readonly kind: "shuffle" }
  /**
   * As `shuffle`, and the smaller of the two sides (positive, negative) drawn again and again, each image as often as the others or once more,
   * until both are even; shuffled so that every batch is even within one image.
   */
  | { readonly kind: "oversample" }
  /**
   * Drawn with replacement: first the original class by its share, then within a class a source with probability ∝ √(its images), then an image.
   */
  | {
      readonly kind: "class-and-source";
      readonly samplesPerEpoch: number;
      /** Share of the draws that the positive class gets, 0 to 1. */
      readonly positiveShare: number;
      /** Relative weights of the negative original classes by name; one not named weighs as much as those named do on average. */
      readonly negativeWeights: Readonly<Record<string, number>>;
    };

/**
 * What an image's loss counts by its class; the loss of a batch is Σ weight·loss / images, as Keras' `class_weight` has it. `balanced`: n / (2·n_side) for the
 * images of a side (positive, negative), as scikit-learn's.
 */
export type ClassWeights =
  | { readonly kind: "none" }
  | { readonly kind: "balanced" }
  | { readonly kind: "given"; readonly negative: number; readonly positive: number };

/** Ends a run once the validation loss was no better than its best for `patience` epochs; the weights of the best epoch are kept. */
export interface EarlyStopping {
  readonly patience: number;
}

/** `binary`: one sigmoid output, P(positive). `original-classes`: a softmax over the original classes; P(positive) is the positive class's share. */
export type OutputKind = "binary" | "original-classes";

/** The views of a scan whose probabilities are averaged: the whole picture squashed, its central square. */
export type View = "whole" | "central-square";

export interface Experiment {
  /** Name of the preset that it is, or was copied from. */
  readonly preset: string;
  /** What the cache holds. */
  readonly pixels: PixelFormat;
  /** Side of the square that the network sees, in pixels; equal to `pixels.width` where views are the cached picture itself. */
  readonly inputSize: number;
  readonly views: readonly View[];
  /** Without the output layer, which follows from `output` and the dataset's classes. */
  readonly layers: readonly Layer[];
  readonly output: OutputKind;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly optimizer: Adam;
  readonly schedule: LearningRateSchedule;
  readonly labelSmoothing: number;
  readonly augmentation: Augmentation | null;
  readonly sampling: Sampling;
  readonly classWeights: ClassWeights;
  /** `null`: all epochs, the weights of the last one. */
  readonly earlyStopping: EarlyStopping | null;
  /** Side of the training views for the first share of all epochs, in pixels; `null`: `inputSize` from the start. */
  readonly earlySize: { readonly size: number; readonly untilShare: number } | null;
  /** Decay per step of the exponential moving average of the weights that is evaluated and kept; `null`: the weights themselves. */
  readonly weightAverage: number | null;
  /** What is done to the network's P(positive) before it is shown and decided by. */
  readonly calibration: CalibrationChoice;
  /** Null or not there: trained from nothing. */
  readonly backbone?: BackboneUse | null;
}
