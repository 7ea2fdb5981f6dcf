/** How much memory a training takes, told from the experiment alone. */
import { featureBackbone } from "./backbone.ts";
import type { Experiment } from "./experiment.ts";
import { networkSize } from "./network-size.ts";

export interface MemoryEstimate {
  /** Trainable and not. */
  readonly parameters: number;
  /** The WASM heap at its largest, in bytes. */
  readonly bytes: number;
}

/** The heap that tfjs begins with. */
const initialHeap = 16 * 2 ** 20;
/** The heap grows by more than what is asked for, so that it need not grow again at once. */
const growth = 1.12;
/**
 * What a step holds of each number that the layers put out, gradients and workspace included. With `growth` measured on eleven combinations of network, size (32 to
 * 180 pixels) and batch (8 to 64), where the estimate is off by -7 to +17 % (docs/performance.md).
 */
const copiesOfActivations = 1.94;
const bytesPerNumber = 4;

/**
 * Weights, both moments of the optimiser, the averaged weights where there are any, and what the layers put out. The gradient of a large dense kernel
 * is never in memory as a whole.
 * @throws RangeError where the network cannot be built
 */
export function memoryEstimate(experiment: Experiment, outputs: number): MemoryEstimate {
  const { layers, inputSize, batchSize, weightAverage, backbone } = experiment;
  const { parameters, activations } = networkSize(layers, inputSize, outputs, featureBackbone(backbone));
  const weights = parameters * (weightAverage === null ? 3 : 4);
  const numbers = weights + copiesOfActivations * activations * batchSize;
  return { parameters, bytes: initialHeap + growth * bytesPerNumber * numbers };
}
