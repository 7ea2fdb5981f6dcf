/** Writes ONNX' protocol buffers; field numbers as in onnx/onnx.proto. */
import { PbfWriter } from "pbf";
import {
  dataTypes,
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./proto.ts";

/** `AttributeProto.AttributeType` */
const attributeTypes = { float: 1, int: 2, text: 3, floats: 6, ints: 7 } as const;

export interface EncodedModel extends OnnxModel {
  readonly metadata: Readonly<Record<string, string>>;
}

/** IR version 8 (ONNX 1.10), which everything that is in use reads. */
const irVersion = 8;

export function encodeModel(model: EncodedModel): Uint8Array<ArrayBuffer> {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, "Tamis");
  pbf.writeMessage(7, encodeGraph, model);
  pbf.writeMessage(8, (opset: number, to: PbfWriter) => to.writeVarintField(2, opset), model.opset);
  for (const entry of Object.entries(model.metadata)) {
    pbf.writeMessage(
      14,
      ([key, value]: [string, string], to: PbfWriter) => {
        to.writeStringField(1, key);
        to.writeStringField(2, value);
      },
      entry,
    );
  }
  return pbf.finish().slice();
}

function encodeGraph({ nodes, constants, inputs, outputs }: OnnxModel, to: PbfWriter): void {
  for (const node of nodes) to.writeMessage(1, encodeNode, node);
  to.writeStringField(2, "tamis");
  for (const constant of constants) to.writeMessage(5, encodeTensor, constant);
  for (const input of inputs) to.writeMessage(11, encodeValue, input);
  for (const output of outputs) to.writeMessage(12, encodeValue, output);
}

function encodeNode({ type, name, inputs, outputs, attributes }: OnnxNode, to: PbfWriter): void {
  for (const input of inputs) to.writeStringField(1, input);
  for (const output of outputs) to.writeStringField(2, output);
  to.writeStringField(3, name);
  to.writeStringField(4, type);
  for (const attribute of attributes) to.writeMessage(5, encodeAttribute, attribute);
}

function encodeAttribute({ name, float, int, text, floats, ints }: OnnxAttribute, to: PbfWriter): void {
  to.writeStringField(1, name);
  if (float !== undefined) to.writeFloatField(2, float);
  if (int !== undefined) to.writeVarintField(3, int);
  if (text !== undefined) to.writeStringField(4, text);
  for (const value of floats ?? []) to.writeFloatField(7, value);
  for (const value of ints ?? []) to.writeVarintField(8, value);
  const type =
    float !== undefined
      ? "float"
      : int !== undefined
        ? "int"
        : text !== undefined
          ? "text"
          : floats
            ? "floats"
            : "ints";
  to.writeVarintField(20, attributeTypes[type]);
}

function encodeTensor({ name, shape, values }: OnnxTensor, to: PbfWriter): void {
  for (const size of shape) to.writeVarintField(1, size);
  const isFloat = values instanceof Float32Array;
  to.writeVarintField(2, isFloat ? dataTypes.float : dataTypes.int64);
  to.writeStringField(8, name);
  const numbers = isFloat ? values : BigInt64Array.from(values, BigInt);
  to.writeBytesField(9, new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
}

function encodeValue({ name, shape }: OnnxValue, to: PbfWriter): void {
  to.writeStringField(1, name);
  const dimension = (size: number | null, at: PbfWriter) =>
    size === null ? at.writeStringField(2, "N") : at.writeVarintField(1, size);
  const dimensions = (sizes: OnnxValue["shape"], at: PbfWriter) => {
    for (const size of sizes) at.writeMessage(1, dimension, size);
  };
  const tensorType = (sizes: OnnxValue["shape"], at: PbfWriter) => {
    at.writeVarintField(1, dataTypes.float);
    at.writeMessage(2, dimensions, sizes);
  };
  to.writeMessage(2, (sizes: OnnxValue["shape"], at: PbfWriter) => at.writeMessage(1, tensorType, sizes), shape);
}
