import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import {
  AvgPoolGrad,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  MaxPoolGrad,
  backend_util,
  getKernel,
  registerKernel,
  unregisterKernel,
  type AvgPoolGradAttrs,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropInputAttrs,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { customKernels, type ActivationGradientAttrs } from "../custom-kernels.ts";
import { activationGradient } from "./channels.ts";
import { filterGradient } from "./filter-gradient.ts";
import { inputGradient } from "./input-gradient.ts";
import { averagePoolGradient, maxPoolGradient } from "./pooling.ts";

type Shape4 = [number, number, number, number];
type Compute = (backend: WebGPUBackend, inputs: NamedTensorInfoMap, attrs: NamedAttrMap) => TensorInfo | TensorInfo[];

function replace(kernelName: string, compute: Compute): void {
  if (getKernel(kernelName, "webgpu") !== undefined) unregisterKernel(kernelName, "webgpu");
  const kernelFunc: KernelFunc = ({ inputs, attrs, backend }) => compute(backend as WebGPUBackend, inputs, attrs ?? {});
  registerKernel({ kernelName, backendName: "webgpu", kernelFunc });
}

function poolInfo(x: TensorInfo, attrs: NamedAttrMap): backend_util.Conv2DInfo {
  const { filterSize, strides, pad } = attrs as unknown as AvgPoolGradAttrs;
  return backend_util.computePool2DInfo(x.shape as Shape4, filterSize, strides, 1, pad);
}

function convolutionInfo(
  inShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat, dimRoundingMode }: Omit<Conv2DBackpropFilterAttrs, "filterShape">,
): backend_util.Conv2DInfo {
  if (dataFormat === "NCHW") throw new Error("gradients of convolutions know NHWC only");
  const shapes = [inShape as Shape4, filterShape as Shape4] as const;
  return backend_util.computeConv2DInfo(...shapes, strides, 1, pad, dimRoundingMode, false);
}

/** Registers what tfjs' WebGPU backend does slowly, or not as Keras does. */
export function registerWebGpuKernels(): void {
  replace(MaxPoolGrad, (backend, inputs, attrs) => {
    const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
    return maxPoolGradient(backend, input, dy, poolInfo(input, attrs));
  });
  replace(AvgPoolGrad, (backend, inputs, attrs) => {
    const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
    return averagePoolGradient(backend, dy, poolInfo(input, attrs));
  });
  replace(Conv2DBackpropFilter, (backend, inputs, attrs) => {
    const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
    const options = attrs as unknown as Conv2DBackpropFilterAttrs;
    return filterGradient(backend, x, dy, convolutionInfo(x.shape, options.filterShape, options));
  });
  replace(Conv2DBackpropInput, (backend, inputs, attrs) => {
    const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
    const options = attrs as unknown as Conv2DBackpropInputAttrs;
    return inputGradient(backend, dy, filter, convolutionInfo(options.inputShape, filter.shape, options));
  });
  replace(customKernels.activationGradient, (backend, inputs, attrs) =>
    activationGradient(backend, inputs as Record<"dy" | "y", TensorInfo>, attrs as unknown as ActivationGradientAttrs),
  );
}
