/** Builds the network of an experiment. */
import {
  input,
  layers,
  type LayersModel,
  regularizers,
  model as modelOf,
  type SymbolicTensor,
} from "@tensorflow/tfjs-layers";
import type { Activation, Experiment, Layer, Penalty } from "../../../src/domain/experiment/experiment.ts";
import { fuseLayers } from "../backends/fused-layers.ts";
import type * as tf from "../backends/tensors.ts";
import { BatchNormalization } from "./batch-normalization.ts";
import { SeededDropout } from "./seeded-dropout.ts";

/** A network that can be trained. */
export interface Network {
  /** From RGB numbers, 0 to 255, to probabilities: what is saved. */
  readonly model: LayersModel;
  /**
   * The same layers without the last activation: what is trained and judged, since losses come from logits. On a backbone its input are the
   * backbone's features.
   */
  readonly logits: LayersModel;
  /** From the same input to the logits and to what goes into the layer that they come from. */
  readonly logitsAndBefore: LayersModel;
  /** Of one image, as `logits` takes it. */
  inputShape(size: number): readonly number[];
  /** In the order of the model's weights. */
  readonly trainable: readonly tf.Variable[];
  /** Trainable ones and moving statistics, in the order in which the model is saved; a backbone's are not among them. */
  readonly weights: readonly tf.Variable[];
  readonly dropouts: readonly SeededDropout[];
  /** Of each trainable weight; null for those without. */
  readonly penalties: readonly (Penalty | null)[];
  dispose(): void;
}

/**
 * @param outputs 1 for a sigmoid, else one a class
 * @param backbone what the network is built on; disposing of it is left to the caller
 */
export function buildNetwork(experiment: Experiment, outputs: number, backbone: LayersModel | null = null): Network {
  // A network that begins with smaller pictures takes any size; `savedModel` writes the final one.
  const side = experiment.earlySize ? null : experiment.inputSize;
  const builder = new Builder();
  const shape = backbone ? backbone.outputs[0]!.shape.slice(1) : [side, side, 3];
  const seen = input({ shape, name: backbone ? "image_features" : "image" });
  const last = experiment.layers.reduce((x, layer) => builder.add(x, layer), seen);
  const logit = builder.apply(layers.dense({ name: "logits", units: outputs, ...zeroInitializers }), last);
  const activation = experiment.output === "binary" ? "sigmoid" : "softmax";
  const probability = builder.apply(layers.activation({ name: "probabilities", activation }), logit);
  const trained = modelOf({ name: experiment.preset, inputs: seen, outputs: probability });
  const logits = modelOf({ name: `${experiment.preset}_logits`, inputs: seen, outputs: logit });
  fuseLayers(trained);
  const variables = (weights: LayersModel["weights"]) => weights.map((weight) => weight.read() as tf.Variable);
  return {
    model: backbone ? joined(experiment.preset, backbone, trained) : trained,
    logits,
    logitsAndBefore: modelOf({ name: `${experiment.preset}_before`, inputs: seen, outputs: [logit, last] }),
    inputShape: (size) => (backbone ? (shape as number[]) : [size, size, 3]),
    trainable: variables(trained.trainableWeights),
    weights: variables(trained.weights),
    dropouts: builder.dropouts,
    penalties: trained.trainableWeights.map(({ originalName }) => builder.penalties.get(originalName) ?? null),
    dispose() {
      trained.dispose();
      // tfjs frees a layer once it was disposed of as often as it was applied.
      if (backbone) for (const layer of trained.layers.slice(1)) layer.dispose();
    },
  };
}

/** Backbone and head as one flat network, which shares their layers: any reader of Keras networks knows what to do with it. */
function joined(name: string, backbone: LayersModel, head: LayersModel): LayersModel {
  const outputs = head.layers.slice(1).reduce((x, layer) => layer.apply(x) as SymbolicTensor, backbone.outputs[0]!);
  return modelOf({ name, inputs: backbone.inputs[0]!, outputs });
}

/** Kernels are drawn afterwards (`initializeWeights`), from the experiment's seed and not by tfjs. */
const zeroInitializers = { kernelInitializer: "zeros", biasInitializer: "zeros" } as const;

class Builder {
  readonly dropouts: SeededDropout[] = [];
  /** By the name of the weight. */
  readonly penalties = new Map<string, Penalty>();
  readonly #counts = new Map<string, number>();

  apply(layer: layers.Layer, x: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
    return layer.apply(x) as SymbolicTensor;
  }

  add(x: SymbolicTensor, layer: Layer): SymbolicTensor {
    switch (layer.type) {
      case "rescaling": {
        const { scale, offset } = layer;
        return this.apply(layers.rescaling({ name: this.#name("rescaling"), scale, offset }), x);
      }
      case "conv2d":
        return this.#convolve(x, layer.filters, layer.kernelSize, layer.strides, layer);
      case "depthwise-conv2d": {
        const { kernelSize, strides, padding, activation, useBias } = layer;
        const name = this.#name("depthwise");
        const { kernelRegularizer } = this.#penalize(`${name}/depthwise_kernel`, layer.penalty);
        const shape = { name, kernelSize, strides, padding, activation, useBias, depthMultiplier: 1 };
        const zeros = { depthwiseInitializer: "zeros", biasInitializer: "zeros" } as const;
        const depthwiseRegularizer = kernelRegularizer ? { depthwiseRegularizer: kernelRegularizer } : {};
        return this.apply(layers.depthwiseConv2d({ ...shape, ...depthwiseRegularizer, ...zeros }), x);
      }
      case "batch-normalization":
        return this.#normalize(x, layer);
      case "activation":
        return this.#activate(x, layer.activation);
      case "max-pooling":
        return this.apply(layers.maxPooling2d({ name: this.#name("pool"), poolSize: layer.poolSize }), x);
      case "average-pooling":
        return this.apply(layers.averagePooling2d({ name: this.#name("pool"), poolSize: layer.poolSize }), x);
      case "global-average-pooling":
        return this.apply(layers.globalAveragePooling2d({ name: this.#name("pool") }), x);
      case "flatten":
        return this.apply(layers.flatten({ name: this.#name("flatten") }), x);
      case "dropout": {
        const dropout = new SeededDropout({ name: this.#name("dropout"), rate: layer.rate });
        this.dropouts.push(dropout);
        return this.apply(dropout, x);
      }
      case "dense": {
        const { units, activation } = layer;
        const name = this.#name("dense");
        const penalty = this.#penalize(`${name}/kernel`, layer.penalty);
        return this.apply(layers.dense({ name, units, activation, ...penalty, ...zeroInitializers }), x);
      }
      case "residual-block":
        return this.#residual(x, layer);
    }
  }

  #residual(x: SymbolicTensor, block: Extract<Layer, { type: "residual-block" }>): SymbolicTensor {
    const { filters, strides } = block;
    const bare = { activation: "linear", padding: "same", useBias: false } as const;
    let long = this.#normalize(this.#convolve(x, filters, 3, strides, bare), block);
    long = this.#normalize(this.#convolve(this.#activate(long, "relu"), filters, 3, 1, bare), block);
    let short = x;
    if (strides === 2) {
      const pool = layers.averagePooling2d({ name: this.#name("pool"), poolSize: 2, strides: 2, padding: "same" });
      short = this.apply(pool, short);
    }
    short = this.#normalize(this.#convolve(short, filters, 1, 1, bare), block);
    return this.#activate(this.apply(layers.add({ name: this.#name("add") }), [long, short]), "relu");
  }

  #convolve(
    x: SymbolicTensor,
    filters: number,
    kernelSize: number,
    strides: number,
    rest: {
      readonly padding: "same" | "valid";
      readonly activation: Activation;
      readonly useBias: boolean;
      readonly penalty?: Penalty;
    },
  ): SymbolicTensor {
    const { padding, activation, useBias } = rest;
    const name = this.#name("conv");
    const shape = { name, filters, kernelSize, strides, padding, activation, useBias };
    const penalty = this.#penalize(`${name}/kernel`, rest.penalty);
    return this.apply(layers.conv2d({ ...shape, ...penalty, ...zeroInitializers }), x);
  }

  /** tfjs only writes the regulariser into the saved topology; the session computes it. */
  #penalize(weight: string, penalty?: Penalty) {
    if (!penalty || (penalty.l1 === 0 && penalty.l2 === 0)) return {};
    this.penalties.set(weight, penalty);
    return { kernelRegularizer: regularizers.l1l2({ l1: penalty.l1, l2: penalty.l2 }) };
  }

  #normalize(x: SymbolicTensor, { momentum, epsilon }: { readonly momentum: number; readonly epsilon: number }) {
    return this.apply(new BatchNormalization({ name: this.#name("norm"), momentum, epsilon }), x);
  }

  #activate(x: SymbolicTensor, activation: Activation): SymbolicTensor {
    return this.apply(layers.activation({ name: this.#name(activation), activation }), x);
  }

  #name(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${kind}${count}`;
  }
}
