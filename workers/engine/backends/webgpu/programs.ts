import { webgpu_util, type WebGPUBackend, type WebGPUProgram } from "@tensorflow/tfjs-backend-webgpu";
import type { TensorInfo } from "@tensorflow/tfjs-core";

/** A number that a program reads as `uniforms.<name>`. */
export interface Uniform {
  readonly name: string;
  readonly type: "int32" | "float32";
  readonly value: number;
}

/** Whole numbers by name, as `i32`. */
export function integers(values: Readonly<Record<string, number>>): Uniform[] {
  return Object.entries(values).map(([name, value]) => ({ name, type: "int32", value }));
}

/** Numbers by name, as `f32`. */
export function floats(values: Readonly<Record<string, number>>): Uniform[] {
  return Object.entries(values).map(([name, value]) => ({ name, type: "float32", value }));
}

interface Shader {
  /** Names the code: two programs of the same key have the same code. */
  readonly key: string;
  readonly outputShape: readonly number[];
  /** Names under which the code reads its inputs, flat. */
  readonly inputs: readonly string[];
  readonly uniforms: readonly Uniform[];
  readonly code: string;
}

function declare(uniforms: readonly Uniform[]): string {
  return uniforms.map(({ name, type }) => `${name} : ${type === "int32" ? "i32" : "f32"}, `).join("");
}

const flatWorkgroup: [number, number, number] = [64, 1, 1];

/**
 * Runs one invocation for each value of the output. The code is the body of a function that knows `index`, its inputs and `uniforms`, and
 * reads and writes `result[index]`.
 * @param target written in place where given; else a new tensor is made
 */
export function runFlat(
  backend: WebGPUBackend,
  shader: Shader,
  inputs: readonly TensorInfo[],
  target?: TensorInfo,
): TensorInfo {
  const outputShape = [...shader.outputShape];
  const dispatchLayout = webgpu_util.flatDispatchLayout(outputShape);
  const program: WebGPUProgram = {
    shaderKey: shader.key,
    outputShape,
    variableNames: [...shader.inputs],
    uniforms: declare(shader.uniforms),
    workgroupSize: flatWorkgroup,
    dispatchLayout,
    dispatch: webgpu_util.computeDispatch(dispatchLayout, outputShape, flatWorkgroup),
    size: true,
    getUserCode: () => `fn main(index : i32) { if (index >= uniforms.size) { return; } ${shader.code} }`,
  };
  return run(backend, program, shader.uniforms, inputs, target);
}

export interface Workgroups {
  readonly size: readonly [number, number, number];
  readonly count: readonly [number, number, number];
}

/**
 * Runs workgroups as given; the code declares `main` and writes `result` itself.
 * @param target written in place where given; else a new tensor is made
 */
export function runWorkgroups(
  backend: WebGPUBackend,
  shader: Shader,
  workgroups: Workgroups,
  inputs: readonly TensorInfo[],
  target?: TensorInfo,
): TensorInfo {
  const program: WebGPUProgram = {
    shaderKey: shader.key,
    outputShape: [...shader.outputShape],
    variableNames: [...shader.inputs],
    uniforms: declare(shader.uniforms),
    workgroupSize: [...workgroups.size],
    dispatchLayout: { x: [2], y: [1], z: [0] },
    dispatch: [...workgroups.count],
    getUserCode: () => shader.code,
  };
  return run(backend, program, shader.uniforms, inputs, target);
}

function run(
  backend: WebGPUBackend,
  program: WebGPUProgram,
  uniforms: readonly Uniform[],
  inputs: readonly TensorInfo[],
  target?: TensorInfo,
): TensorInfo {
  const data = uniforms.map(({ type, value }) => ({ type, data: [value] }));
  return backend.runWebGPUProgram(program, [...inputs], "float32", data, target);
}
