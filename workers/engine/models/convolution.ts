/**
 * A convolution that computes no more gradients than are asked for: tfjs' own layer, fused, always takes the gradient by its input too, which
 * nobody needs for the first one. It is saved as a plain Keras Conv2D.
 */
import { initializers, layers, type LayerVariable } from "@tensorflow/tfjs-layers";
import type { Activation } from "../../../src/domain/experiment/experiment.ts";
import * as tf from "../backends/tensors.ts";

type CallArguments = Parameters<layers.Layer["call"]>[1];
type LayerInputs = Parameters<layers.Layer["call"]>[0];

export interface ConvolutionConfig {
  readonly name: string;
  readonly filters: number;
  readonly kernelSize: number;
  readonly strides: number;
  readonly padding: "same" | "valid";
  readonly activation: Activation;
  readonly useBias: boolean;
}

export class Convolution extends layers.Layer {
  static readonly className = "Conv2D";
  readonly #config: ConvolutionConfig;
  #kernel!: LayerVariable;
  #bias: LayerVariable | null = null;

  constructor(config: ConvolutionConfig) {
    super({ name: config.name });
    this.#config = config;
  }

  override build(inputShape: number[]): void {
    const { kernelSize, filters, useBias } = this.#config;
    const add = (name: string, shape: number[]) =>
      this.addWeight(name, shape, "float32", initializers.zeros(), undefined, true);
    this.#kernel = add("kernel", [kernelSize, kernelSize, inputShape.at(-1)!, filters]);
    if (useBias) this.#bias = add("bias", [filters]);
    this.built = true;
  }

  override computeOutputShape(inputShape: (number | null)[]): (number | null)[] {
    const { kernelSize, strides, padding, filters } = this.#config;
    const out = (n: number | null | undefined) =>
      n == null ? null : Math.ceil((padding === "same" ? n : n - kernelSize + 1) / strides);
    return [inputShape[0]!, out(inputShape[1]), out(inputShape[2]), filters];
  }

  override call(inputs: LayerInputs, options: CallArguments): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor4D;
    const { strides, padding, activation } = this.#config;
    const filter = this.#kernel.read() as tf.Tensor4D;
    const bias = this.#bias?.read();
    if (!options["training"] && (activation === "linear" || activation === "relu" || activation === "relu6")) {
      return tf.fused.conv2d({ x, filter, strides, pad: padding, activation, ...(bias ? { bias } : {}) });
    }
    return tf.tidy(() => {
      const product = tf.conv2d(x, filter, strides, padding);
      return activate(bias ? tf.add(product, bias) : product, activation);
    });
  }

  override getConfig(): ReturnType<layers.Layer["getConfig"]> {
    const { filters, kernelSize, strides, padding, activation, useBias } = this.#config;
    return {
      ...super.getConfig(),
      rank: 2,
      filters,
      kernelSize: [kernelSize, kernelSize],
      strides: [strides, strides],
      padding,
      dataFormat: "channels_last",
      dilationRate: [1, 1],
      activation,
      useBias,
      kernelInitializer: { className: "GlorotUniform", config: { seed: null } },
      biasInitializer: { className: "Zeros", config: {} },
      kernelRegularizer: null,
      biasRegularizer: null,
      activityRegularizer: null,
      kernelConstraint: null,
      biasConstraint: null,
    };
  }
}

function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return tf.relu(x);
    case "relu6":
      return tf.relu6(x);
    case "sigmoid":
      return tf.sigmoid(x);
    case "softmax":
      return tf.softmax(x);
  }
}
