/** Single steps of training: forward, backward, Adam. Knows nothing of runs, storage or events. */
import { learningRateAt } from "../../../src/domain/experiment/schedule.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { withDeferredGradients } from "../backends/deferred-gradients.ts";
import * as tf from "../backends/tensors.ts";
import { initializeWeights } from "../models/initial-weights.ts";
import { buildNetwork, type Network } from "../models/network.ts";
import { crossEntropy } from "./loss.ts";
import { AdamOptimizer } from "./optimizer.ts";
import { epochStream, RandomStream } from "./random-streams.ts";
import { WeightAverage } from "./weight-average.ts";

export interface StepResult {
  /** Mean over the batch, before the update, smoothed labels and all. */
  readonly loss: number;
  /** Before the update, in training mode; `[images × outputs]`. */
  readonly logits: Float32Array;
}

export class Trainer {
  readonly network: Network;
  readonly #experiment: Experiment;
  readonly #optimizer: AdamOptimizer;
  readonly #average: WeightAverage | null;
  readonly #totalSteps: number;
  readonly #outputs: number;
  #step = 0;

  /** @param outputs 1 for a sigmoid, else one a class. */
  constructor(experiment: Experiment, outputs: number, totalSteps: number) {
    this.#experiment = experiment;
    this.#outputs = outputs;
    this.#totalSteps = totalSteps;
    this.network = buildNetwork(experiment, outputs);
    initializeWeights(this.network, experiment.seed);
    this.#optimizer = new AdamOptimizer(this.network.trainable, experiment.optimizer);
    const { weightAverage } = experiment;
    this.#average = weightAverage === null ? null : new WeightAverage(experiment, outputs, this.network, weightAverage);
  }

  /** The network that is judged and kept: the average of the weights where there is one. */
  get judged(): Network {
    return this.#average?.network ?? this.network;
  }

  get parameters(): number {
    return this.network.model.countParams();
  }

  /** To be called before the steps of each epoch (from 0). */
  beginEpoch(epoch: number): void {
    for (const [index, dropout] of this.network.dropouts.entries()) {
      dropout.random = new SeededRandom(this.#experiment.seed + index, epochStream(RandomStream.dropout, epoch));
    }
  }

  /**
   * @param pixels [images, size, size, 3], 0 to 255
   * @param targets index of each image's true output; for a sigmoid 0 or 1
   */
  async step(pixels: Float32Array, size: number, targets: ArrayLike<number>): Promise<StepResult> {
    const { optimizer, schedule, output } = this.#experiment;
    const x = tf.tensor4d(pixels, [targets.length, size, size, 3]);
    const y = tf.tensor2d(this.#targetRows(targets), [targets.length, this.#outputs]);
    let logits: tf.Tensor2D | undefined;
    const { value, grads } = withDeferredGradients(() =>
      tf.variableGrads(() => {
        logits = tf.keep(this.network.logits.apply(x, { training: true }) as tf.Tensor2D);
        return crossEntropy(output, logits, y);
      }, [...this.network.trainable]),
    );
    this.#optimizer.apply(grads, learningRateAt(schedule, optimizer.learningRate, this.#step, this.#totalSteps));
    this.#step += 1;
    tf.dispose([x, y, grads]);
    this.#average?.update();
    try {
      const [loss, values] = await Promise.all([value.data(), logits!.data()]);
      return { loss: loss[0]!, logits: values as Float32Array };
    } finally {
      tf.dispose([value, logits!]);
    }
  }

  /** Keras' label smoothing: y·(1 − s) + s/outputs, with ½ in place of 1/outputs for a sigmoid. */
  #targetRows(targets: ArrayLike<number>): Float32Array {
    const { labelSmoothing, output } = this.#experiment;
    const outputs = this.#outputs;
    if (output === "binary") {
      return Float32Array.from(targets, (target) => target * (1 - labelSmoothing) + labelSmoothing / 2);
    }
    const rows = new Float32Array(targets.length * outputs).fill(labelSmoothing / outputs);
    for (let i = 0; i < targets.length; i++) rows[i * outputs + targets[i]!]! += 1 - labelSmoothing;
    return rows;
  }

  dispose(): void {
    this.#average?.dispose();
    this.#optimizer.dispose();
    this.network.dispose();
  }
}
