/**
 * Dropout whose masks follow from a seed. (tfjs' own draws the same mask at every step once it is given a seed.) It is saved as a plain Keras Dropout.
 */
import * as tf from "../backends/tensors.ts";
import { layers } from "@tensorflow/tfjs-layers";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";

type CallArguments = Parameters<layers.Layer["call"]>[1];
type LayerInputs = Parameters<layers.Layer["call"]>[0];

export class SeededDropout extends layers.Layer {
  static readonly className = "Dropout";
  readonly #rate: number;
  /** Where the masks come from; the session gives each epoch its own. */
  random = new SeededRandom(0);

  /** @param config rate: share of the numbers that are dropped, 0 to below 1; the others are scaled up by 1/(1 − rate). */
  constructor(config: { readonly name: string; readonly rate: number }) {
    super({ name: config.name });
    this.#rate = config.rate;
  }

  override call(inputs: LayerInputs, options: CallArguments): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    // A copy: the network may free what a layer got and gave back.
    if (!options.training || this.#rate === 0) return tf.clone(x);
    return tf.tidy(() => {
      const kept = 1 / (1 - this.#rate);
      const mask = Float32Array.from({ length: x.size }, () => (this.random.chance(this.#rate) ? 0 : kept));
      return tf.mul(x, tf.tensor(mask, x.shape));
    });
  }

  override getConfig(): ReturnType<layers.Layer["getConfig"]> {
    return { ...super.getConfig(), rate: this.#rate, noiseShape: null, seed: null };
  }
}
