/** An ONNX network, run operation by operation. Loaded when a model needs it. */
import { asList, firstOf, type LoadedNetwork, type NetworkInput } from "../models/loaded-network.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import * as tf from "../backends/tensors.ts";
import { operations } from "./operations.ts";
import { decodeModel, type OnnxModel, type OnnxValue } from "./proto.ts";
import { Call, channelsLast, inOrder, integers, plain, type Value } from "./values.ts";

/** @throws Error in words that go on after “cannot be read: ” */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const model = decodeModel(bytes);
  const unknown = model.nodes.find(
    ({ type, domain }) => !operations.has(type) || (domain !== "" && domain !== "ai.onnx"),
  );
  if (unknown) throw new Error(`it has an operation that Tamis does not know: ${unknown.type} “${unknown.name}”`);
  if (model.inputs.length === 0 || model.outputs.length === 0) throw new Error("it has no input or no output");
  return model;
}

export async function loadOnnxNetwork(stored: StoredNetwork): Promise<LoadedNetwork> {
  return onnxNetwork(readOnnx(new Uint8Array(await stored.weights.arrayBuffer())));
}

/** Ends of networks that leave numbers as they are. */
const shaping = new Set(["Identity", "Flatten", "Reshape", "Squeeze", "Cast"]);

function onnxNetwork(model: OnnxModel): LoadedNetwork {
  const constants = new Map<string, Value>();
  let parameters = 0;
  for (const { name, shape, values } of model.constants) {
    const isList = values instanceof Int32Array;
    constants.set(name, isList ? integers([...values], shape) : plain(tf.tensor(values, [...shape])));
    if (!isList) parameters += values.length;
  }
  const prepared = new Map<string, tf.Tensor>();
  const prepare = (key: string, make: () => tf.Tensor): tf.Tensor => {
    const known = prepared.get(key) ?? tf.keep(make());
    prepared.set(key, known);
    return known;
  };
  const [input] = model.inputs;
  const described = describe(input!);

  /** @param given in the order of the inputs */
  const compute = (given: readonly Value[]): tf.Tensor[] => {
    const values = new Map<string, Value>(constants);
    for (const [place, { name }] of model.inputs.entries()) values.set(name, given[place]!);
    for (const node of model.nodes) {
      const inputs = node.inputs.map((name) => (name === "" ? null : (values.get(name) ?? null)));
      const value = operations.get(node.type)!(new Call(node, model.opset, inputs, prepare));
      values.set(node.outputs[0]!, value);
    }
    return model.outputs.map(({ name }) => {
      const value = values.get(name);
      if (value?.kind !== "tensor") throw new Error(`the output “${name}” is never computed`);
      return inOrder(value);
    });
  };

  /** Some networks are written for one picture at a time. */
  const inBatches = (given: readonly tf.Tensor[], asValue: (tensor: tf.Tensor) => Value): tf.Tensor[] =>
    tf.tidy(() => {
      const images = given[0]!.shape[0] ?? 1;
      if (input!.shape[0] !== 1 || images === 1) return asList(compute(given.map(asValue)));
      const rows = Array.from({ length: images }, (_, image) =>
        compute(given.map((tensor) => asValue(tf.slice(tensor, image, 1)))),
      );
      return model.outputs.map((_, output) => tf.concat(rows.map((row) => row[output]!)));
    });

  return {
    inputs: model.inputs.map(describe),
    outputs: model.outputs.map(({ name }) => name),
    parameters,
    activation: lastOperation(model),
    layers: null,
    run: (inputs) => inBatches(inputs, plain),
    predictOnBatch: (pictures) => firstOf(inBatches([pictures], described.layout === "nchw" ? channelsLast : plain)),
    dispose() {
      for (const value of constants.values()) if (value.kind === "tensor") value.tensor.dispose();
      for (const tensor of prepared.values()) tensor.dispose();
    },
  };
}

function describe({ name, shape }: OnnxValue): NetworkInput {
  const [, first, , last] = shape;
  const isLast = shape.length === 4 && (last === 1 || last === 3) && first !== 1 && first !== 3;
  return { name, shape: shape.slice(1), layout: isLast || shape.length < 4 ? "nhwc" : "nchw" };
}

function lastOperation({ nodes, outputs }: OnnxModel): LoadedNetwork["activation"] {
  let name = outputs[0]!.name;
  for (;;) {
    const maker = nodes.find((node) => node.outputs[0] === name);
    if (maker?.type === "Softmax") return "softmax";
    if (maker?.type === "Sigmoid") return "sigmoid";
    if (!maker || !shaping.has(maker.type)) return null;
    name = maker.inputs[0] ?? "";
  }
}
