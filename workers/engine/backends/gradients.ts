import {
  Relu,
  Relu6,
  cast,
  engine,
  getBackend,
  getKernel,
  greater,
  less,
  logicalAnd,
  mul,
  registerGradient,
  sum,
  unregisterGradient,
  type NamedTensorMap,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { customKernels, type ClampRange, type CustomKernel } from "./custom-kernels.ts";

/** Runs a kernel that only some backends have. */
export function runCustom(name: CustomKernel, inputs: NamedTensorMap, attrs: object): Tensor[] {
  return engine().runKernel(name, inputs, { ...attrs }) as unknown as Tensor[];
}

/** Whether the current backend has a kernel. */
export function hasCustom(name: CustomKernel): boolean {
  return getKernel(name, getBackend()) !== undefined;
}

/**
 * The gradient of clamp(x, low, high), from its output y: dy where low < y < high, else 0 (as Keras has it: relu'(0) = relu6'(6) = 0).
 * @param wantsSums whether its sums over all but the last axis, a bias' gradient, are wanted too
 */
export function activationGradient(dy: Tensor, y: Tensor, range: ClampRange, wantsSums: boolean): [Tensor, Tensor?] {
  const name = customKernels.activationGradient;
  if (hasCustom(name)) return runCustom(name, { dy, y }, { ...range, sums: wantsSums }) as [Tensor, Tensor?];
  const isLinear = range.low === -Infinity && range.high === Infinity;
  const passes =
    range.high === Infinity ? greater(y, range.low) : logicalAnd(greater(y, range.low), less(y, range.high));
  const dx = isLinear ? dy : mul(dy, cast(passes, "float32"));
  if (!wantsSums) return [dx];
  return [dx, sum(dx.reshape([-1, dx.shape[dx.rank - 1] ?? 1]), 0)];
}

/** Replaces tfjs' gradients of relu and relu6: one pass, and Keras' values at 0 and 6. */
export function registerKerasGradients(): void {
  for (const [kernelName, high] of [
    [Relu, Infinity],
    [Relu6, 6],
  ] as const) {
    unregisterGradient(kernelName);
    registerGradient({
      kernelName,
      outputsToSave: [true],
      gradFunc: (dy, saved) => {
        const [y] = saved as [Tensor];
        return { x: () => activationGradient(dy as Tensor, y, { low: 0, high }, false)[0] };
      },
    });
  }
}
