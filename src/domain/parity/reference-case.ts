/** A reference case: what Keras and its like really give for given inputs (format: see docs of the reference data; `case.json` and raw files). */

/** Numbers with a shape, row-major. */
export interface ReferenceArray {
  readonly kind: "array";
  readonly shape: readonly number[];
  readonly data: Uint8Array | Int32Array | Float32Array | Float64Array;
}

/** Any JSON: numbers, strings, booleans, null (undefined, and to be answered by null), lists and objects of them. */
export interface ReferenceJson {
  readonly kind: "json";
  readonly value: unknown;
}

export type ReferenceValue = ReferenceArray | ReferenceJson;

/** |actual − expected| ≤ absolute + relative · |expected| */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** Only these slices along an axis of a tensor of `fullShape` are stored. */
export interface Slices {
  readonly axis: number;
  readonly indices: readonly number[];
  readonly fullShape: readonly number[];
}

export interface ExpectedOutput {
  readonly value: ReferenceValue;
  readonly tolerance: Tolerance;
  /** Null where the whole tensor is stored. */
  readonly take: Slices | null;
}

export interface ReferenceCase {
  readonly name: string;
  readonly group: string;
  /** Of the group `ops`: the operation; empty in the others. */
  readonly op: string;
  /** What to compute, in words that depend on the group. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, ReferenceValue>>;
  readonly outputs: Readonly<Record<string, ExpectedOutput>>;
}

/** The case asks for something that Tamis does not compute, or not yet: never a pass. */
export class UnsupportedCaseError extends Error {
  override readonly name = "UnsupportedCaseError";
}

/** Fields of an input or output; any other would change its meaning. */
const knownFields = new Set(["file", "dtype", "shape", "value", "tolerance", "float32_error", "take"]);

/**
 * @param json of `case.json`
 * @param readFile reads a file named in it, relative to its folder
 * @throws UnsupportedCaseError where an array has a form that is not known here; Error where the case contradicts itself
 */
export async function readReferenceCase(
  json: unknown,
  readFile: (path: string) => Promise<ArrayBuffer>,
): Promise<ReferenceCase> {
  const top = objectOf(json, "case.json");
  const name = textOf(top.name, "name");
  const overall = toleranceOf(top.tolerance, null);
  const inputs: Record<string, ReferenceValue> = {};
  for (const [key, entry] of Object.entries(objectOf(top.inputs, "inputs"))) {
    inputs[key] = await readValue(objectOf(entry, key), key, readFile);
  }
  const outputs: Record<string, ExpectedOutput> = {};
  for (const [key, entry] of Object.entries(objectOf(top.outputs, "outputs"))) {
    const fields = objectOf(entry, key);
    const tolerance = toleranceOf(fields.tolerance, overall);
    if (!tolerance) throw new Error(`${name}: output ${key} has no tolerance.`);
    const take = fields.take === undefined ? null : slicesOf(objectOf(fields.take, `${key}.take`), key);
    outputs[key] = { value: await readValue(fields, key, readFile), tolerance, take };
  }
  return {
    name,
    group: textOf(top.group, "group"),
    op: top.op === undefined ? "" : textOf(top.op, "op"),
    attributes: objectOf(top.attributes, "attributes"),
    inputs,
    outputs,
  };
}

async function readValue(
  fields: Readonly<Record<string, unknown>>,
  key: string,
  readFile: (path: string) => Promise<ArrayBuffer>,
): Promise<ReferenceValue> {
  const unknownField = Object.keys(fields).find((field) => !knownFields.has(field));
  if (unknownField) throw new UnsupportedCaseError(`${key} has a field "${unknownField}", which is not read yet.`);
  if ("value" in fields) return { kind: "json", value: fields.value };
  const shape = shapeOf(fields.shape, key);
  const data = numbersOf(await readFile(textOf(fields.file, `${key}.file`)), fields.dtype, key);
  const length = shape.reduce((product, side) => product * side, 1);
  if (data.length !== length) throw new Error(`${key} holds ${data.length} numbers, its shape says ${length}.`);
  return { kind: "array", shape, data };
}

function slicesOf(fields: Readonly<Record<string, unknown>>, key: string): Slices {
  const { axis, indices } = fields;
  const fullShape = shapeOf(fields.full_shape, `${key}.take`);
  if (typeof axis !== "number" || !(axis in fullShape) || !Array.isArray(indices)) {
    throw new UnsupportedCaseError(`${key} takes slices in a way that is not read.`);
  }
  return { axis, indices: indices as number[], fullShape };
}

/**
 * The slices that a case has stored of a tensor.
 * @throws RangeError where the tensor has another shape than they were taken of
 */
export function takeSlices({ shape, data }: ReferenceArray, { axis, indices, fullShape }: Slices): ReferenceArray {
  if (shape.join() !== fullShape.join())
    throw new RangeError(`shape [${shape.join()}] instead of [${fullShape.join()}]`);
  const product = (sides: readonly number[]) => sides.reduce((all, side) => all * side, 1);
  const inner = product(shape.slice(axis + 1));
  const outer = product(shape.slice(0, axis));
  const taken = new Float32Array(outer * indices.length * inner);
  let place = 0;
  for (let o = 0; o < outer; o++) {
    for (const index of indices) {
      const begin = (o * shape[axis]! + index) * inner;
      taken.set(data.subarray(begin, begin + inner), place);
      place += inner;
    }
  }
  return { kind: "array", shape: shape.map((side, i) => (i === axis ? indices.length : side)), data: taken };
}

function shapeOf(value: unknown, key: string): readonly number[] {
  const isShape = Array.isArray(value) && value.every((side) => Number.isInteger(side) && side >= 0);
  if (!isShape) throw new Error(`${key} has no shape.`);
  return value as number[];
}

/** Every device that browsers run on is little-endian, like the files. */
function numbersOf(bytes: ArrayBuffer, dtype: unknown, key: string): ReferenceArray["data"] {
  switch (dtype) {
    case "uint8":
      return new Uint8Array(bytes);
    case "int32":
      return new Int32Array(bytes);
    case "float32":
      return new Float32Array(bytes);
    case "float64":
      return new Float64Array(bytes);
    default:
      throw new UnsupportedCaseError(`${key} has the type ${String(dtype)}, which is not read yet.`);
  }
}

function toleranceOf(value: unknown, otherwise: Tolerance | null): Tolerance | null {
  if (value === undefined) return otherwise;
  const { absolute, relative } = objectOf(value, "tolerance");
  if (typeof absolute !== "number" || typeof relative !== "number") throw new Error("A tolerance lacks a number.");
  return { absolute, relative };
}

function objectOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${what} is not an object.`);
  return value as Readonly<Record<string, unknown>>;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string") throw new Error(`${what} is not a string.`);
  return value;
}
