/** What flows between ONNX' operations: tensors, and the small integer lists (shapes, axes) that are computed on the side. */
import * as tf from "../backends/tensors.ts";
import type { OnnxNode, OnnxTensor } from "./proto.ts";

/**
 * ONNX has pictures as [images, channels, height, width]; tfjs computes on [images, height, width, channels]. A tensor stays as tfjs has it for as
 * long as the operations allow.
 */
export interface TensorValue {
  readonly kind: "tensor";
  readonly tensor: tf.Tensor;
  /** The tensor lies channels last, whatever ONNX says of its order. */
  readonly isChannelsLast: boolean;
}

export interface IntegersValue {
  readonly kind: "integers";
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export type Value = TensorValue | IntegersValue;

/** Permutations between the two. */
export const toLast = [0, 2, 3, 1];
export const toFirst = [0, 3, 1, 2];

/** In the order that the file says, whatever its rank. */
export function plain(tensor: tf.Tensor): TensorValue {
  return { kind: "tensor", tensor, isChannelsLast: false };
}

/** Pictures as tfjs computes with them, `[images, height, width, channels]`, where the file says `[images, channels, height, width]`. */
export function channelsLast(tensor: tf.Tensor): TensorValue {
  return { kind: "tensor", tensor, isChannelsLast: true };
}

/** What operations compute shapes with; kept as plain numbers, so that a shape is known without the backend. */
export function integers(values: readonly number[], shape: readonly number[] = [values.length]): IntegersValue {
  return { kind: "integers", shape, values };
}

/** Everything that an operation needs: its inputs and attributes by name. */
export class Call {
  readonly node: OnnxNode;
  readonly opset: number;
  readonly inputs: readonly (Value | null)[];
  readonly #prepare: (key: string, make: () => tf.Tensor) => tf.Tensor;

  constructor(
    node: OnnxNode,
    opset: number,
    inputs: readonly (Value | null)[],
    prepare: (key: string, make: () => tf.Tensor) => tf.Tensor,
  ) {
    this.node = node;
    this.opset = opset;
    this.inputs = inputs;
    this.#prepare = prepare;
  }

  has(place: number): boolean {
    return (this.inputs[place] ?? null) !== null;
  }

  value(place: number): Value {
    const value = this.inputs[place];
    if (!value) throw new Error(`${this.node.type} “${this.node.name}” has no input ${place}`);
    return value;
  }

  tensorValue(place: number): TensorValue {
    const value = this.value(place);
    return value.kind === "tensor" ? value : plain(tf.tensor([...value.values], [...value.shape], "float32"));
  }

  /** As ONNX has it. */
  tensor(place: number): tf.Tensor {
    return inOrder(this.tensorValue(place));
  }

  /** [images, height, width, channels] */
  picture(place: number): tf.Tensor4D {
    const { tensor, isChannelsLast } = this.tensorValue(place);
    if (tensor.rank !== 4)
      throw new Error(`${this.node.type} “${this.node.name}” takes pictures, and got [${tensor.shape.join()}]`);
    return (isChannelsLast ? tensor : tf.transpose(tensor, toLast)) as tf.Tensor4D;
  }

  numbers(place: number): readonly number[] {
    const value = this.value(place);
    if (value.kind === "integers") return value.values;
    throw new Error(`${this.node.type} “${this.node.name}” depends on computed sizes`);
  }

  /** A constant brought into another form once, and kept. */
  prepared(place: number, make: () => tf.Tensor): tf.Tensor {
    return this.#prepare(`${this.node.type} ${this.node.inputs[place]} ${this.node.outputs[0]}`, make);
  }

  int(name: string, otherwise: number): number {
    return this.#attribute(name)?.int ?? otherwise;
  }

  float(name: string, otherwise: number): number {
    return this.#attribute(name)?.float ?? otherwise;
  }

  text(name: string, otherwise: string): string {
    return this.#attribute(name)?.text ?? otherwise;
  }

  ints(name: string): readonly number[] | null {
    return this.#attribute(name)?.ints ?? null;
  }

  constant(): OnnxTensor | null {
    return this.#attribute("value")?.tensor ?? null;
  }

  #attribute(name: string) {
    return this.node.attributes.find((attribute) => attribute.name === name);
  }
}

/** In the order that the file says. A new tensor where it lay otherwise. */
export function inOrder({ tensor, isChannelsLast }: TensorValue): tf.Tensor {
  return isChannelsLast ? tf.transpose(tensor, toFirst) : tensor;
}
