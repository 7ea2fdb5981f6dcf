import {
  getKernel,
  registerKernel,
  unregisterKernel,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import type { CustomKernel } from "../custom-kernels.ts";

export interface KernelCall {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs: NamedAttrMap;
}

/** Computes a kernel, or returns what `stock` (tfjs' own kernel, if it has one) computes for the same call, or for other inputs. */
export type Replacement = (call: KernelCall, stock: (inputs?: NamedTensorInfoMap) => TensorInfo) => TensorInfo;

/** tfjs' own kernels that were replaced, so that starting the backend again does not take a replacement for stock. */
const stockKernels = new Map<string, NonNullable<ReturnType<typeof getKernel>> | undefined>();

/** Registers a kernel on tfjs' WASM backend in place of its own, or where it has none. */
export function replaceKernel(kernelName: string, replacement: Replacement): void {
  if (!stockKernels.has(kernelName)) stockKernels.set(kernelName, getKernel(kernelName, "wasm") ?? undefined);
  const stock = stockKernels.get(kernelName);
  if (getKernel(kernelName, "wasm") !== undefined) unregisterKernel(kernelName, "wasm");
  const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) =>
    replacement({ inputs, attrs: attrs ?? {} }, (others = inputs) => {
      if (stock === undefined) throw new Error(`${kernelName}: this case has no kernel on the WASM backend`);
      return stock.kernelFunc({ inputs: others, attrs: attrs ?? {}, backend }) as TensorInfo;
    });
  registerKernel({
    kernelName,
    backendName: "wasm",
    kernelFunc,
    ...(stock?.setupFunc ? { setupFunc: stock.setupFunc } : {}),
    ...(stock?.disposeFunc ? { disposeFunc: stock.disposeFunc } : {}),
  });
}

/** Registers a kernel that tfjs has no name for on its WASM backend. */
export function registerOwnKernel(
  kernelName: CustomKernel,
  compute: (inputs: NamedTensorInfoMap, attrs: NamedAttrMap) => TensorInfo[],
): void {
  if (getKernel(kernelName, "wasm") !== undefined) unregisterKernel(kernelName, "wasm");
  registerKernel({ kernelName, backendName: "wasm", kernelFunc: ({ inputs, attrs }) => compute(inputs, attrs ?? {}) });
}
