/**
 * Batch normalisation for training: normalises by the batch's mean and biased variance and moves the moving statistics as Keras 3 does.
 * It is saved as a plain Keras BatchNormalization, which plain tfjs opens.
 */
import * as tf from "../backends/tensors.ts";
import { initializers, layers, type LayerVariable } from "@tensorflow/tfjs-layers";
import { normalizeBatch } from "../backends/layer-kernels.ts";

type CallArguments = Parameters<layers.Layer["call"]>[1];
type LayerInputs = Parameters<layers.Layer["call"]>[0];

export interface BatchNormalizationConfig {
  readonly name: string;
  readonly momentum: number;
  readonly epsilon: number;
}

export class BatchNormalization extends layers.Layer {
  static readonly className = "BatchNormalization";
  readonly #config: BatchNormalizationConfig;
  #gamma!: LayerVariable;
  #beta!: LayerVariable;
  #movingMean!: LayerVariable;
  #movingVariance!: LayerVariable;

  constructor(config: BatchNormalizationConfig) {
    super({ name: config.name });
    this.#config = config;
  }

  override build(inputShape: number[]): void {
    const channels = inputShape.at(-1)!;
    const add = (name: string, initial: "ones" | "zeros", trainable: boolean) =>
      this.addWeight(name, [channels], "float32", initializers[initial](), undefined, trainable);
    this.#gamma = add("gamma", "ones", true);
    this.#beta = add("beta", "zeros", true);
    this.#movingMean = add("moving_mean", "zeros", false);
    this.#movingVariance = add("moving_variance", "ones", false);
    this.built = true;
  }

  override call(inputs: LayerInputs, options: CallArguments): tf.Tensor {
    const given = Array.isArray(inputs) ? inputs[0]! : inputs;
    // Rows of features are pictures of one pixel.
    if (given.rank === 2)
      return tf.tidy(() => this.#normalize(asPictures(given as tf.Tensor2D), options).reshape(given.shape));
    return this.#normalize(given as tf.Tensor4D, options);
  }

  #normalize(x: tf.Tensor4D, options: CallArguments): tf.Tensor {
    const { momentum, epsilon } = this.#config;
    const [gamma, beta, movingMean, movingVariance] = [
      this.#gamma,
      this.#beta,
      this.#movingMean,
      this.#movingVariance,
    ].map((weight) => weight.read() as tf.Variable<tf.Rank.R1>);
    if (!options.training) return tf.batchNorm4d(x, movingMean!, movingVariance!, beta, gamma, epsilon);
    return normalizeBatch(x, gamma!, beta!, epsilon, (mean, variance) => {
      move(movingMean!, mean, momentum);
      move(movingVariance!, variance, momentum);
    });
  }

  override getConfig(): ReturnType<layers.Layer["getConfig"]> {
    const constant = (class_name: string) => ({ className: class_name, config: {} });
    return {
      ...super.getConfig(),
      axis: -1,
      momentum: this.#config.momentum,
      epsilon: this.#config.epsilon,
      center: true,
      scale: true,
      betaInitializer: constant("Zeros"),
      gammaInitializer: constant("Ones"),
      movingMeanInitializer: constant("Zeros"),
      movingVarianceInitializer: constant("Ones"),
      betaRegularizer: null,
      gammaRegularizer: null,
      betaConstraint: null,
      gammaConstraint: null,
    };
  }
}

function asPictures(x: tf.Tensor2D): tf.Tensor4D {
  return tf.reshape(x, [x.shape[0], 1, 1, x.shape[1]]);
}

function move(moving: tf.Variable, value: tf.Tensor, momentum: number): void {
  tf.tidy(() => moving.assign(tf.add(tf.mul(moving, momentum), tf.mul(value, 1 - momentum))));
}
