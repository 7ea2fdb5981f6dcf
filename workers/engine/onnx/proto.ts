/**
 * The part of ONNX' protocol buffers that classifiers of images need. Field numbers as in onnx/onnx.proto (IR version 3 and later); decoding by
 * pbf, which generates no code.
 */
import { PbfReader } from "pbf";

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export interface OnnxAttribute {
  readonly name: string;
  readonly float?: number;
  readonly int?: number;
  readonly text?: string;
  readonly tensor?: OnnxTensor;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  /** It holds what Tamis does not read, such as a graph of its own. */
  readonly isOther?: boolean;
}

export interface OnnxNode {
  readonly type: string;
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

/** An input or output; null in its shape where any size will do. */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly isFloat: boolean;
}

export interface OnnxModel {
  readonly opset: number;
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** `TensorProto.DataType` */
export const dataTypes = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10, double: 11 } as const;

/** Each field by its number: what to do with the reader when it stands there. */
type Fields = Readonly<Record<number, (reader: PbfReader) => void>>;

function read(reader: PbfReader, fields: Fields, end?: number): void {
  reader.readFields((tag, _result, at) => fields[tag]?.(at), null, end);
}

function readNested(reader: PbfReader, fields: Fields): void {
  const end = reader.readVarint() + reader.pos;
  read(reader, fields, end);
  reader.pos = end;
}

/** @throws Error where the bytes are no ONNX model, or hold what Tamis does not read */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const model = { opset: 0, nodes: [], constants: [], inputs: [], outputs: [] } as {
    opset: number;
    nodes: OnnxNode[];
    constants: OnnxTensor[];
    inputs: OnnxValue[];
    outputs: OnnxValue[];
  };
  read(new PbfReader(bytes), {
    7: (graph) =>
      readNested(graph, {
        1: (at) => model.nodes.push(decodeNode(at)),
        5: (at) => model.constants.push(decodeTensor(at)),
        11: (at) => model.inputs.push(decodeValue(at)),
        12: (at) => model.outputs.push(decodeValue(at)),
      }),
    8: (at) => {
      let domain = "";
      let version = 0;
      readNested(at, { 1: (it) => (domain = it.readString()), 2: (it) => (version = it.readVarint(true)) });
      if (domain === "" || domain === "ai.onnx") model.opset = version;
    },
  });
  if (model.nodes.length === 0) throw new Error("it holds no network");
  const constants = new Set(model.constants.map(({ name }) => name));
  // Before IR version 4 the constants stood among the inputs too.
  return { ...model, inputs: model.inputs.filter(({ name }) => !constants.has(name)) };
}

function decodeNode(reader: PbfReader): OnnxNode {
  const node = {
    type: "",
    name: "",
    domain: "",
    inputs: [] as string[],
    outputs: [] as string[],
    attributes: [] as OnnxAttribute[],
  };
  readNested(reader, {
    1: (at) => node.inputs.push(at.readString()),
    2: (at) => node.outputs.push(at.readString()),
    3: (at) => (node.name = at.readString()),
    4: (at) => (node.type = at.readString()),
    5: (at) => node.attributes.push(decodeAttribute(at)),
    7: (at) => (node.domain = at.readString()),
  });
  return node;
}

function decodeAttribute(reader: PbfReader): OnnxAttribute {
  const floats: number[] = [];
  const ints: number[] = [];
  const attribute: { -readonly [K in keyof OnnxAttribute]: OnnxAttribute[K] } = { name: "" };
  readNested(reader, {
    1: (at) => (attribute.name = at.readString()),
    2: (at) => (attribute.float = at.readFloat()),
    3: (at) => (attribute.int = at.readVarint(true)),
    4: (at) => (attribute.text = at.readString()),
    5: (at) => (attribute.tensor = decodeTensor(at)),
    6: () => (attribute.isOther = true),
    7: (at) => void at.readPackedFloat(floats),
    8: (at) => void at.readPackedVarint(ints, true),
    11: () => (attribute.isOther = true),
  });
  if (floats.length > 0) attribute.floats = floats;
  if (ints.length > 0) attribute.ints = ints;
  return attribute;
}

function decodeTensor(reader: PbfReader): OnnxTensor {
  const shape: number[] = [];
  const numbers: number[] = [];
  let type = 0;
  let name = "";
  let raw: Uint8Array | null = null;
  let isOutside = false;
  readNested(reader, {
    1: (at) => void at.readPackedVarint(shape, true),
    2: (at) => (type = at.readVarint()),
    4: (at) => void at.readPackedFloat(numbers),
    5: (at) => void at.readPackedVarint(numbers, true),
    7: (at) => void at.readPackedVarint(numbers, true),
    8: (at) => (name = at.readString()),
    9: (at) => (raw = at.readBytes()),
    10: (at) => void at.readPackedDouble(numbers),
    14: (at) => (isOutside = at.readVarint() === 1),
  });
  if (isOutside) throw new Error(`the weights of “${name}” lie in another file; save the model as one file`);
  const size = shape.reduce((product, n) => product * n, 1);
  const values = raw === null ? typed(type, numbers, name) : fromRaw(type, raw, name);
  if (values.length !== size) throw new Error(`“${name}” has ${values.length} numbers, and its shape asks for ${size}`);
  return { name, shape, values };
}

function isInteger(type: number): boolean {
  return ([dataTypes.int32, dataTypes.int64, dataTypes.bool, dataTypes.uint8, dataTypes.int8] as number[]).includes(
    type,
  );
}

function typed(type: number, numbers: readonly number[], name: string): Float32Array | Int32Array {
  if (isInteger(type)) return Int32Array.from(numbers, clampedInteger);
  if (type === dataTypes.float || type === dataTypes.double) return Float32Array.from(numbers);
  throw new Error(`“${name}” is of a type that Tamis does not read (${type})`);
}

/** “To the end” is written as the largest of 64 bits. */
function clampedInteger(value: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));
}

function fromRaw(type: number, raw: Uint8Array, name: string): Float32Array | Int32Array {
  // Raw data need not be aligned.
  const { buffer } = raw.slice();
  switch (type) {
    case dataTypes.float:
      return new Float32Array(buffer);
    case dataTypes.double:
      return Float32Array.from(new Float64Array(buffer));
    case dataTypes.float16:
      return Float32Array.from(new Uint16Array(buffer), halfToFloat);
    case dataTypes.int32:
      return new Int32Array(buffer);
    case dataTypes.int64:
      return Int32Array.from(new BigInt64Array(buffer), (value) => clampedInteger(Number(value)));
    case dataTypes.bool:
    case dataTypes.uint8:
      return Int32Array.from(new Uint8Array(buffer));
    case dataTypes.int8:
      return Int32Array.from(new Int8Array(buffer));
    default:
      throw new Error(`“${name}” is of a type that Tamis does not read (${type})`);
  }
}

/** IEEE 754 binary16. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function decodeValue(reader: PbfReader): OnnxValue {
  const shape: (number | null)[] = [];
  let name = "";
  let type = 0;
  readNested(reader, {
    1: (at) => (name = at.readString()),
    2: (typeProto) =>
      readNested(typeProto, {
        1: (tensorType) =>
          readNested(tensorType, {
            1: (at) => (type = at.readVarint()),
            2: (shapeProto) => readNested(shapeProto, { 1: (dim) => shape.push(decodeDimension(dim)) }),
          }),
      }),
  });
  return { name, shape, isFloat: type === dataTypes.float };
}

function decodeDimension(reader: PbfReader): number | null {
  let size: number | null = null;
  readNested(reader, { 1: (at) => (size = at.readVarint(true)) });
  return size !== null && size > 0 ? size : null;
}
