/** Whether a network fits on a backend, and what would where it does not. */
import { fixedFeatures } from "./backbone.ts";
import type { Experiment } from "./experiment.ts";
import { memoryEstimate } from "./memory-estimate.ts";
import { networkSize } from "./network-size.ts";

export interface MemoryLimits {
  readonly backend: "wasm" | "webgpu";
  /** In all, in bytes. */
  readonly bytes: number;
  /** Of one tensor, in bytes. */
  readonly tensorBytes: number;
}

/** WASM memory ends at 4 GiB; what tfjs and the kernels need beside the network is left free. */
const wasmBytes = 3.6 * 2 ** 30;

export const wasmLimits: MemoryLimits = { backend: "wasm", bytes: wasmBytes, tensorBytes: wasmBytes };

export interface FitProblem {
  /** What does not fit, in English, with numbers. */
  readonly message: string;
  /** What would. */
  readonly remedy: string;
}

const bytesPerNumber = 4;

/** Bytes of the largest tensor of a training step: a weight, or what a layer puts out of a whole batch. */
function largestTensor({ layers, inputSize, batchSize, backbone }: Experiment, outputs: number): number {
  const size = networkSize(layers, inputSize, outputs, fixedFeatures(backbone, inputSize));
  const { largestWeight, largestActivation } = size;
  return bytesPerNumber * Math.max(largestWeight, largestActivation * batchSize);
}

/**
 * Why a network cannot be trained within these limits, or null where it can.
 * @throws RangeError where the network cannot be built
 */
export function fitProblem(experiment: Experiment, outputs: number, limits: MemoryLimits): FitProblem | null {
  const { bytes, parameters } = memoryEstimate(experiment, outputs, limits.backend);
  const tensorBytes = largestTensor(experiment, outputs);
  if (bytes <= limits.bytes && tensorBytes <= limits.tensorBytes) return null;
  const network = `This network has ${parameters.toLocaleString("en")} parameters`;
  const message =
    bytes > limits.bytes
      ? `${network} and needs about ${gibibytes(bytes)} GiB to train; ${gibibytes(limits.bytes)} GiB can be had.`
      : `${network}; one of its tensors takes ${mebibytes(tensorBytes)} MiB, and this GPU takes at most ` +
        `${mebibytes(limits.tensorBytes)} MiB in one piece.`;
  return { message, remedy: whatWouldFit(experiment, outputs, limits) };
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

/** The largest input size or batch that would do, the rest as it is, and the backend that has more room. */
function whatWouldFit(experiment: Experiment, outputs: number, limits: MemoryLimits): string {
  const fitsWithin = (changed: Experiment, some: MemoryLimits) =>
    memoryEstimate(changed, outputs, some.backend).bytes <= some.bytes &&
    largestTensor(changed, outputs) <= some.tensorBytes;
  const batch = largest(experiment.batchSize, (batchSize) => fitsWithin({ ...experiment, batchSize }, limits));
  const side = largest(experiment.inputSize, (inputSize) => {
    try {
      return fitsWithin({ ...experiment, inputSize }, limits);
    } catch {
      // Smaller than the network's windows: a larger one may do.
      return true;
    }
  });
  const choices = [
    ...(batch > 0 ? [`batches of at most ${batch} images`] : []),
    ...(side > 0 ? [`an input size of at most ${side} pixels`] : []),
    ...(limits.backend === "webgpu" && fitsWithin(experiment, wasmLimits) ? ["the backend “wasm”"] : []),
  ];
  return choices.length === 0 ? "Choose a network with fewer units." : `Choose ${choices.join(", or ")}.`;
}

/** The largest number below `limit` that fits, where every smaller one does too; 0 where none does. */
function largest(limit: number, fits: (value: number) => boolean): number {
  let [low, high] = [0, limit];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}
