/** What a run's model says of the images that were kept from its training: all figures, curves and comparisons come from these. */
import type { SplitPart } from "../dataset/split-types.ts";
import { labelsOf } from "../metrics/evaluation.ts";
import { type Calibration, calibrated } from "../model/calibration.ts";
import type { ModelOutput } from "../model/model.ts";
import { outputWidth, positiveOf } from "../model/output.ts";
import type { Run } from "./run.ts";

export type JudgedPart = Exclude<SplitPart, "training">;

/** As they are stored, one record a run and part. In the order of the split's part. */
export interface Predictions {
  readonly runId: string;
  readonly part: JudgedPart;
  /** Epochs that the run had: one that went on since has other weights. */
  readonly epochs: number;
  /** Original class of each image when it was judged: a dataset can be deleted, what was measured on it stays. */
  readonly classNames: readonly string[];
  readonly output: ModelOutput;
  /** What the network puts out before calibration, the mean over its views: one number an image, or one a label of `output`. */
  readonly outputs: Float32Array;
  /** How long the network took for an image, all its views, on the device and backend that judged it; null where nobody measured. */
  readonly millisecondsPerImage: number | null;
}

/** The images of a part with what the model says of them. All lists are in the same order. */
export interface JudgedImages {
  readonly runId: string;
  readonly part: JudgedPart;
  readonly imageIds: readonly string[];
  /** Original class of each image. */
  readonly classNames: readonly string[];
  /** 1 for images of the run's positive class, 0 for all others. */
  readonly labels: Uint8Array;
  /** P(positive) as it is shown and compared with the threshold. */
  readonly probabilities: Float64Array;
  /** P(positive) as the network puts it out. */
  readonly uncalibrated: Float32Array;
  /** Of a network that tells the original classes apart: `labels.length` probabilities an image, one image after the other. */
  readonly byClass: { readonly labels: readonly string[]; readonly probabilities: Float32Array } | null;
  /** As the predictions have it. */
  readonly millisecondsPerImage: number | null;
}

/** @param calibration of the run's model now: it may have been set after the images were judged */
export function judgedImages(run: Run, predictions: Predictions, calibration: Calibration | null): JudgedImages {
  const { part, classNames, output, outputs, millisecondsPerImage } = predictions;
  const uncalibrated = positiveOf(output, outputs);
  return {
    runId: run.id,
    part,
    imageIds: run.split[part],
    classNames,
    labels: labelsOf(classNames, run.positiveClass),
    probabilities: Float64Array.from(uncalibrated, (p) => calibrated(p, calibration)),
    uncalibrated,
    byClass: outputWidth(output) === 1 ? null : { labels: output.labels, probabilities: outputs },
    millisecondsPerImage,
  };
}
