import {
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  FusedConv2D,
  backend_util,
  util,
  type Conv2DAttrs,
  type FusedConv2DAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { clampRange } from "../custom-kernels.ts";
import { replaceKernel } from "./registry.ts";
import {
  blockOf,
  paddedStride,
  panelBytes,
  tileBytes,
  windowBudget,
  words,
  type ConvolutionInfo,
  type Job,
} from "./convolution-job.ts";
import { inputGradient } from "./input-gradient.ts";
import { floatWord, wholeLines, type KernelRunner } from "./runner.ts";
import { paysWinograd, winogradConvolve, winogradFilterGradient, type WinogradJob } from "./winograd.ts";

type Shape4 = [number, number, number, number];

/** Partial sums of a gradient by filter: at most so many, and so many bytes of them. */
const mostParts = 8;
const partBudget = 32 * 1024 * 1024;

/** Convolves with a filter stored [depth × outChannels] (or, transposed, [outChannels × depth]) at `filter`. */
function convolve(
  runner: KernelRunner,
  job: Omit<Job, "other">,
  filter: number,
  filterRow: number,
  transposed: boolean,
): void {
  const depth = job.filterHeight * job.filterWidth * job.channels;
  const packedBytes = wholeLines(Math.ceil(job.outChannels / 8) * depth * panelBytes);
  const windowStride = paddedStride(depth);
  const block = blockOf(windowStride);
  const perThread = wholeLines(tileBytes + block * windowStride + block * job.outChannels * 4 + 256);
  const packed = runner.scratch(packedBytes + perThread * runner.threads);
  runner.run("pack", [filter, filterRow, transposed ? 1 : 0, depth, job.outChannels, packed, depth * panelBytes], 1);
  runner.run(
    "convolve",
    words({ ...job, other: packed }, packed + packedBytes, perThread, block, windowStride),
    runner.partsFor(job.batch * job.gridHeight * job.gridWidth * depth * job.outChannels),
  );
}

function forward(
  runner: KernelRunner,
  x: TensorInfo,
  filter: TensorInfo,
  info: ConvolutionInfo,
  epilogue: { bias: TensorInfo | undefined; low: number; high: number },
): TensorInfo {
  const out = runner.backend.makeOutput(info.outShape, "float32");
  if (util.sizeFromShape(info.outShape) === 0) return out;
  const pixel = info.outChannels * 4;
  if (paysWinograd(runner, info, info.inChannels, info.outChannels, info.outHeight, info.outWidth)) {
    const target = { filter, to: runner.address(out), low: epilogue.low, high: epilogue.high };
    const bias = epilogue.bias === undefined ? 0 : runner.address(epilogue.bias);
    winogradConvolve(runner, winogradJob(info, runner.address(x)), { ...target, bias, turned: false });
    return out;
  }
  convolve(
    runner,
    {
      ...windowsOf(info, runner.address(x)),
      outChannels: info.outChannels,
      to: runner.address(out),
      toImage: info.outHeight * info.outWidth * pixel,
      toRow: info.outWidth * pixel,
      toPixel: pixel,
      bias: epilogue.bias === undefined ? 0 : runner.address(epilogue.bias),
      low: epilogue.low,
      high: epilogue.high,
    },
    runner.address(filter),
    pixel,
    false,
  );
  return out;
}

/** Where the windows of the filter lie on x, for the forward pass and the gradient by filter. */
function windowsOf(info: ConvolutionInfo, from: number) {
  return {
    ...{ from, batch: info.batchSize, height: info.inHeight, width: info.inWidth, channels: info.inChannels },
    ...{ filterHeight: info.filterHeight, filterWidth: info.filterWidth },
    ...{ strideY: info.strideHeight, strideX: info.strideWidth },
    ...{ padTop: info.padInfo.top, padLeft: info.padInfo.left },
    ...{ gridHeight: info.outHeight, gridWidth: info.outWidth },
  };
}

/** The forward pass, or the gradient by filter, as Winograd's. */
function winogradJob(info: ConvolutionInfo, from: number): WinogradJob {
  return {
    ...{ from, batch: info.batchSize, height: info.inHeight, width: info.inWidth, channels: info.inChannels },
    ...{ padTop: info.padInfo.top, padLeft: info.padInfo.left },
    ...{ outHeight: info.outHeight, outWidth: info.outWidth, outChannels: info.outChannels },
  };
}

/** dfilter[tap, c, o] = Σ windows(x)[tap, c] · dy[o] over all pixels of dy. */
function filterGradient(runner: KernelRunner, x: TensorInfo, dy: TensorInfo, info: ConvolutionInfo): TensorInfo {
  const { threads } = runner;
  const out = runner.backend.makeOutput(info.filterShape, "float32");
  const size = util.sizeFromShape(info.filterShape);
  if (size === 0) return out;
  if (paysWinograd(runner, info, info.inChannels, info.outChannels, info.outHeight, info.outWidth)) {
    winogradFilterGradient(runner, winogradJob(info, runner.address(x)), runner.address(dy), runner.address(out));
    return out;
  }
  const depth = info.filterHeight * info.filterWidth * info.inChannels;
  const windowStride = paddedStride(depth + 6);
  const block = Math.max(16, Math.min(128, Math.floor(windowBudget / windowStride)));
  const packedBytes = wholeLines(Math.ceil(info.outChannels / 8) * block * panelBytes);
  const perThread = wholeLines(tileBytes + packedBytes + block * windowStride + 256);
  const partBytes = size * 4;
  // The parts depend on the shapes alone, so that the sum is the same on any number of threads.
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  const parts = Math.max(1, Math.min(mostParts, Math.floor(pixels / (2 * block)), Math.floor(partBudget / partBytes)));
  const scratch = runner.scratch(perThread * threads + (parts > 1 ? partBytes * parts : 0));
  const address = runner.address(out);
  const slices = parts > 1 ? scratch + perThread * threads : address;
  runner.run(
    "filterGradient",
    words(
      {
        ...windowsOf(info, runner.address(x)),
        other: runner.address(dy),
        outChannels: info.outChannels,
        to: slices,
        toImage: partBytes,
        toRow: 0,
        toPixel: 0,
        bias: 0,
        low: -Infinity,
        high: Infinity,
      },
      scratch,
      perThread,
      block,
      windowStride,
    ),
    parts,
  );
  if (parts > 1) {
    const range = [floatWord(-Infinity), floatWord(Infinity)];
    const sum = [slices, partBytes, parts, address, depth, info.outChannels, 0, ...range];
    runner.run("sumSlices", sum, runner.partsFor(size * parts));
  }
  return out;
}

/** What of tfjs' convolution attributes the kernels can do: NHWC, dilation 1. */
function infoOf(inShape: number[], filterShape: number[], attrs: Conv2DAttrs): ConvolutionInfo | undefined {
  const format = backend_util.convertConv2DDataFormat(attrs.dataFormat);
  const info = backend_util.computeConv2DInfo(
    inShape as Shape4,
    filterShape as Shape4,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    false,
    format,
  );
  const plain = info.dataFormat === "channelsLast" && info.dilationHeight === 1 && info.dilationWidth === 1;
  return plain ? info : undefined;
}

function tensors(inputs: unknown): Record<"x" | "dy" | "filter", TensorInfo> {
  return inputs as Record<"x" | "dy" | "filter", TensorInfo>;
}

/** Registers the 2D convolution, its fused form and both of its gradients. */
export function registerConvolutions(runner: KernelRunner): void {
  replaceKernel(Conv2D, ({ inputs, attrs }, stock) => {
    const { x, filter } = tensors(inputs);
    const info = infoOf(x.shape, filter.shape, attrs as unknown as Conv2DAttrs);
    if (info === undefined) return stock();
    return forward(runner, x, filter, info, { bias: undefined, low: -Infinity, high: Infinity });
  });
  replaceKernel(FusedConv2D, ({ inputs, attrs }, stock) => {
    const { x, filter } = tensors(inputs);
    const { bias, preluActivationWeights } = inputs as Record<string, TensorInfo | undefined>;
    const options = attrs as unknown as FusedConv2DAttrs;
    const info = infoOf(x.shape, filter.shape, options);
    const range = clampRange(options.activation);
    if (info === undefined || range === undefined || preluActivationWeights !== undefined) return stock();
    if (bias !== undefined && util.sizeFromShape(bias.shape) !== info.outChannels) return stock();
    return forward(runner, x, filter, info, { bias, low: range.low, high: range.high });
  });
  replaceKernel(Conv2DBackpropFilter, ({ inputs, attrs }, stock) => {
    const { x, dy } = tensors(inputs);
    const options = attrs as unknown as Conv2DAttrs & { filterShape: number[] };
    const info = infoOf(x.shape, options.filterShape, options);
    return info === undefined ? stock() : filterGradient(runner, x, dy, info);
  });
  replaceKernel(Conv2DBackpropInput, ({ inputs, attrs }, stock) => {
    const { dy, filter } = tensors(inputs);
    const options = attrs as unknown as Conv2DAttrs & { inputShape: number[] };
    const info = infoOf(options.inputShape, filter.shape, options);
    return info === undefined ? stock() : inputGradient(runner, dy, filter, info);
  });
}
