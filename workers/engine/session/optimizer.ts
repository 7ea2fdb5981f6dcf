/** Adam over all weights of a network. */
import type { Adam, Penalty } from "../../../src/domain/experiment/experiment.ts";
import { type AdamSlot, applyAdam } from "../backends/optimizer-kernels.ts";
import * as tf from "../backends/tensors.ts";

export class AdamOptimizer {
  readonly #slots: readonly AdamSlot[];
  readonly #settings: Adam;
  readonly #penalties: readonly (Penalty | null)[];
  /** Steps done so far. */
  step = 0;

  /** @param penalties of each weight, in their order */
  constructor(weights: readonly tf.Variable[], settings: Adam, penalties: readonly (Penalty | null)[]) {
    this.#settings = settings;
    this.#penalties = penalties;
    // Filled where they lie: zeros of tfjs come from the processor's memory.
    const zeros = (weight: tf.Variable) => tf.tidy(() => tf.variable(tf.fill(weight.shape, 0), false));
    this.#slots = weights.map((weight) => ({ weight, moment1: zeros(weight), moment2: zeros(weight) }));
  }

  /** Both moments of each weight, in the order of the weights. */
  get moments(): tf.Variable[] {
    return this.#slots.flatMap(({ moment1, moment2 }) => [moment1, moment2]);
  }

  /** One step, in place. @param gradients by the names of the weights; left to the caller. */
  apply(gradients: tf.NamedTensorMap, learningRate: number): void {
    this.step += 1;
    const { beta1, beta2, epsilon, weightDecay } = this.#settings;
    for (const [index, slot] of this.#slots.entries()) {
      applyAdam(slot, gradients[slot.weight.name]!, {
        step: this.step,
        learningRate,
        beta1,
        beta2,
        epsilon,
        // Kernels only: biases and the scales of normalisations are not what makes a network too sure of itself.
        weightDecay: slot.weight.rank > 1 ? weightDecay : 0,
        l1: this.#penalties[index]?.l1 ?? 0,
        l2: this.#penalties[index]?.l2 ?? 0,
      });
    }
  }

  dispose(): void {
    for (const { moment1, moment2 } of this.#slots) tf.dispose([moment1, moment2]);
  }
}
