/** What a backbone teaches a network while it is trained on its own task. Nothing of it is left in the model. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import * as tf from "../backends/tensors.ts";
import { RandomStream } from "../../../src/domain/experiment/random-streams.ts";

/** The backbone sees smaller views enlarged to this side, in pixels: made for larger pictures, it says little of very small ones. */
const leastSide = 128;
/** Beside the variance of a feature in a batch. */
const epsilon = 1e-3;

/**
 * A linear map from what goes into the output layer has to give the backbone's features of the same view, each brought to mean 0 and deviation 1 over the
 * batch: the mean squared error, times a weight, is added to the loss. (Regression to a teacher's representation: Romero et al., FitNets, 2015.)
 */
export class Lesson {
  /** Kernel and bias of the map. */
  readonly weights: readonly [tf.Variable<tf.Rank.R2>, tf.Variable<tf.Rank.R1>];
  readonly #backbone: LayersModel;
  readonly #weight: number;

  /**
   * @param backbone disposing of it is left to the caller
   * @param units numbers that go into the output layer
   * @param weight of the error in the loss
   */
  constructor(backbone: LayersModel, units: number, weight: number, seed: number) {
    this.#backbone = backbone;
    this.#weight = weight;
    const features = backbone.outputs[0]!.shape[1]!;
    const random = new SeededRandom(seed, RandomStream.lesson);
    const limit = Math.sqrt(6 / (units + features));
    const kernel = Float32Array.from({ length: units * features }, () => random.uniform(-limit, limit));
    const [drawn, zeros] = [tf.tensor2d(kernel, [units, features]), tf.zeros<tf.Rank.R1>([features])];
    this.weights = [tf.variable(drawn), tf.variable(zeros)];
    tf.dispose([drawn, zeros]);
  }

  /** @param x [images, side, side, 3], 0 to 255; [images, features] comes back, to be disposed of by the caller. */
  targets(x: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => {
      const side = Math.max(x.shape[1], leastSide);
      const seen = side === x.shape[1] ? x : tf.image.resizeBilinear(x, [side, side]);
      const features = this.#backbone.predictOnBatch(seen) as tf.Tensor2D;
      const { mean, variance } = tf.moments(features, 0);
      return tf.div(tf.sub(features, mean), tf.sqrt(tf.add(variance, epsilon)));
    });
  }

  /** What is added to the loss. @param given [images, units] */
  loss(given: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
    const [kernel, bias] = this.weights;
    const error = tf.sub(tf.add(tf.matMul(given, kernel), bias), targets);
    return tf.mul(tf.mean<tf.Scalar>(tf.square(error)), this.#weight);
  }

  dispose(): void {
    tf.dispose([...this.weights]);
  }
}
