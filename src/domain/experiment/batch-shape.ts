/** The tensors of a training batch, as an experiment has them. */
import type { Experiment } from "./experiment.ts";
import { samplesPerEpoch } from "./sampling.ts";

export interface BatchTensor {
  /** `labels`: the index of each image's true output, 0 or 1 for a sigmoid. `targets`: what the loss compares the outputs with. */
  readonly name: "images" | "labels" | "targets";
  readonly shape: readonly number[];
  readonly type: "float32" | "int32";
  /** Smallest and largest value that may occur. */
  readonly range: readonly [number, number];
}

export interface BatchShape {
  readonly tensors: readonly BatchTensor[];
  readonly stepsPerEpoch: number;
  /** Images of an epoch's last batch, which may be smaller. */
  readonly lastBatch: number;
}

/**
 * @param trainingImages at least 1
 * @param positives of the training images
 * @param classes original classes of the dataset
 */
export function batchShapeOf(
  experiment: Experiment,
  trainingImages: number,
  positives: number,
  classes: number,
): BatchShape {
  const { inputSize, output, labelSmoothing, sampling } = experiment;
  const samples = samplesPerEpoch(sampling, trainingImages, positives);
  const batch = Math.min(experiment.batchSize, samples);
  const outputs = output === "binary" ? 1 : classes;
  const spread = labelSmoothing / (output === "binary" ? 2 : outputs);
  const stepsPerEpoch = Math.ceil(samples / experiment.batchSize);
  return {
    tensors: [
      { name: "images", shape: [batch, inputSize, inputSize, 3], type: "float32", range: [0, 255] },
      { name: "labels", shape: [batch], type: "int32", range: [0, output === "binary" ? 1 : classes - 1] },
      { name: "targets", shape: [batch, outputs], type: "float32", range: [spread, 1 - labelSmoothing + spread] },
    ],
    stepsPerEpoch,
    lastBatch: samples - (stepsPerEpoch - 1) * experiment.batchSize,
  };
}
