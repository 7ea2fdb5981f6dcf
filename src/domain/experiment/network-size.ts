/** What a network costs, told from its layers alone. */
import { type BackboneUse, dictionariesOf, type Dictionary, fixedFeatures, type FixedFeatures } from "./backbone.ts";
import type { Layer } from "./experiment.ts";

export interface NetworkSize {
  /** Trainable and not (moving means and variances). */
  readonly parameters: number;
  /** Numbers that one image leaves in memory on its way through all layers, the input included. */
  readonly activations: number;
  /** Numbers in the largest weight. */
  readonly largestWeight: number;
  /** Numbers that one image leaves in the largest tensor on its way, the input included. */
  readonly largestActivation: number;
  /** Floating-point operations of one image's forward pass through convolutions and dense layers: a multiplication and an addition are two. */
  readonly operations: number;
  /**
   * The same of a training step: forward, gradient by weights, gradient by input; the last is not needed of the first layer that has weights.
   */
  readonly trainingOperations: number;
  /** Shape of the last layer's output: [features], or [height, width, channels] where it was not flattened. */
  readonly outputShape: readonly number[];
}

interface Walk {
  height: number;
  width: number;
  channels: number;
  flat: boolean;
  parameters: number;
  activations: number;
  largestWeight: number;
  largestActivation: number;
  operations: number;
  /** Of the first layer with weights. */
  firstOperations: number;
}

/**
 * Walks a square RGB input of `inputSize` through `layers` and a dense output of `outputs` units, as Keras shapes it.
 * @param fixed what `layers` get in place of the picture: its parameters count, and what is computed on the way of one image, but not in a training step
 * @throws RangeError where a picture gets smaller than one pixel, or a layer meets an input that it cannot take.
 */
export function networkSize(
  layers: readonly Layer[],
  inputSize: number,
  outputs: number,
  fixed: FixedFeatures | null = null,
): NetworkSize {
  const walk = begin(inputSize, fixed);
  for (const layer of layers) step(walk, layer);
  const outputShape = walk.flat ? [walk.channels] : [walk.height, walk.width, walk.channels];
  if (!walk.flat) throw new RangeError("The network ends in a picture: flatten it or pool it globally.");
  weigh(walk, walk.channels * outputs, outputs);
  walk.activations += outputs;
  compute(walk, 2 * walk.channels * outputs);
  const { parameters, activations, largestWeight, largestActivation, firstOperations } = walk;
  const operations = (fixed?.operations ?? 0) + walk.operations;
  const trainingOperations = 3 * walk.operations - firstOperations;
  return { parameters, activations, largestWeight, largestActivation, operations, trainingOperations, outputShape };
}

function begin(inputSize: number, fixed: FixedFeatures | null): Walk {
  const walk: Walk = {
    height: fixed ? 1 : inputSize,
    width: fixed ? 1 : inputSize,
    channels: fixed?.features ?? 3,
    flat: fixed !== null,
    parameters: fixed?.parameters ?? 0,
    activations: 0,
    largestWeight: 0,
    largestActivation: 0,
    operations: 0,
    firstOperations: 0,
  };
  keep(walk);
  return walk;
}

/** What comes before the layers where they see features only. */
export interface FixedLayer {
  readonly type: "fixed-features";
  readonly dictionaries: readonly Dictionary[];
}

/** A layer as a summary of the network lists it. */
export interface SummaryRow {
  /** Null for the output layer, which no experiment lists. */
  readonly layer: Layer | FixedLayer | null;
  /** [height, width, channels], or [features]. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
}

/**
 * Every layer with the shape of what it puts out and its parameters, as Keras' `summary` has them; the last row is the output layer.
 * @throws RangeError as `networkSize`
 */
export function networkSummary(
  layers: readonly Layer[],
  inputSize: number,
  outputs: number,
  use: BackboneUse | null = null,
): SummaryRow[] {
  const fixed = fixedFeatures(use, inputSize);
  const walk = begin(inputSize, fixed);
  const first: SummaryRow[] = [];
  if (fixed) {
    const layer: FixedLayer = { type: "fixed-features", dictionaries: dictionariesOf(use) };
    first.push({ layer, outputShape: [fixed.features], parameters: fixed.parameters });
  }
  const rows = layers.map((layer): SummaryRow => {
    const before = walk.parameters;
    step(walk, layer);
    const outputShape = walk.flat ? [walk.channels] : [walk.height, walk.width, walk.channels];
    return { layer, outputShape, parameters: walk.parameters - before };
  });
  return [...first, ...rows, { layer: null, outputShape: [outputs], parameters: walk.channels * outputs + outputs }];
}

function step(walk: Walk, layer: Layer): void {
  switch (layer.type) {
    case "rescaling":
    case "activation":
    case "dropout":
      break;
    case "conv2d":
      needPicture(walk, layer.type);
      convolve(walk, layer.kernelSize, layer.strides, layer.padding, layer.filters, layer.useBias);
      return;
    case "depthwise-conv2d":
      needPicture(walk, layer.type);
      weigh(walk, layer.kernelSize ** 2 * walk.channels, layer.useBias ? walk.channels : 0);
      shrink(walk, layer.kernelSize, layer.strides, layer.padding);
      compute(walk, 2 * layer.kernelSize ** 2 * walk.channels * walk.height * walk.width);
      break;
    case "batch-normalization":
      walk.parameters += 4 * walk.channels;
      break;
    case "max-pooling":
    case "average-pooling":
      needPicture(walk, layer.type);
      shrink(walk, layer.poolSize, layer.poolSize, "valid");
      break;
    case "global-average-pooling":
      needPicture(walk, layer.type);
      walk.height = walk.width = 1;
      walk.flat = true;
      break;
    case "flatten":
      walk.channels *= walk.height * walk.width;
      walk.height = walk.width = 1;
      walk.flat = true;
      break;
    case "dense":
      if (!walk.flat) throw new RangeError("A dense layer needs a flat input: flatten it or pool it globally before.");
      weigh(walk, walk.channels * layer.units, layer.units);
      compute(walk, 2 * walk.channels * layer.units);
      walk.channels = layer.units;
      break;
    case "residual-block":
      needPicture(walk, layer.type);
      residual(walk, layer.filters, layer.strides);
      return;
  }
  keep(walk);
}

function keep(walk: Walk): void {
  const numbers = walk.height * walk.width * walk.channels;
  walk.activations += numbers;
  walk.largestActivation = Math.max(walk.largestActivation, numbers);
}

function weigh(walk: Walk, kernel: number, bias: number): void {
  walk.parameters += kernel + bias;
  walk.largestWeight = Math.max(walk.largestWeight, kernel);
}

function compute(walk: Walk, operations: number): void {
  if (walk.operations === 0) walk.firstOperations = operations;
  walk.operations += operations;
}

function needPicture(walk: Walk, type: string): void {
  if (walk.flat) throw new RangeError(`A layer of type ${type} needs a picture, and comes after it was flattened.`);
}

function convolve(
  walk: Walk,
  kernelSize: number,
  strides: number,
  padding: "same" | "valid",
  filters: number,
  useBias: boolean,
): void {
  weigh(walk, kernelSize * kernelSize * walk.channels * filters, useBias ? filters : 0);
  shrink(walk, kernelSize, strides, padding);
  compute(walk, 2 * kernelSize * kernelSize * walk.channels * filters * walk.height * walk.width);
  walk.channels = filters;
  keep(walk);
}

function shrink(walk: Walk, kernelSize: number, strides: number, padding: "same" | "valid"): void {
  const out = (n: number) => (padding === "same" ? Math.ceil(n / strides) : Math.floor((n - kernelSize) / strides) + 1);
  walk.height = out(walk.height);
  walk.width = out(walk.width);
  if (walk.height < 1 || walk.width < 1) throw new RangeError("The picture is smaller than the network's windows.");
}

function residual(walk: Walk, filters: number, strides: 1 | 2): void {
  const input = { ...walk };
  convolve(walk, 3, strides, "same", filters, false);
  convolve(walk, 3, 1, "same", filters, false);
  const block = walk.height * walk.width * filters;
  // Two normalisations and a relu on the long way; pooling, 1×1 convolution and normalisation on the short one; sum and relu.
  walk.parameters += 3 * 4 * filters + input.channels * filters;
  compute(walk, 2 * input.channels * block);
  walk.activations += 7 * block + (strides === 2 ? walk.height * walk.width * input.channels : 0);
}
