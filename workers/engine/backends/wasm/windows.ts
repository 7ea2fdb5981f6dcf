import {
  AvgPoolGrad,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  MaxPool,
  MaxPoolGrad,
  backend_util,
  util,
  type AvgPoolGradAttrs,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { replaceKernel } from "./registry.ts";
import { floatWord, type KernelRunner } from "./runner.ts";

/** Partial sums of a depthwise gradient by filter: a matter of the shapes alone, so that any number of threads gives the same. */
const mostParts = 8;

type Shape4 = [number, number, number, number];

/** See `Windows` in workers/kernels/assembly/windows.ts. */
function words(
  info: backend_util.Conv2DInfo,
  addresses: { from: number; dy: number; to: number },
  multiplier: number,
  partBytes: number,
): number[] {
  return [
    ...[addresses.from, addresses.dy, addresses.to],
    ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels],
    ...[info.filterHeight, info.filterWidth, info.strideHeight, info.strideWidth],
    ...[info.padInfo.top, info.padInfo.left, info.outHeight, info.outWidth],
    ...[multiplier, partBytes],
  ];
}

function isDense(info: backend_util.Conv2DInfo): boolean {
  return info.dilationHeight === 1 && info.dilationWidth === 1 && info.dataFormat === "channelsLast";
}

/** Images are independent; small ones are not worth waking a thread. */
function windowParts(runner: KernelRunner, info: backend_util.Conv2DInfo): number {
  const taps = info.filterHeight * info.filterWidth;
  return runner.partsFor(2 * taps * util.sizeFromShape(info.outShape));
}

function registerPools(runner: KernelRunner): void {
  const partsOf = (info: backend_util.Conv2DInfo): number => windowParts(runner, info);
  const poolInfo = (shape: number[], attrs: unknown): backend_util.Conv2DInfo => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as AvgPoolGradAttrs & { dimRoundingMode?: "floor" };
    return backend_util.computePool2DInfo(shape as Shape4, filterSize, strides, 1, pad, dimRoundingMode);
  };
  replaceKernel(MaxPool, ({ inputs, attrs }, stock) => {
    const { x } = inputs as Record<"x", TensorInfo>;
    if (x.dtype !== "float32") return stock();
    const info = poolInfo(x.shape, attrs);
    const out = runner.backend.makeOutput(info.outShape, "float32");
    const addresses = { from: runner.address(x), dy: 0, to: runner.address(out) };
    runner.run("maxPool", words(info, addresses, 1, 0), partsOf(info));
    return out;
  });
  replaceKernel(MaxPoolGrad, ({ inputs, attrs }) => {
    const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
    const info = poolInfo(input.shape, attrs);
    const out = runner.backend.makeOutput(input.shape, "float32");
    const addresses = { from: runner.address(input), dy: runner.address(dy), to: runner.address(out) };
    runner.run("maxPoolGradient", words(info, addresses, 1, 0), partsOf(info));
    return out;
  });
  replaceKernel(AvgPoolGrad, ({ inputs, attrs }) => {
    const { dy, input } = inputs as Record<"dy" | "input", TensorInfo>;
    const info = poolInfo(input.shape, attrs);
    const out = runner.backend.makeOutput(input.shape, "float32");
    const addresses = { from: 0, dy: runner.address(dy), to: runner.address(out) };
    runner.run("averagePoolGradient", words(info, addresses, 1, 0), partsOf(info));
    return out;
  });
}

function registerDepthwise(runner: KernelRunner): void {
  const partsOf = (info: backend_util.Conv2DInfo): number => windowParts(runner, info);
  const depthwiseInfo = (
    inShape: number[],
    filterShape: number[],
    attrs: DepthwiseConv2dNativeBackpropInputAttrs | DepthwiseConv2dNativeBackpropFilterAttrs,
  ): backend_util.Conv2DInfo =>
    backend_util.computeConv2DInfo(
      inShape as Shape4,
      filterShape as Shape4,
      attrs.strides,
      attrs.dilations,
      attrs.pad,
      attrs.dimRoundingMode,
      true,
    );
  replaceKernel(DepthwiseConv2dNativeBackpropInput, ({ inputs, attrs }, stock) => {
    const { dy, filter } = inputs as Record<"dy" | "filter", TensorInfo>;
    const options = attrs as unknown as DepthwiseConv2dNativeBackpropInputAttrs;
    const info = depthwiseInfo(options.inputShape, filter.shape, options);
    if (!isDense(info)) return stock();
    const out = runner.backend.makeOutput(info.inShape, "float32");
    const addresses = { from: runner.address(filter), dy: runner.address(dy), to: runner.address(out) };
    runner.run("depthwiseInputGradient", words(info, addresses, filter.shape[3] ?? 1, 0), partsOf(info));
    return out;
  });
  replaceKernel(DepthwiseConv2dNativeBackpropFilter, ({ inputs, attrs }, stock) => {
    const { x, dy } = inputs as Record<"x" | "dy", TensorInfo>;
    const options = attrs as unknown as DepthwiseConv2dNativeBackpropFilterAttrs;
    const info = depthwiseInfo(x.shape, options.filterShape, options);
    if (!isDense(info)) return stock();
    const out = runner.backend.makeOutput(options.filterShape, "float32");
    const size = util.sizeFromShape(options.filterShape);
    const address = runner.address(out);
    const parts = Math.min(mostParts, info.batchSize);
    const slices = parts > 1 ? runner.scratch(size * 4 * parts) : address;
    const addresses = { from: runner.address(x), dy: runner.address(dy), to: slices };
    runner.run("depthwiseFilterGradient", words(info, addresses, options.filterShape[3] ?? 1, size * 4), parts);
    if (parts > 1) {
      const range = [floatWord(-Infinity), floatWord(Infinity)];
      const sum = [slices, size * 4, parts, address, 1, size, 0, ...range];
      runner.run("sumSlices", sum, 1);
    }
    return out;
  });
}

/** Registers max-pooling, the pooling gradients as Keras defines them, and both depthwise convolution gradients. */
export function registerWindows(runner: KernelRunner): void {
  registerPools(runner);
  registerDepthwise(runner);
}
