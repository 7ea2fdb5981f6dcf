import type { LayersModel, layers } from "@tensorflow/tfjs-layers";
import { fused, tidy, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
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
    if (kind === "Dense") fuseDense(layer, activation);
    else if (config.dataFormat === "channelsFirst" || !isOne(config.dilationRate)) continue;
    else if (kind === "Conv2D") fuseConvolution(layer, config, activation);
    else if (kind === "DepthwiseConv2D") fuseDepthwise(layer, config, activation);
  }
}
