/** Changes to a preset that people ask for by a number, spread to everything in the experiment that hangs on it. */
import type { Experiment } from "./experiment.ts";

export interface Overrides {
  readonly epochs?: number;
  /** Side of the square that the network sees, in pixels. */
  readonly size?: number;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly learningRate?: number;
  /** Where the sampling draws a number of images of its own (`class-and-source`). */
  readonly samplesPerEpoch?: number;
  /** Share of the draws that the positive class gets, 0 to 1 (`class-and-source`). */
  readonly positiveShare?: number;
}

/**
 * The experiment with these numbers instead. A new size scales the cached picture and the early size along, so that crops keep their
 * detail. Nothing is checked here: see `validateExperiment`.
 */
export function withOverrides(experiment: Experiment, overrides: Overrides): Experiment {
  const resized = overrides.size === undefined ? experiment : withSize(experiment, overrides.size);
  const { sampling } = resized;
  return {
    ...resized,
    epochs: overrides.epochs ?? resized.epochs,
    batchSize: overrides.batchSize ?? resized.batchSize,
    seed: overrides.seed ?? resized.seed,
    optimizer: {
      ...resized.optimizer,
      learningRate: overrides.learningRate ?? resized.optimizer.learningRate,
    },
    sampling:
      sampling.kind !== "class-and-source"
        ? sampling
        : {
            ...sampling,
            samplesPerEpoch: overrides.samplesPerEpoch ?? sampling.samplesPerEpoch,
            positiveShare: overrides.positiveShare ?? sampling.positiveShare,
          },
  };
}

function withSize(experiment: Experiment, size: number): Experiment {
  const factor = size / experiment.inputSize;
  const scaled = (side: number) => Math.round(side * factor);
  const { pixels, earlySize } = experiment;
  return {
    ...experiment,
    inputSize: size,
    pixels: { ...pixels, width: scaled(pixels.width), height: scaled(pixels.height) },
    earlySize: earlySize && { ...earlySize, size: scaled(earlySize.size) },
  };
}
