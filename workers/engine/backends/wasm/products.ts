import {
  BatchMatMul,
  _FusedMatMul,
  broadcast_util,
  util,
  type BatchMatMulAttrs,
  type TensorInfo,
  type _FusedMatMulAttrs,
} from "@tensorflow/tfjs-core";
import { floatWord, wholeLines, type KernelRunner } from "./runner.ts";
import { clampRange } from "../custom-kernels.ts";
import { replaceKernel } from "./registry.ts";

/** Rows below which a product reads B slice by slice instead of packing it whole. */
const flatRowLimit = 64;
const panelBytes = 32;
/** A flat product is cut along its depth into at most so many slices, each at least so deep. */
const mostSlices = 16;
const depthPerSlice = 2048;
const sliceBudget = 16 * 1024 * 1024;

export interface MatrixProduct {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** n floats, or 0. */
  readonly bias: number;
  readonly low: number;
  readonly high: number;
}

/**
 * c[m × n] = clamp(bias + A·B, low, high), where A is stored [m × k] or, transposed, [k × m], B [k × n] or [n × k]. All addresses.
 * A transposed B with many rows becomes the left side of (B·Aᵀ)ᵀ, so that the larger matrix is read in order and never packed.
 */
export function multiply(runner: KernelRunner, product: MatrixProduct): void {
  const { m, n, transposeB, bias } = product;
  if (transposeB && bias === 0 && n > m) multiplySwapped(runner, product);
  else if (m <= flatRowLimit) multiplyFlat(runner, product);
  else multiplyTall(runner, product);
}

function multiplySwapped(runner: KernelRunner, product: MatrixProduct): void {
  const { m, n, k, transposeA } = product;
  const perThread = wholeLines(runner.kernels.productScratch());
  const packedBytes = wholeLines(Math.ceil(m / 8) * k * panelBytes);
  const scratch = runner.scratch(packedBytes + perThread * runner.threads);
  const packing = [product.a, (transposeA ? m : k) * 4, transposeA ? 0 : 1, k, m, scratch, k * panelBytes];
  runner.run("pack", packing, runner.partsFor(k * m));
  const words = [
    ...[product.b, k * 4, 0],
    ...[scratch, 0, 0],
    ...[product.c, n * 4, 1],
    ...[n, m, k, 0, floatWord(product.low), floatWord(product.high)],
    ...[scratch + packedBytes, perThread, 0],
  ];
  runner.run("multiplyTall", words, runner.partsFor(m * n * k));
}

/** The whole of B packed, then the rows of C shared by the threads. */
function multiplyTall(runner: KernelRunner, product: MatrixProduct): void {
  const { m, n, k, transposeA, transposeB } = product;
  const perThread = wholeLines(runner.kernels.productScratch());
  const packedBytes = wholeLines(Math.ceil(n / 8) * k * panelBytes);
  const scratch = runner.scratch(packedBytes + perThread * runner.threads);
  const packing = [product.b, (transposeB ? k : n) * 4, transposeB ? 1 : 0, k, n, scratch, k * panelBytes];
  runner.run("pack", packing, runner.partsFor(k * n));
  const words = [
    ...[product.a, (transposeA ? m : k) * 4, transposeA ? 1 : 0],
    ...[scratch, 0, 0],
    ...[product.c, n * 4, 0],
    ...[m, n, k, product.bias, floatWord(product.low), floatWord(product.high)],
    ...[scratch + packedBytes, perThread, 0],
  ];
  runner.run("multiplyTall", words, runner.partsFor(m * n * k));
}

/** Few rows: B is read once, packed as it is read. A deep product is cut along its depth, so that B is read in order. */
function multiplyFlat(runner: KernelRunner, product: MatrixProduct): void {
  const { m, n, k, transposeA, transposeB, bias } = product;
  const perThread = wholeLines(runner.kernels.productScratch());
  const range = [floatWord(product.low), floatWord(product.high)];
  const sliceBytes = m * n * 4;
  // A matter of the shapes alone, so that the sum is the same on any number of threads.
  const slices = Math.min(mostSlices, Math.floor(k / depthPerSlice), Math.floor(sliceBudget / sliceBytes));
  const isSliced = slices > 1;
  const scratch = runner.scratch(perThread * runner.threads + (isSliced ? slices * sliceBytes : 0));
  const target = isSliced ? scratch + perThread * runner.threads : product.c;
  const words = [
    ...[product.a, (transposeA ? m : k) * 4, transposeA ? 1 : 0],
    ...[product.b, (transposeB ? k : n) * 4, transposeB ? 1 : 0],
    ...[target, n * 4, 0],
    ...(isSliced ? [m, n, k, 0, floatWord(-Infinity), floatWord(Infinity)] : [m, n, k, bias, ...range]),
    ...[scratch, perThread, isSliced ? sliceBytes : 0],
  ];
  if (!isSliced) {
    runner.run("multiplyFlat", words, Math.min(runner.partsFor(m * n * k), runner.threads));
    return;
  }
  runner.run("multiplyFlat", words, slices);
  const sum = [target, sliceBytes, slices, product.c, m, n, bias, ...range];
  runner.run("sumSlices", sum, runner.partsFor(m * n * slices));
}

interface BatchedProduct {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly bias: TensorInfo | undefined;
  readonly low: number;
  readonly high: number;
}

/** [..., m, k] · [..., k, n] with broadcast batch dimensions, as tfjs' BatchMatMul. */
function multiplyBatches(runner: KernelRunner, inputs: BatchedProduct): TensorInfo {
  const { a, b, transposeA, transposeB } = inputs;
  const aRank = a.shape.length;
  const bRank = b.shape.length;
  const size = (shape: readonly number[], fromEnd: number): number => shape[shape.length - fromEnd] ?? 1;
  const m = size(a.shape, transposeA ? 1 : 2);
  const k = size(a.shape, transposeA ? 2 : 1);
  const n = size(b.shape, transposeB ? 2 : 1);
  const innerB = size(b.shape, transposeB ? 1 : 2);
  if (k !== innerB)
    throw new Error(
      `matrix product of ${a.shape.join("×")} and ${b.shape.join("×")}: inner sizes ${k} and ${innerB} differ`,
    );
  const batchA = a.shape.slice(0, aRank - 2);
  const batchB = b.shape.slice(0, bRank - 2);
  const batch = broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  const out = runner.backend.makeOutput([...batch, m, n], "float32");
  const batches = util.sizeFromShape(batch);
  if (batches * m * n === 0) return out;
  const addressOfA = runner.address(a);
  const addressOfB = runner.address(b);
  const addressOfOut = runner.address(out);
  const offsetsOfA = batchOffsets(batchA, batch);
  const offsetsOfB = batchOffsets(batchB, batch);
  for (let i = 0; i < batches; i++) {
    multiply(runner, {
      ...{ m, n, k, transposeA, transposeB, low: inputs.low, high: inputs.high },
      a: addressOfA + (offsetsOfA[i] ?? 0) * m * k * 4,
      b: addressOfB + (offsetsOfB[i] ?? 0) * k * n * 4,
      c: addressOfOut + i * m * n * 4,
      bias: inputs.bias === undefined ? 0 : runner.address(inputs.bias),
    });
  }
  return out;
}

/** For each matrix of the broadcast batch, which matrix of a tensor with batch dimensions `shape` it reads. */
function batchOffsets(shape: readonly number[], batch: readonly number[]): readonly number[] {
  const count = util.sizeFromShape([...batch]);
  return Array.from({ length: count }, (_, flat) => {
    let rest = flat;
    let offset = 0;
    let stride = 1;
    for (let axis = batch.length - 1; axis >= 0; axis--) {
      const length = batch[axis] ?? 1;
      const index = rest % length;
      rest = Math.floor(rest / length);
      const own = shape[axis - (batch.length - shape.length)] ?? 1;
      if (own !== 1) offset += index * stride;
      stride *= own;
    }
    return offset;
  });
}

/** Registers BatchMatMul and _FusedMatMul; what they cannot do (other activations, other types) stays with tfjs' own kernel. */
export function registerProducts(runner: KernelRunner): void {
  replaceKernel(BatchMatMul, ({ inputs, attrs }, stock) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
    if (a.dtype !== "float32" || b.dtype !== "float32") return stock();
    return multiplyBatches(runner, { a, b, transposeA, transposeB, bias: undefined, low: -Infinity, high: Infinity });
  });
  replaceKernel(_FusedMatMul, ({ inputs, attrs }, stock) => {
    const { a, b, bias, preluActivationWeights } = inputs as Record<string, TensorInfo | undefined>;
    const { transposeA, transposeB, activation } = attrs as unknown as _FusedMatMulAttrs;
    const range = clampRange(activation);
    if (
      a?.dtype !== "float32" ||
      b?.dtype !== "float32" ||
      preluActivationWeights !== undefined ||
      range === undefined
    ) {
      return stock();
    }
    const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)] ?? 1;
    if (bias !== undefined && util.sizeFromShape(bias.shape) !== columns) return stock();
    return multiplyBatches(runner, { a, b, transposeA, transposeB, bias, low: range.low, high: range.high });
  });
}
