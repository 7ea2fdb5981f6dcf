/** What Tamis must know of a network to run it on pictures: from its files, from its layers, and by trying it. What nobody says is left as a question. */
import { guessPositiveClass } from "../../../src/domain/dataset/positive-class.ts";
import type { PixelFormat } from "../../../src/domain/image/pixel-format.ts";
import {
  adaptedMetadataVersion,
  type ModelFormat,
  type ModelMetadata,
  modelMetadataVersion,
  type ModelOutput,
  type ModelQuestion,
  type Preprocessing,
} from "../../../src/domain/model/model.ts";
import * as tf from "../backends/tensors.ts";
import type { LoadedNetwork } from "../models/loaded-network.ts";
import { isRescalingItself, lastActivation } from "./layer-facts.ts";
import type { ReadModel } from "./model-facts.ts";
import { reasonOf, refused } from "./refusal.ts";

/** Where the network takes any size and its files name none. */
const usualSize = 224;
const largestSide = 4096;
const wrongKind = "Give a classifier of images: a square picture in, one number a class out.";

interface Description {
  readonly metadata: ModelMetadata;
  readonly questions: readonly ModelQuestion[];
}

/**
 * @param fallbackName where its files name none
 * @throws EngineError `bad-model` where it is no classifier of images, or contradicts what its files say
 */
export async function describeModel(
  read: ReadModel,
  network: LoadedNetwork,
  fallbackName: string,
): Promise<Description> {
  if (read.metadata) {
    await checkAgainst(read.metadata, network);
    return { metadata: read.metadata, questions: [] };
  }
  const { size, channels } = inputOf(network, read.imageSize);
  const known = read.scaling ?? (isRescalingItself(network.layers) ? { scale: 1, offset: 0 } : null);
  const preprocessing: Preprocessing = {
    pixels: usualPixels(read.format, size),
    inputSize: size,
    views: ["whole"],
    ...(known ?? { scale: 1 / 255, offset: 0 }),
    ...(channels === 1 ? { channels: { order: "grey", scale: [1], offset: [0] } } : {}),
  };
  const values = await tryOut(network, preprocessing);
  const { output, isSure } = outputOf(read, network, values);
  const questions: ModelQuestion[] = [];
  if (!isSure) questions.push("output");
  if (!known) questions.push("preprocessing");
  const isAdapted = preprocessing.channels !== undefined || output.logits === true;
  const metadata: ModelMetadata = {
    version: isAdapted ? adaptedMetadataVersion : modelMetadataVersion,
    name: read.name ?? (fallbackName === "" ? "Model" : fallbackName),
    createdAt: Date.now(),
    preset: "",
    parameters: network.parameters,
    preprocessing,
    output,
    calibration: null,
    threshold: 0.5,
    reviewBand: null,
    training: null,
  };
  return { metadata, questions };
}

/** Side and channels of the pictures that it takes. */
function inputOf(
  network: LoadedNetwork,
  imageSize: number | null,
): { readonly size: number; readonly channels: number } {
  const [input] = network.inputs;
  if (!input || network.inputs.length !== 1) {
    throw refused(`The network has ${network.inputs.length} inputs; Tamis gives it one picture.`, wrongKind);
  }
  const { shape, layout } = input;
  const said = JSON.stringify(shape);
  const [height, width, channels] =
    shape.length === 2 ? [...shape, 1] : layout === "nchw" ? [shape[1], shape[2], shape[0]] : shape;
  if (shape.length < 2 || shape.length > 3 || height === undefined || width === undefined) {
    throw refused(`The network takes ${said} a case, which is no picture.`, wrongKind);
  }
  if (channels !== 1 && channels !== 3) {
    throw refused(
      `The network takes pictures of ${channels ?? "any number of"} channels (${said}); Tamis has 3, or 1 for grey.`,
      wrongKind,
    );
  }
  if (height !== width) {
    throw refused(`The network takes pictures of ${width} × ${height} pixels; Tamis gives it square ones.`, wrongKind);
  }
  const size = height ?? imageSize ?? usualSize;
  if (size > largestSide)
    throw refused(
      `The network takes pictures of ${size} × ${size} pixels; at most ${largestSide} can be used.`,
      wrongKind,
    );
  return { size, channels };
}

/** How the format's users usually make pictures of a size: Keras' directory loader, Teachable Machine's camera, PyTorch's transforms. */
function usualPixels(format: ModelFormat, size: number): PixelFormat {
  const square = { width: size, height: size };
  if (format === "teachable-machine") return { ...square, resampling: "bilinear", aspect: "crop" };
  if (format === "onnx") return { ...square, resampling: "bilinear-antialias", aspect: "stretch" };
  return { ...square, resampling: "bilinear", aspect: "stretch" };
}

/** What it says of a black picture and of noise, `[2, outputs]` row after row. */
async function tryOut(network: LoadedNetwork, { inputSize, channels }: Preprocessing): Promise<Float32Array> {
  const depth = channels?.order === "grey" ? 1 : 3;
  const pictures = tf.tidy(() => {
    const shape: [number, number, number, number] = [1, inputSize, inputSize, depth];
    return tf.concat([tf.zeros<tf.Rank.R4>(shape), tf.randomUniform<tf.Rank.R4>(shape, 0, 1, "float32", 1)]);
  });
  try {
    const answer = tf.tidy(() => network.predictOnBatch(pictures));
    const values = (await answer.data()) as Float32Array;
    const { dtype } = answer;
    answer.dispose();
    if (dtype !== "float32") throw refused(`The network puts out ${dtype} values, not probabilities.`, wrongKind);
    if (!values.every((value) => Number.isFinite(value))) throw refused("The weights are not all numbers.");
    return values;
  } catch (error) {
    if (error instanceof Error && "failure" in error) throw error;
    throw refused(`The network cannot run: ${reasonOf(error)}`);
  } finally {
    pictures.dispose();
  }
}

function outputOf(
  read: ReadModel,
  network: LoadedNetwork,
  values: Float32Array,
): { readonly output: ModelOutput; readonly isSure: boolean } {
  const width = values.length / 2;
  if (!Number.isInteger(width) || width < 1)
    throw refused("The network does not put out one row a picture.", wrongKind);
  if (width > 10_000)
    throw refused(`The network puts out ${width} numbers a picture, which are no classes.`, wrongKind);
  const activation = lastActivation(network.layers) ?? network.activation ?? likelyActivation(values, width);
  if (activation !== "linear" && activation !== "sigmoid" && activation !== "softmax") {
    throw refused(`The network ends in “${activation}”, which gives no probabilities.`, wrongKind);
  }
  const labels = labelsOf(read, width);
  const guess = read.labels === null ? null : guessPositiveClass(labels);
  const positive = guess === null ? Math.min(1, labels.length - 1) : labels.indexOf(guess);
  const kind = width === 1 ? "sigmoid" : "softmax";
  const output: ModelOutput = { kind, labels, positive, ...(activation === "linear" ? { logits: true } : {}) };
  return { output, isSure: guess !== null };
}

function labelsOf({ labels }: ReadModel, width: number): readonly string[] {
  const wanted = Math.max(2, width);
  if (labels?.length === wanted) return labels;
  return Array.from({ length: wanted }, (_, place) => `Class ${place}`);
}

/** Where no layer says it: rows of probabilities that sum to 1, one probability, or else logits. */
function likelyActivation(values: Float32Array, width: number): "softmax" | "sigmoid" | "linear" {
  if (!values.every((value) => value >= 0 && value <= 1)) return "linear";
  if (width === 1) return "sigmoid";
  const sums = [0, 1].map((row) => values.subarray(row * width, (row + 1) * width).reduce((sum, p) => sum + p, 0));
  return sums.every((sum) => Math.abs(sum - 1) < 1e-3) ? "softmax" : "sigmoid";
}

/** A Tamis bundle must hold the network that it describes. */
async function checkAgainst({ preprocessing, output }: ModelMetadata, network: LoadedNetwork): Promise<void> {
  const { inputSize } = preprocessing;
  const depth = preprocessing.channels?.order === "grey" ? 1 : 3;
  const said = JSON.stringify([inputSize, inputSize, depth]);
  const given = network.inputs[0]?.shape.map((n) => n ?? null) ?? [];
  const hasSize = network.inputs[0]?.layout === "nchw" ? [given[1], given[2], given[0]] : given;
  const taken = JSON.stringify([hasSize[0] ?? inputSize, hasSize[1] ?? inputSize, hasSize[2] ?? depth]);
  if (network.inputs.length !== 1 || taken !== said)
    throw refused(`The network takes ${taken}, and metadata.json says ${said}.`);
  const values = await tryOut(network, preprocessing);
  const wanted = output.kind === "sigmoid" ? 1 : output.labels.length;
  if (values.length !== 2 * wanted) {
    throw refused(`The network has ${values.length / 2} outputs, and metadata.json describes ${wanted}.`);
  }
}
