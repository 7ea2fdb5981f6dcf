/** The exponential moving average of a network's weights, moving statistics included. */
import * as tf from "../backends/tensors.ts";
import type { Network } from "../models/network.ts";

export class WeightAverage {
  /** A network of its own that holds the average: judged and saved in place of the trained one. */
  readonly network: Network;
  readonly #trained: Network;
  readonly #decay: number;
  /** Updates so far. */
  steps = 0;

  /** @param network built as `trained` is; it becomes the average's own */
  constructor(network: Network, trained: Network, decay: number) {
    this.network = network;
    this.#trained = trained;
    this.#decay = decay;
  }

  /**
   * To be called after every step. The decay begins small, min(decay, (1 + t)/(10 + t)) as TensorFlow's
   * `ExponentialMovingAverage(num_updates)` has it, so that the initial weights are soon forgotten.
   */
  update(): void {
    const decay = Math.min(this.#decay, (1 + this.steps) / (10 + this.steps));
    this.steps += 1;
    for (const [index, average] of this.network.weights.entries()) {
      const weight = this.#trained.weights[index]!;
      tf.tidy(() => average.assign(tf.add(tf.mul(average, decay), tf.mul(weight, 1 - decay))));
    }
  }

  dispose(): void {
    this.network.dispose();
  }
}
