/** Adam over all weights of a network. */
import type { Adam } from "../../../src/domain/experiment/experiment.ts";
import { type AdamSlot, applyAdam } from "../backends/optimizer-kernels.ts";
import * as tf from "../backends/tensors.ts";

export class AdamOptimizer {
  readonly #slots: readonly AdamSlot[];
  readonly #settings: Adam;
  #step = 0;

  constructor(weights: readonly tf.Variable[], settings: Adam) {
    this.#settings = settings;
    const zeros = (weight: tf.Variable) => tf.tidy(() => tf.variable(tf.zeros(weight.shape), false));
    this.#slots = weights.map((weight) => ({ weight, moment1: zeros(weight), moment2: zeros(weight) }));
  }

  /** One step, in place. @param gradients by the names of the weights; left to the caller. */
  apply(gradients: tf.NamedTensorMap, learningRate: number): void {
    this.#step += 1;
    const { beta1, beta2, epsilon, weightDecay } = this.#settings;
    for (const slot of this.#slots) {
      applyAdam(slot, gradients[slot.weight.name]!, {
        step: this.#step,
        learningRate,
        beta1,
        beta2,
        epsilon,
        // Kernels only: biases and the scales of normalisations are not what makes a network too sure of itself.
        weightDecay: slot.weight.rank > 1 ? weightDecay : 0,
        l1: 0,
        l2: 0,
      });
    }
  }

  dispose(): void {
    for (const { moment1, moment2 } of this.#slots) tf.dispose([moment1, moment2]);
  }
}
