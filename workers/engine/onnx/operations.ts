/** ONNX' operations on tfjs' tensors. Whatever is not here is refused by name when the file is read. */
import * as tf from "../backends/tensors.ts";
import { averagePool, convolve, maxPool } from "./convolution.ts";
import {
  type Call,
  channelsLast,
  inOrder,
  integers,
  plain,
  type TensorValue,
  toFirst,
  toLast,
  type Value,
} from "./values.ts";

type Operation = (call: Call) => Value;

/** Number by number: the order does not matter. */
function each(compute: (x: tf.Tensor, call: Call) => tf.Tensor): Operation {
  return (call) => {
    const { tensor, isChannelsLast } = call.tensorValue(0);
    return { kind: "tensor", tensor: compute(tensor, call), isChannelsLast };
  };
}

function pairwise(compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation {
  return (call) => {
    const [a, b] = [call.value(0), call.value(1)];
    if (a.kind === "integers" && b.kind === "integers") return integersPairwise(call.node.type, a.values, b.values);
    const [left, right] = [call.tensorValue(0), call.tensorValue(1)];
    if (!left.isChannelsLast && !right.isChannelsLast) return plain(compute(left.tensor, right.tensor));
    return channelsLast(compute(asChannelsLast(left), asChannelsLast(right)));
  };
}

/** Broadcasts as ONNX does, from the last of its dimensions, once the channels are moved to the end. */
function asChannelsLast({ tensor, isChannelsLast }: TensorValue): tf.Tensor {
  if (isChannelsLast || tensor.size === 1) return tensor;
  const shape = [...Array<number>(4 - tensor.rank).fill(1), ...tensor.shape];
  return tf.transpose(tf.reshape(tensor, shape), toLast);
}

function integersPairwise(type: string, a: readonly number[], b: readonly number[]): Value {
  const length = Math.max(a.length, b.length);
  const at = (list: readonly number[], i: number) => list[list.length === 1 ? 0 : i]!;
  const compute: Readonly<Record<string, (x: number, y: number) => number>> = {
    Add: (x, y) => x + y,
    Sub: (x, y) => x - y,
    Mul: (x, y) => x * y,
    Div: (x, y) => Math.trunc(x / y),
  };
  const operation = compute[type];
  if (!operation) throw new Error(`${type} of sizes`);
  return integers(Array.from({ length }, (_, i) => operation(at(a, i), at(b, i))));
}

function clip(x: tf.Tensor, call: Call): tf.Tensor {
  // From opset 11 on the limits are inputs.
  const limit = (place: number, attribute: string, none: number) =>
    call.has(place) ? call.tensor(place) : tf.scalar(call.float(attribute, none));
  return tf.minimum(tf.maximum(x, limit(1, "min", -3.4e38)), limit(2, "max", 3.4e38));
}

/** Along the last axis, or (a picture's channels) along axis 1. */
function softmax(compute: (x: tf.Tensor) => tf.Tensor): Operation {
  return (call) => {
    const value = call.tensorValue(0);
    const { rank } = value.tensor;
    const axis = positiveAxis(call.int("axis", call.opset >= 13 ? -1 : 1), rank);
    if (value.isChannelsLast && axis === 1) return channelsLast(compute(value.tensor));
    const x = inOrder(value);
    if (axis === rank - 1) return plain(compute(x));
    // Before opset 13 everything from the axis on was one row.
    if (call.opset < 13) return plain(tf.reshape(compute(flattenedFrom(x, axis)), x.shape));
    const order = swapped(rank, axis);
    return plain(tf.transpose(compute(tf.transpose(x, order)), order));
  };
}

function swapped(rank: number, axis: number): number[] {
  const order = Array.from({ length: rank }, (_, i) => i);
  [order[axis], order[rank - 1]] = [rank - 1, axis];
  return order;
}

function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function flattenedFrom(x: tf.Tensor, axis: number): tf.Tensor {
  const rows = x.shape.slice(0, axis).reduce((product, n) => product * n, 1);
  return tf.reshape(x, [rows, x.size / rows]);
}

function gemm(call: Call): Value {
  const isTransposed = (name: string) => call.int(name, 0) === 1;
  const product = tf.matMul(call.tensor(0), call.tensor(1), isTransposed("transA"), isTransposed("transB"));
  const scaled = call.float("alpha", 1) === 1 ? product : tf.mul(product, call.float("alpha", 1));
  if (!call.has(2)) return plain(scaled);
  const beta = call.float("beta", 1);
  return plain(tf.add(scaled, beta === 1 ? call.tensor(2) : tf.mul(call.tensor(2), beta)));
}

function batchNormalize(call: Call): Value {
  const { tensor } = call.tensorValue(0);
  const x = tensor.rank === 4 ? call.picture(0) : tensor;
  const [scale, offset, mean, variance] = [1, 2, 3, 4].map((place) => call.tensor(place) as tf.Tensor1D);
  const y = tf.batchNorm(x, mean!, variance!, offset, scale, call.float("epsilon", 1e-5));
  return tensor.rank === 4 ? channelsLast(y) : plain(y);
}

function globalPool(reduce: (x: tf.Tensor4D) => tf.Tensor): Operation {
  return (call) => channelsLast(reduce(call.picture(0)));
}

function reshape(call: Call): Value {
  const x = call.tensor(0);
  const asked = call.ints("shape") ?? call.numbers(1);
  return plain(
    tf.reshape(
      x,
      asked.map((size, axis) => (size === 0 ? x.shape[axis]! : size)),
    ),
  );
}

function transpose(call: Call): Value {
  const { tensor, isChannelsLast } = call.tensorValue(0);
  const order = call.ints("perm") ?? tensor.shape.map((_, axis) => tensor.rank - 1 - axis);
  // These two only change how the same numbers are read.
  if (!isChannelsLast && isSame(order, toFirst)) return channelsLast(tensor);
  if (isChannelsLast && isSame(order, toLast)) return plain(tensor);
  return plain(tf.transpose(call.tensor(0), [...order]));
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function concat(call: Call): Value {
  const places = call.inputs.map((_, place) => place);
  if (call.inputs.every((value) => value?.kind === "integers"))
    return integers(places.flatMap((place) => call.numbers(place)));
  const isPicture = places.some((place) => call.tensorValue(place).isChannelsLast);
  const axis = positiveAxis(call.int("axis", 0), call.tensorValue(0).tensor.rank);
  if (isPicture)
    return channelsLast(
      tf.concat(
        places.map((place) => call.picture(place)),
        [0, 3, 1, 2][axis],
      ),
    );
  return plain(
    tf.concat(
      places.map((place) => call.tensor(place)),
      axis,
    ),
  );
}

function axesOf(call: Call): readonly number[] | null {
  return call.ints("axes") ?? (call.has(1) ? call.numbers(1) : null);
}

function reduceMean(call: Call): Value {
  const x = call.tensor(0);
  const axes = axesOf(call) ?? x.shape.map((_, axis) => axis);
  return plain(
    tf.mean(
      x,
      axes.map((axis) => positiveAxis(axis, x.rank)),
      call.int("keepdims", 1) === 1,
    ),
  );
}

function squeeze(call: Call): Value {
  const value = call.value(0);
  if (value.kind === "integers") return integers(value.values, []);
  const x = call.tensor(0);
  return plain(
    tf.squeeze(
      x,
      axesOf(call)?.map((axis) => positiveAxis(axis, x.rank)),
    ),
  );
}

function unsqueeze(call: Call): Value {
  const value = call.value(0);
  if (value.kind === "integers") return integers(value.values);
  let x = call.tensor(0);
  const axes = axesOf(call) ?? [];
  const rank = x.rank + axes.length;
  for (const axis of [...axes].map((one) => positiveAxis(one, rank)).sort((a, b) => a - b)) x = tf.expandDims(x, axis);
  return plain(x);
}

function shapeOf(call: Call): Value {
  const value = call.value(0);
  return integers(value.kind === "integers" ? value.shape : call.tensor(0).shape);
}

function gather(call: Call): Value {
  const from = call.numbers(0);
  return integers(call.numbers(1).map((place) => from[place < 0 ? place + from.length : place]!));
}

function pad(call: Call): Value {
  const x = call.tensor(0);
  if (call.text("mode", "constant") !== "constant") throw new Error(`Pad “${call.node.name}” is not constant`);
  const pads = call.ints("pads") ?? call.numbers(1);
  const value = call.float("value", 0);
  return plain(
    tf.pad(
      x,
      x.shape.map((_, axis): [number, number] => [pads[axis]!, pads[axis + x.rank]!]),
      value,
    ),
  );
}

function slice(call: Call): Value {
  const [starts, ends] = [call.ints("starts") ?? call.numbers(1), call.ints("ends") ?? call.numbers(2)];
  const axes = call.ints("axes") ?? (call.has(3) ? call.numbers(3) : starts.map((_, axis) => axis));
  if (call.has(4) && call.numbers(4).some((step) => step !== 1)) throw new Error(`Slice “${call.node.name}” has steps`);
  const within = (place: number, size: number) => Math.max(0, Math.min(size, place < 0 ? place + size : place));
  const value = call.value(0);
  if (value.kind === "integers") {
    const { values } = value;
    return integers(values.slice(within(starts[0]!, values.length), within(ends[0]!, values.length)));
  }
  const x = call.tensor(0);
  const begin = x.shape.map(() => 0);
  const sizes = [...x.shape];
  for (const [i, one] of axes.entries()) {
    const axis = positiveAxis(one, x.rank);
    begin[axis] = within(starts[i]!, x.shape[axis]!);
    sizes[axis] = within(ends[i]!, x.shape[axis]!) - begin[axis];
  }
  return plain(tf.slice(x, begin, sizes));
}

function constant(call: Call): Value {
  const tensor = call.constant();
  if (!tensor) throw new Error(`Constant “${call.node.name}” holds no tensor`);
  const { values, shape } = tensor;
  return values instanceof Int32Array ? integers([...values], shape) : plain(tf.tensor(values, [...shape]));
}

function same(call: Call): Value {
  return call.value(0);
}

export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["Abs", each(tf.abs)],
  ["Add", pairwise(tf.add)],
  ["AveragePool", averagePool],
  ["BatchNormalization", batchNormalize],
  ["Cast", same],
  ["Clip", each(clip)],
  ["Concat", concat],
  ["Constant", constant],
  ["Conv", convolve],
  ["Div", pairwise(tf.div)],
  ["Dropout", same],
  [
    "Elu",
    each((x, call) =>
      call.float("alpha", 1) === 1
        ? tf.elu(x)
        : tf.where(tf.greater(x, 0), x, tf.mul(tf.expm1(x), call.float("alpha", 1))),
    ),
  ],
  ["Erf", each(tf.erf)],
  ["Exp", each(tf.exp)],
  ["Flatten", (call) => plain(flattenedFrom(call.tensor(0), positiveAxis(call.int("axis", 1), call.tensor(0).rank)))],
  ["Gather", gather],
  ["Gemm", gemm],
  ["GlobalAveragePool", globalPool((x) => tf.mean(x, [1, 2], true))],
  ["GlobalMaxPool", globalPool((x) => tf.max(x, [1, 2], true))],
  [
    "HardSigmoid",
    each((x, call) => tf.clipByValue(tf.add(tf.mul(x, call.float("alpha", 0.2)), call.float("beta", 0.5)), 0, 1)),
  ],
  ["HardSwish", each((x) => tf.mul(x, tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1)))],
  ["Identity", same],
  ["LeakyRelu", each((x, call) => tf.leakyRelu(x, call.float("alpha", 0.01)))],
  ["LogSoftmax", softmax((x) => tf.logSoftmax(x))],
  ["MatMul", (call) => plain(tf.matMul(call.tensor(0), call.tensor(1)))],
  ["Max", pairwise(tf.maximum)],
  ["MaxPool", maxPool],
  ["Min", pairwise(tf.minimum)],
  ["Mul", pairwise(tf.mul)],
  ["Neg", each(tf.neg)],
  ["PRelu", pairwise((x, slope) => tf.where(tf.greater(x, 0), x, tf.mul(x, slope)))],
  ["Pad", pad],
  ["Pow", pairwise(tf.pow)],
  ["ReduceMean", reduceMean],
  ["Relu", each(tf.relu)],
  ["Reshape", reshape],
  ["Selu", each(tf.selu)],
  ["Shape", shapeOf],
  ["Sigmoid", each(tf.sigmoid)],
  ["Slice", slice],
  ["Softmax", softmax((x) => tf.softmax(x))],
  ["Softplus", each(tf.softplus)],
  ["Sqrt", each(tf.sqrt)],
  ["Squeeze", squeeze],
  ["Sub", pairwise(tf.sub)],
  ["Tanh", each(tf.tanh)],
  ["Transpose", transpose],
  ["Unsqueeze", unsqueeze],
]);
