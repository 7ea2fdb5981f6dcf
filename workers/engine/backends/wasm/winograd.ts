import type { TensorInfo, backend_util } from "@tensorflow/tfjs-core";
import { floatWord, wholeLines, type KernelRunner } from "./runner.ts";

type ConvolutionInfo = backend_util.Conv2DInfo;

const points = 36;
const tileSide = 4;
/** Transformed tiles of input and output should stay in the second-level cache. */
const blockBudget = 448 * 1024;
/** How much slower a product of the transformed tiles is than one of gathered windows, transformations included. */
const overhead = 1.5;
/** Below this the transformations cost more than they save. */
const fewestChannels = 16;
const mostParts = 8;
const partBudget = 64 * 1024 * 1024;

/** One 3×3 convolution with stride 1; see `Winograd` in workers/kernels/assembly/winograd.ts. */
export interface WinogradJob {
  readonly from: number;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
}

interface Rest {
  readonly other?: number;
  readonly to?: number;
  readonly bias?: number;
  readonly low?: number;
  readonly high?: number;
  readonly scratch?: number;
  readonly scratchBytes?: number;
  readonly block?: number;
  readonly partBytes?: number;
  readonly parts?: number;
  readonly turned?: boolean;
}

function words(job: WinogradJob, rest: Rest): number[] {
  return [
    ...[job.from, job.batch, job.height, job.width, job.channels, job.padTop, job.padLeft],
    ...[job.outHeight, job.outWidth, job.outChannels],
    ...[rest.other ?? 0, rest.to ?? 0, rest.bias ?? 0],
    ...[floatWord(rest.low ?? -Infinity), floatWord(rest.high ?? Infinity)],
    ...[rest.scratch ?? 0, rest.scratchBytes ?? 0, rest.block ?? 0],
    ...[rest.partBytes ?? 0, rest.parts ?? 0, rest.turned === true ? 1 : 0],
  ];
}

function tilesOf(job: WinogradJob): number {
  return job.batch * Math.ceil(job.outHeight / tileSide) * Math.ceil(job.outWidth / tileSide);
}

/**
 * Whether Winograd's way pays: vectors, 3×3 filters, stride 1, whole vectors of channels, enough of them, and images that fill their tiles.
 * @param channels of what is convolved; outChannels of the result
 */
export function paysWinograd(
  { hasVectors }: KernelRunner,
  info: ConvolutionInfo,
  channels: number,
  outChannels: number,
  height: number,
  width: number,
): boolean {
  if (!hasVectors) return false;
  const isSquare = info.filterHeight === 3 && info.filterWidth === 3;
  if (!isSquare || info.strideHeight !== 1 || info.strideWidth !== 1) return false;
  if (channels % 4 !== 0 || outChannels % 8 !== 0 || Math.min(channels, outChannels) < fewestChannels) return false;
  const products = Math.ceil(height / tileSide) * Math.ceil(width / tileSide) * points;
  return products * overhead < height * width * 9;
}

function scratchOf(job: WinogradJob, block: number): number {
  const { channels, outChannels } = job;
  const patch = points * Math.max(channels, outChannels) * 4;
  return wholeLines(2 * points * 16 + patch + points * (block * (channels + outChannels) * 4 + 128) + 256);
}

function blockOf(job: WinogradJob, step: number): number {
  const fitting = Math.floor(blockBudget / (points * 4 * (job.channels + job.outChannels)) / step) * step;
  return Math.max(12, Math.min(48, fitting));
}

/**
 * to = clamp(bias + x ∗ filter, low, high).
 * @param turned the filter is that of the forward pass, and this is its gradient by input
 */
export function winogradConvolve(
  runner: KernelRunner,
  job: WinogradJob,
  target: { filter: TensorInfo; to: number; bias: number; low: number; high: number; turned: boolean },
): void {
  const block = blockOf(job, 6);
  const perThread = scratchOf(job, block);
  const filterBytes = points * job.channels * job.outChannels * 4;
  const filter = runner.address(target.filter);
  const transform = (to: number, scratch: number): void => {
    const rest = { scratch, scratchBytes: perThread, other: filter, to, turned: target.turned };
    runner.run("winogradFilters", words(job, rest), runner.partsFor(job.channels * job.outChannels * 100));
  };
  // A filter that is not trained is transformed once.
  const kept = target.turned
    ? undefined
    : runner.prepared(target.filter, filterBytes, (to) => transform(to, runner.scratch(perThread * runner.threads)));
  const scratch = runner.scratch((kept === undefined ? filterBytes : 0) + perThread * runner.threads);
  const filters = kept ?? scratch + perThread * runner.threads;
  if (kept === undefined) transform(filters, scratch);
  const { to, bias, low, high } = target;
  const multiply = words(job, { scratch, scratchBytes: perThread, other: filters, to, bias, low, high, block });
  runner.run("winogradConvolve", multiply, runner.partsFor(tilesOf(job) * points * job.channels * job.outChannels));
}

/** dfilter from x (`job.from`) and dy. */
export function winogradFilterGradient(runner: KernelRunner, job: WinogradJob, dy: number, to: number): void {
  const block = blockOf(job, 4);
  const perThread = scratchOf(job, block);
  const partBytes = points * job.channels * job.outChannels * 4;
  // A matter of the shapes alone, so that the sum is the same on any number of threads.
  const wanted = Math.min(mostParts, Math.floor(tilesOf(job) / (2 * block)), Math.floor(partBudget / partBytes));
  const parts = Math.max(1, wanted);
  const slices = runner.scratch(parts * partBytes + perThread * runner.threads);
  const rest = { scratch: slices + parts * partBytes, scratchBytes: perThread, block, partBytes, parts };
  runner.run("winogradFilterGradient", words(job, { ...rest, other: dy, to: slices }), parts);
  const sums = runner.partsFor(points * job.channels * job.outChannels * parts);
  runner.run("winogradFilterGradientEnd", words(job, { ...rest, other: slices, to }), sums);
}
