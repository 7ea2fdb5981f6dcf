/** Single steps of training: forward, backward, Adam. Knows nothing of runs, storage or events. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { learningRateAt } from "../../../src/domain/experiment/schedule.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { withDeferredGradients } from "../backends/deferred-gradients.ts";
import { type PenalizedWeight, sumPenalties } from "../backends/optimizer-kernels.ts";
import * as tf from "../backends/tensors.ts";
import { restoreValues, valuesOf } from "../backends/variables.ts";
import { initializeWeights } from "../models/initial-weights.ts";
import { buildNetwork, type Network } from "../models/network.ts";
import { Lesson } from "./lesson.ts";
import { crossEntropy } from "./loss.ts";
import { AdamOptimizer } from "./optimizer.ts";
import { epochStream, RandomStream } from "../../../src/domain/experiment/random-streams.ts";
import { WeightAverage } from "./weight-average.ts";

export interface StepResult {
  /** Mean over the batch, before the update, smoothed labels, class weights and all; without penalties and lesson. */
  readonly loss: number;
  /** What the penalties on kernels add to it, before the update. */
  readonly penalty: number;
  /** Before the update, in training mode; `[images × outputs]`. */
  readonly logits: Float32Array;
}

/** Everything that a later step hangs on but the numbers that chance draws, which follow from seed and epoch. */
export interface TrainerState {
  readonly step: number;
  /** float32, in the order of the network's weights, then the lesson's. */
  readonly weights: Blob;
  /** Both moments of each trainable weight. */
  readonly moments: Blob;
  readonly average: { readonly steps: number; readonly weights: Blob } | null;
}

export class Trainer {
  readonly network: Network;
  readonly #experiment: Experiment;
  readonly #optimizer: AdamOptimizer;
  readonly #average: WeightAverage | null;
  readonly #totalSteps: number;
  readonly #outputs: number;
  readonly #penalized: readonly PenalizedWeight[];
  readonly #lesson: Lesson | null;
  /** The network's, then the lesson's. */
  readonly #trainable: readonly tf.Variable[];

  /**
   * @param outputs 1 for a sigmoid, else one a class.
   * @param backbone what the network is built on or learns from, as the experiment says; disposing of it is left to the caller
   */
  constructor(experiment: Experiment, outputs: number, totalSteps: number, backbone: LayersModel | null = null) {
    this.#experiment = experiment;
    this.#outputs = outputs;
    this.#totalSteps = totalSteps;
    const base = experiment.backbone?.role === "features" ? backbone : null;
    this.network = buildNetwork(experiment, outputs, base);
    this.#lesson = lessonOf(experiment, this.network, backbone);
    initializeWeights(this.network, experiment.seed);
    const { penalties } = this.network;
    this.#trainable = [...this.network.trainable, ...(this.#lesson?.weights ?? [])];
    this.#optimizer = new AdamOptimizer(this.#trainable, experiment.optimizer, penalties);
    this.#penalized = penalizedWeights(this.network);
    const { weightAverage } = experiment;
    this.#average =
      weightAverage === null
        ? null
        : new WeightAverage(buildNetwork(experiment, outputs, base), this.network, weightAverage);
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
   * @param pixels [images, size, size, 3], 0 to 255; on a backbone its features, [images, features]
   * @param targets index of each image's true output; for a sigmoid 0 or 1
   * @param weights of each image's loss; all 1 where null
   */
  async step(
    pixels: Float32Array,
    size: number,
    targets: ArrayLike<number>,
    weights: Float32Array | null = null,
  ): Promise<StepResult> {
    const { optimizer, schedule, output } = this.#experiment;
    const x = tf.tensor(pixels, [targets.length, ...this.network.inputShape(size)]);
    const y = tf.tensor2d(this.#targetRows(targets), [targets.length, this.#outputs]);
    const lossWeights = weights && tf.tensor2d(weights, [targets.length, 1]);
    const penalty = sumPenalties(this.#penalized);
    const taught = this.#lesson?.targets(x as tf.Tensor4D);
    let logits: tf.Tensor2D | undefined;
    let ownLoss: tf.Scalar | undefined;
    const { value, grads } = withDeferredGradients(() =>
      tf.variableGrads(() => {
        const [given, before] = this.#forward(x);
        logits = tf.keep(given);
        ownLoss = tf.keep(crossEntropy(output, logits, y, lossWeights));
        return before && taught ? tf.add(ownLoss, this.#lesson!.loss(before, taught)) : ownLoss;
      }, [...this.#trainable]),
    );
    const { step } = this.#optimizer;
    this.#optimizer.apply(grads, learningRateAt(schedule, optimizer.learningRate, step, this.#totalSteps));
    tf.dispose([x, y, grads]);
    tf.dispose([lossWeights, taught].filter((tensor) => tensor instanceof tf.Tensor));
    this.#average?.update();
    try {
      const [loss, values, penalties] = await Promise.all([ownLoss!.data(), logits!.data(), penalty()]);
      return { loss: loss[0]!, penalty: penalties, logits: values as Float32Array };
    } finally {
      tf.dispose([value, ownLoss!, logits!]);
    }
  }

  /** Logits, and where there is a lesson what goes into the layer that they come from. */
  #forward(x: tf.Tensor): [tf.Tensor2D, tf.Tensor2D?] {
    const { logits, logitsAndBefore } = this.network;
    if (!this.#lesson) return [logits.apply(x, { training: true }) as tf.Tensor2D];
    return logitsAndBefore.apply(x, { training: true }) as [tf.Tensor2D, tf.Tensor2D];
  }

  /** What the penalties add to the loss of the network that is judged. */
  judgedPenalty(): Promise<number> {
    return sumPenalties(penalizedWeights(this.judged))();
  }

  /** Of the network, then of the lesson. */
  get #weights(): tf.Variable[] {
    return [...this.network.weights, ...(this.#lesson?.weights ?? [])];
  }

  async save(): Promise<TrainerState> {
    const average = this.#average;
    return {
      step: this.#optimizer.step,
      weights: await valuesOf(this.#weights),
      moments: await valuesOf(this.#optimizer.moments),
      average: average && { steps: average.steps, weights: await valuesOf(average.network.weights) },
    };
  }

  /** @throws RangeError where the state is that of another network */
  async restore(state: TrainerState): Promise<void> {
    await restoreValues(this.#weights, state.weights);
    await restoreValues(this.#optimizer.moments, state.moments);
    this.#optimizer.step = state.step;
    if (!this.#average) return;
    if (!state.average) throw new RangeError("The state has no average of the weights.");
    await restoreValues(this.#average.network.weights, state.average.weights);
    this.#average.steps = state.average.steps;
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
    this.#lesson?.dispose();
    this.network.dispose();
  }
}

function lessonOf({ backbone, seed }: Experiment, network: Network, teacher: LayersModel | null): Lesson | null {
  if (backbone?.role !== "teacher" || !teacher) return null;
  const units = network.logitsAndBefore.outputs[1]!.shape[1]!;
  return new Lesson(teacher, units, backbone.weight, seed);
}

function penalizedWeights({ trainable, penalties }: Network): PenalizedWeight[] {
  return trainable.flatMap((weight, index) => {
    const penalty = penalties[index];
    return penalty ? [{ weight, ...penalty }] : [];
  });
}
