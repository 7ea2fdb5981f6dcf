/** How much memory a training takes, told from the experiment alone. */
import { fixedFeatures } from "./backbone.ts";
import type { Experiment } from "./experiment.ts";
import { networkSize } from "./network-size.ts";

export interface MemoryEstimate {
  /** Trainable and not. */
  readonly parameters: number;
  /** At the most, in bytes: the WASM heap, or the GPU's buffers. */
  readonly bytes: number;
}

/** What a backend takes beside the numbers themselves. */
interface Costs {
  readonly initialBytes: number;
  readonly growth: number;
  /** What a step holds of each number that the layers put out, gradients and workspace included. */
  readonly copiesOfActivations: number;
  /** Whether the gradients of weights count by themselves; elsewhere they are in the other constants. */
  readonly gradients: boolean;
}

const costs: Readonly<Record<"wasm" | "webgpu", Costs>> = {
  /**
   * tfjs begins with a heap of 16 MiB, which grows by more than what is asked for, so that it need not grow again at once. Measured on eleven combinations of
   * network, size (32 to 180 pixels) and batch (8 to 64), where the estimate is off by -7 to +17 % (docs/performance.md).
   */
  wasm: { initialBytes: 16 * 2 ** 20, growth: 1.12, copiesOfActivations: 1.94, gradients: false },
  /** Buffers that are free again serve only tensors of the same size. Measured at 16 and 48 pixels. */
  webgpu: { initialBytes: 0, growth: 1, copiesOfActivations: 2.5, gradients: true },
};
const bytesPerNumber = 4;
/** The gradient of a kernel with so many weights or more is never in memory (workers/engine/backends/deferred-gradients.ts). */
const deferredWeights = 4 * 1024 * 1024;

/**
 * Weights, both moments of the optimiser, the averaged weights where there are any, and what the layers put out. The gradient of a large dense kernel
 * is never in memory as a whole.
 * @throws RangeError where the network cannot be built
 */
export function memoryEstimate(
  experiment: Experiment,
  outputs: number,
  backend: "wasm" | "webgpu" = "wasm",
): MemoryEstimate {
  const { layers, inputSize, batchSize, weightAverage, backbone } = experiment;
  const { initialBytes, growth, copiesOfActivations, ...counted } = costs[backend];
  const { parameters, activations, largestWeight } = networkSize(
    layers,
    inputSize,
    outputs,
    fixedFeatures(backbone, inputSize),
  );
  const weights = parameters * (weightAverage === null ? 3 : 4);
  const gradients = counted.gradients ? parameters - (largestWeight >= deferredWeights ? largestWeight : 0) : 0;
  const numbers = weights + gradients + copiesOfActivations * activations * batchSize;
  return { parameters, bytes: initialBytes + growth * bytesPerNumber * numbers };
}
