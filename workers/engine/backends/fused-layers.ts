import type { LayersModel, layers } from "@tensorflow/tfjs-layers";
import {
  add,
  fused,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { convolve, dense, fusedActivations, type FusedActivation } from "./layer-kernels.ts";

type Layer = layers.Layer;

interface LayerConfig {
  readonly activation?: string;
  readonly strides?: readonly number[];
  readonly padding?: string;
  readonly dataFormat?: string;
  readonly dilationRate?: number | readonly number[];
  readonly useBias?: boolean;
}

function fusedActivationOf(config: LayerConfig): FusedActivation | undefined {
  const name = config.activation ?? "linear";
  return fusedActivations.find((activation) => activation === name);
}

function weightsOf(layer: Layer): [Tensor, Tensor1D | null] {
  const [kernel, bias] = layer.weights.map((weight) => weight.read());
  if (kernel === undefined) throw new Error(`the layer ${layer.name} is not built`);
  return [kernel, (bias as Tensor1D | undefined) ?? null];
}

function onlyInput(inputs: Tensor | Tensor[]): Tensor {
  const input = Array.isArray(inputs) ? inputs[0] : inputs;
  if (input === undefined) throw new Error("a layer was called without an input");
  return input;
}

function fuseConvolution(layer: Layer, config: LayerConfig, activation: FusedActivation): void {
  const [strideY = 1, strideX = strideY] = config.strides ?? [];
  const padding = config.padding === "same" ? "same" : "valid";
  layer.call = (inputs) =>
    tidy(() => {
      const [filter, bias] = weightsOf(layer);
      return convolve(onlyInput(inputs) as Tensor4D, filter as Tensor4D, bias, {
        strides: [strideY, strideX],
        padding,
        activation,
      });
    });
}

function fuseDense(layer: Layer, activation: FusedActivation): void {
  const own = layer.call.bind(layer);
  layer.call = (inputs, options) => {
    const input = onlyInput(inputs);
    if (input.rank !== 2) return own(inputs, options);
    return tidy(() => {
      const [kernel, bias] = weightsOf(layer);
      return dense(input as Tensor2D, kernel as Tensor2D, bias, activation);
    });
  };
}

/** In one kernel where no gradient is wanted; where one is, tfjs splits it up by itself. */
function fuseDepthwise(layer: Layer, config: LayerConfig, activation: FusedActivation): void {
  const [strideY = 1, strideX = strideY] = config.strides ?? [];
  const pad = config.padding === "same" ? "same" : "valid";
  layer.call = (inputs) =>
    tidy(() => {
      const [filter, bias] = weightsOf(layer);
      return fused.depthwiseConv2d({
        ...{
          x: onlyInput(inputs) as Tensor4D,
          filter: filter as Tensor4D,
          strides: [strideY, strideX],
          pad,
          activation,
        },
        ...(bias ? { bias } : {}),
      });
    });
}

interface NormalizationConfig {
  readonly axis?: number | readonly number[];
  readonly epsilon?: number;
  readonly center?: boolean;
  readonly scale?: boolean;
}

/** (x − mean) / √(variance + ε) over the channels of each pixel: tfjs spreads mean and variance to the size of the picture before it uses them. */
function normalizeChannels(layer: Layer, { epsilon = 1e-3 }: NormalizationConfig): void {
  layer.call = (inputs) =>
    tidy(() => {
      const x = onlyInput(inputs);
      const centred = sub(x, mean(x, -1, true));
      return mul(centred, rsqrt(add(mean(square(centred), -1, true), epsilon)));
    });
}

/** Over the last axis, without factors of its own. */
function isPlainNormalization(layer: Layer, { axis, center, scale }: NormalizationConfig): boolean {
  const axes = typeof axis === "number" ? [axis] : (axis ?? [-1]);
  const output = layer.getOutputAt(0);
  const last = Array.isArray(output) ? -1 : output.shape.length - 1;
  return center === false && scale === false && axes.length === 1 && (axes[0] === -1 || axes[0] === last);
}

function isOne(rate: LayerConfig["dilationRate"]): boolean {
  return rate === undefined || (typeof rate === "number" ? rate === 1 : rate.every((value) => value === 1));
}

/**
 * Makes the convolutions and dense layers of a model compute with bias and activation in one kernel, also where gradients are wanted (tfjs'
 * own split them up there). Changes how the layers compute, not what, nor how they are saved. Layers that no kernel covers stay as they are.
 */
export function fuseLayers(model: LayersModel): void {
  for (const layer of model.layers) {
    const config = layer.getConfig() as unknown as LayerConfig;
    const activation = fusedActivationOf(config);
    if (activation === undefined) continue;
    const kind = layer.getClassName();
    if (kind === "LayerNormalization") {
      const normalization = config as NormalizationConfig;
      if (isPlainNormalization(layer, normalization)) normalizeChannels(layer, normalization);
    } else if (kind === "Dense") fuseDense(layer, activation);
    else if (config.dataFormat === "channelsFirst" || !isOne(config.dilationRate)) continue;
    else if (kind === "Conv2D") fuseConvolution(layer, config, activation);
    else if (kind === "DepthwiseConv2D") fuseDepthwise(layer, config, activation);
  }
}
