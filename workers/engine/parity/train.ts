/** The reference cases' group `train`: whole short trainings, by the session's own trainer, from given weights and in a given order. */
import * as tf from "../backends/tensors.ts";
import { overwrite } from "../backends/variables.ts";
import { sideWeights } from "../../../src/domain/experiment/class-weights.ts";
import type { Activation, Experiment, Layer, Penalty } from "../../../src/domain/experiment/experiment.ts";
import { baseline } from "../../../src/domain/experiment/presets.ts";
import {
  type ReferenceArray,
  type ReferenceCase,
  UnsupportedCaseError,
} from "../../../src/domain/parity/reference-case.ts";
import { Trainer } from "../session/trainer.ts";

/** A layer by Keras' parameters. */
interface CaseLayer {
  readonly type: string;
  readonly name?: string;
  readonly scale?: number;
  readonly offset?: number;
  readonly filters?: number;
  readonly units?: number;
  readonly kernel_size?: number;
  readonly pool_size?: number;
  readonly strides?: number;
  readonly padding?: "same" | "valid";
  readonly activation?: Activation;
  readonly use_bias?: boolean;
  readonly channel_multiplier?: number;
  readonly rate?: number;
  readonly momentum?: number;
  readonly epsilon?: number;
  readonly l1?: number;
  readonly l2?: number;
}

interface CaseAttributes {
  readonly input_shape: readonly [number, number, number];
  readonly layers: readonly CaseLayer[];
  readonly weights: readonly string[];
  readonly batch_size: number;
  readonly steps: number;
  readonly loss: string;
  readonly class_weight: { readonly "0": number; readonly "1": number } | null;
  readonly optimizer: {
    readonly name: string;
    readonly learning_rate: number;
    readonly beta_1: number;
    readonly beta_2: number;
    readonly epsilon: number;
  };
}

function penaltyOf({ l1 = 0, l2 = 0 }: CaseLayer): { readonly penalty?: Penalty } {
  return l1 === 0 && l2 === 0 ? {} : { penalty: { l1, l2 } };
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new UnsupportedCaseError(`A layer says nothing of its ${what}.`);
  return value;
}

function layerOf(layer: CaseLayer): Layer {
  const { type, padding = "valid", activation = "linear", strides = 1, use_bias: useBias = true } = layer;
  const kernelSize = () => required(layer.kernel_size, "kernel_size");
  const window = () => {
    const poolSize = required(layer.pool_size, "pool_size");
    if ((layer.strides ?? poolSize) !== poolSize || padding !== "valid") {
      throw new UnsupportedCaseError("Pools that overlap or are padded are no part of Tamis' networks.");
    }
    return poolSize;
  };
  switch (type) {
    case "rescaling":
      return { type, scale: required(layer.scale, "scale"), offset: layer.offset ?? 0 };
    case "conv2d": {
      const filters = required(layer.filters, "filters");
      return { type, filters, kernelSize: kernelSize(), strides, padding, activation, useBias, ...penaltyOf(layer) };
    }
    case "depthwise_conv2d": {
      if ((layer.channel_multiplier ?? 1) !== 1) throw new UnsupportedCaseError("A depth multiplier is not built.");
      const shape = { kernelSize: kernelSize(), strides, padding, activation, useBias };
      return { type: "depthwise-conv2d", ...shape, ...penaltyOf(layer) };
    }
    case "batch_norm":
      return {
        type: "batch-normalization",
        momentum: required(layer.momentum, "momentum"),
        epsilon: required(layer.epsilon, "epsilon"),
      };
    case "relu":
    case "relu6":
    case "sigmoid":
      return { type: "activation", activation: type };
    case "max_pool":
      return { type: "max-pooling", poolSize: window() };
    case "average_pool":
      return { type: "average-pooling", poolSize: window() };
    case "global_average_pool":
      return { type: "global-average-pooling" };
    case "flatten":
      return { type };
    case "dropout":
      if (layer.rate) throw new UnsupportedCaseError("Dropout draws numbers of its own.");
      return { type, rate: 0 };
    case "dense":
      return { type, units: required(layer.units, "units"), activation, ...penaltyOf(layer) };
    default:
      throw new UnsupportedCaseError(`Tamis has no layer of the type ${type}.`);
  }
}

/** The last layer is the output that every experiment of Tamis ends in; the others are its layers. */
function experimentOf({ input_shape, layers, batch_size, optimizer, loss }: CaseAttributes): Experiment {
  const last = layers.at(-1);
  const [height, width] = input_shape;
  const isBinary = last?.type === "dense" && last.units === 1 && last.activation === "sigmoid";
  if (height !== width || !isBinary || last.l1 || last.l2 || loss !== "binary_crossentropy") {
    throw new UnsupportedCaseError("Only square pictures and one sigmoid output without a penalty are computed.");
  }
  if (optimizer.name !== "adam") throw new UnsupportedCaseError(`Tamis has no optimiser ${optimizer.name}.`);
  return {
    ...baseline,
    inputSize: width,
    pixels: { ...baseline.pixels, width, height },
    layers: layers.slice(0, -1).map(layerOf),
    batchSize: batch_size,
    optimizer: {
      kind: "adam",
      learningRate: optimizer.learning_rate,
      beta1: optimizer.beta_1,
      beta2: optimizer.beta_2,
      epsilon: optimizer.epsilon,
      weightDecay: 0,
    },
  };
}

/** Our builder's names of the case's layers that have weights, by the case's names. */
function namesOf(layers: readonly CaseLayer[]): ReadonlyMap<string, string> {
  const kinds: Readonly<Record<string, string>> = {
    conv2d: "conv",
    depthwise_conv2d: "depthwise",
    batch_norm: "norm",
    dense: "dense",
  };
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  for (const [index, { type, name }] of layers.entries()) {
    const kind = kinds[type];
    if (!kind || !name) continue;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    names.set(name, index === layers.length - 1 ? "logits" : `${kind}${count}`);
  }
  return names;
}

/** The network's variables by the names that the case gives them. */
function variablesOf(trainer: Trainer, { layers, weights }: CaseAttributes): ReadonlyMap<string, tf.Variable> {
  const names = namesOf(layers);
  const byOwnName = new Map(
    trainer.network.model.weights.map((weight) => [weight.originalName, weight.read() as tf.Variable]),
  );
  return new Map(
    weights.map((name) => {
      const [layer, weight] = name.split("/") as [string, string];
      const own = names.get(layer) ?? "";
      const variable = byOwnName.get(`${own}/${weight}`) ?? byOwnName.get(`${own}/depthwise_${weight}`);
      if (!variable) throw new UnsupportedCaseError(`The network has no weight ${name}.`);
      return [name, variable];
    }),
  );
}

function arrayOf(inputs: ReferenceCase["inputs"], name: string): ReferenceArray {
  const value = inputs[name];
  if (value?.kind !== "array") throw new UnsupportedCaseError(`The input ${name} is missing.`);
  return value;
}

async function snapshot(prefix: string, variables: ReadonlyMap<string, tf.Variable>) {
  const read = async ([name, variable]: [string, tf.Variable]): Promise<[string, ReferenceArray]> => {
    // A copy: on the backend's own memory it would change with the next step.
    const data = ((await variable.data()) as Float32Array).slice();
    return [`${prefix}/${name}`, { kind: "array", shape: variable.shape, data }];
  };
  return Object.fromEntries(await Promise.all([...variables].map(read)));
}

export async function runTraining(
  attributes: ReferenceCase["attributes"],
  inputs: ReferenceCase["inputs"],
): Promise<Record<string, ReferenceArray>> {
  const given = attributes as unknown as CaseAttributes;
  const experiment = experimentOf(given);
  const size = experiment.inputSize;
  const [images, labels, order] = ["images", "labels", "order"].map((name) => arrayOf(inputs, name).data);
  const [steps, batch] = arrayOf(inputs, "order").shape as [number, number];
  const weights =
    given.class_weight &&
    sideWeights({ kind: "given", negative: given.class_weight["0"], positive: given.class_weight["1"] }, 1, 1);
  const trainer = new Trainer(experiment, 1, steps);
  try {
    const variables = variablesOf(trainer, given);
    for (const [name, variable] of variables)
      overwrite(variable, Float32Array.from(arrayOf(inputs, `initial/${name}`).data));
    trainer.beginEpoch(0);
    const curves: Record<"loss" | "bce" | "accuracy", number[]> = { loss: [], bce: [], accuracy: [] };
    let outputs: Record<string, ReferenceArray> = {};
    const length = size * size * 3;
    for (let step = 0; step < steps; step++) {
      const indices = order!.subarray(step * batch, (step + 1) * batch);
      const pixels = new Float32Array(batch * length);
      for (const [place, index] of indices.entries()) {
        pixels.set(images!.subarray(index * length, (index + 1) * length), place * length);
      }
      const targets = Array.from(indices, (index) => labels![index]!);
      const lossWeights =
        weights && Float32Array.from(targets, (target) => (target ? weights.positive : weights.negative));
      const { loss, penalty, logits } = await trainer.step(pixels, size, targets, lossWeights);
      curves.loss.push(loss + penalty);
      curves.bce.push(loss);
      const right = targets.filter((target, i) => logits[i]! > 0 === (target === 1)).length;
      curves.accuracy.push(right / batch);
      if (step === 0) outputs = { ...outputs, ...(await snapshot("after_step_1", variables)) };
    }
    const last = await snapshot("after_last_step", variables);
    const sums = Object.values(last).flatMap(({ data }) => {
      let [absolute, squares] = [0, 0];
      for (const value of data) {
        absolute += Math.abs(value);
        squares += value * value;
      }
      return [absolute, squares];
    });
    for (const [name, values] of Object.entries(curves)) {
      outputs[name] = { kind: "array", shape: [steps], data: Float32Array.from(values) };
    }
    return {
      ...outputs,
      ...last,
      weight_sums_after_last_step: { kind: "array", shape: [sums.length / 2, 2], data: Float32Array.from(sums) },
      predictions_after_last_step: await predictions(trainer, Float32Array.from(images!), size),
    };
  } finally {
    trainer.dispose();
  }
}

async function predictions(trainer: Trainer, images: Float32Array, size: number): Promise<ReferenceArray> {
  const x = tf.tensor4d(images, [images.length / (size * size * 3), size, size, 3]);
  const y = tf.tidy(() => trainer.network.model.predict(x) as tf.Tensor);
  try {
    return { kind: "array", shape: y.shape, data: (await y.data()) as Float32Array };
  } finally {
    tf.dispose([x, y]);
  }
}
