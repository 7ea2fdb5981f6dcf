/** Passes over a tensor seen as rows × columns, one column a channel. */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { util, type TensorInfo } from "@tensorflow/tfjs-core";
import type { ActivationGradientAttrs } from "../custom-kernels.ts";
import { floats, integers, runFlat } from "./programs.ts";

/** So many invocations keep a GPU busy; rows are cut into slices until there are as many. */
const wantedInvocations = 16_384;
/** Rows that a slice has at least. */
const fewestRows = 64;
/** Shaders need not know infinity. */
const largest = 3.4028234e38;

function sumOfSlices(backend: WebGPUBackend, x: TensorInfo, rows: number, columns: number, slices: number): TensorInfo {
  const each = Math.ceil(rows / slices);
  return runFlat(
    backend,
    {
      key: "tamisColumnSums",
      outputShape: [slices, columns],
      inputs: ["values"],
      uniforms: integers({ rows, columns, each }),
      code: `
        let column = index % uniforms.columns;
        let begin = index / uniforms.columns * uniforms.each;
        let end = min(begin + uniforms.each, uniforms.rows);
        var sum = 0.0;
        for (var row = begin; row < end; row++) { sum += values[row * uniforms.columns + column]; }
        result[index] = sum;`,
    },
    [x],
  );
}

/**
 * The sum over the rows of each column. tfjs' own turns the tensor over first, which takes as much memory again.
 * @param x holds rows · columns numbers
 * @returns [columns]
 */
export function columnSums(backend: WebGPUBackend, x: TensorInfo, rows: number, columns: number): TensorInfo {
  const slices = Math.max(1, Math.min(Math.ceil(wantedInvocations / columns), Math.floor(rows / fewestRows)));
  const partial = sumOfSlices(backend, x, rows, columns, slices);
  if (slices === 1) return { ...partial, shape: [columns] };
  const total = sumOfSlices(backend, partial, slices, columns, 1);
  backend.disposeData(partial.dataId);
  return { ...total, shape: [columns] };
}

/** [dx, its sums over all but the last axis, if wanted]: dx = dy where low < y < high, else 0. */
export function activationGradient(
  backend: WebGPUBackend,
  { dy, y }: { readonly dy: TensorInfo; readonly y: TensorInfo },
  { low, high, sums }: ActivationGradientAttrs,
): TensorInfo[] {
  const bounded = (value: number) => Math.max(-largest, Math.min(largest, value));
  const dx = runFlat(
    backend,
    {
      key: "tamisActivationGradient",
      outputShape: dy.shape,
      inputs: ["dy", "y"],
      uniforms: floats({ low: bounded(low), high: bounded(high) }),
      code: "result[index] = select(0.0, dy[index], y[index] > uniforms.low && y[index] < uniforms.high);",
    },
    [dy, y],
  );
  if (!sums) return [dx];
  const columns = dy.shape[dy.shape.length - 1] ?? 1;
  return [dx, columnSums(backend, dx, util.sizeFromShape(dy.shape) / columns, columns)];
}
