/** A network of any format, ready to run. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import * as tf from "../backends/tensors.ts";

export interface NetworkInput {
  readonly name: string;
  /** Without the batch; null where any size will do. */
  readonly shape: readonly (number | null)[];
  readonly layout: "nhwc" | "nchw";
}

export interface LoadedNetwork {
  readonly inputs: readonly NetworkInput[];
  readonly outputs: readonly string[];
  readonly parameters: number;
  /** What the outputs went through last, where the graph says it and there are no layers. */
  readonly activation: "sigmoid" | "softmax" | null;
  /** tfjs' own, where it is one: gradients and features go through its layers. */
  readonly layers: LayersModel | null;
  /** What the file has, in its order and its layout. The caller disposes of the result. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** From pictures (`[images, height, width, channels]`) to the first output, a row an image. */
  predictOnBatch(pictures: tf.Tensor4D): tf.Tensor;
  dispose(): void;
}

/** A network of tfjs layers, which it owns from then on. */
export function layersNetwork(model: LayersModel): LoadedNetwork {
  const run = (inputs: readonly tf.Tensor[]) => asList(model.predictOnBatch(asOne(inputs)));
  return {
    inputs: model.inputs.map(({ name, shape }) => ({ name, shape: shape.slice(1), layout: "nhwc" })),
    outputs: model.outputNames,
    parameters: model.countParams(),
    activation: null,
    layers: model,
    run,
    predictOnBatch: (pictures) => firstOf(run([fitted(pictures, model.inputs[0]!.shape.length)])),
    dispose: () => void model.dispose(),
  };
}

/** Some networks of grey pictures take `[images, height, width]`. */
export function fitted(pictures: tf.Tensor4D, rank: number): tf.Tensor {
  return rank === 3 ? tf.squeeze(pictures, [3]) : pictures;
}

function asOne(inputs: readonly tf.Tensor[]): tf.Tensor | tf.Tensor[] {
  return inputs.length === 1 ? inputs[0]! : [...inputs];
}

/** tfjs gives a single output without a list around it. */
export function asList(outputs: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** The first of them; the others are disposed of. */
export function firstOf([first, ...rest]: readonly tf.Tensor[]): tf.Tensor {
  tf.dispose(rest);
  return first!;
}
