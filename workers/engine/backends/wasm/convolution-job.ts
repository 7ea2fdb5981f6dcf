/** The argument block of the direct convolution kernels, and how their work is cut into blocks. */
import type { backend_util } from "@tensorflow/tfjs-core";
import { floatWord } from "./runner.ts";

export type ConvolutionInfo = backend_util.Conv2DInfo;

export const panelBytes = 32;
/** Per thread, before the windows: a tile and a row of initial values (TILE_BYTES of the kernels). */
export const tileBytes = 256;
/** Gathered windows should stay in the second-level cache. */
export const windowBudget = 160 * 1024;

/** One convolution as the kernels see it; see `Convolution` in workers/kernels/assembly/convolution.ts. */
export interface Job {
  readonly from: number;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  readonly padTop: number;
  readonly padLeft: number;
  readonly gridHeight: number;
  readonly gridWidth: number;
  readonly other: number;
  readonly outChannels: number;
  readonly to: number;
  readonly toImage: number;
  readonly toRow: number;
  readonly toPixel: number;
  readonly bias: number;
  readonly low: number;
  readonly high: number;
}

export function words(job: Job, scratch: number, scratchBytes: number, block: number, windowStride: number): number[] {
  return [
    ...[job.from, job.batch, job.height, job.width, job.channels],
    ...[job.filterHeight, job.filterWidth, job.strideY, job.strideX, job.padTop, job.padLeft],
    ...[job.gridHeight, job.gridWidth, job.other, job.outChannels],
    ...[job.to, job.toImage, job.toRow, job.toPixel],
    ...[job.bias, floatWord(job.low), floatWord(job.high)],
    ...[scratch, scratchBytes, block, windowStride],
  ];
}

/** Windows gathered at a time: whole tiles of six, within the budget. */
export function blockOf(windowStride: number): number {
  return Math.max(6, Math.min(192, Math.floor(windowBudget / windowStride / 6) * 6));
}

/** An odd number of cache lines, so that rows do not fall into the same sets. */
export function paddedStride(depth: number): number {
  const lines = Math.ceil((Math.max(depth, 6) * 4) / 64);
  return (lines | 1) * 64;
}
