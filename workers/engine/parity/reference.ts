/** The reference cases that need tensors, through the code that training uses. */
import {
  type ReferenceArray,
  type ReferenceCase,
  type ReferenceValue,
  UnsupportedCaseError,
} from "../../../src/domain/parity/reference-case.ts";
import { type OpArray, runOperation } from "./ops.ts";
import { runTraining } from "./train.ts";

type Arrays = Readonly<Record<string, ReferenceArray>>;

/** @throws UnsupportedCaseError for another group */
export async function computeReference({
  group,
  op,
  attributes,
  inputs,
}: Pick<ReferenceCase, "group" | "op" | "attributes" | "inputs">): Promise<Arrays> {
  if (group === "train") return runTraining(attributes, inputs);
  if (group !== "ops") throw new UnsupportedCaseError(`The engine does not compute the group "${group}".`);
  const arrays = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, opArray(name, value)]));
  const outputs = await runOperation(op, attributes, arrays);
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, data }]) => [name, { kind: "array", shape, data }]),
  );
}

function opArray(name: string, value: ReferenceValue): OpArray {
  if (value.kind !== "array") throw new UnsupportedCaseError(`${name} is no array.`);
  const { shape, data } = value;
  return { shape, data: data instanceof Int32Array ? data : Float32Array.from(data) };
}
