import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { takeDeferred, type DeferredProduct } from "../deferred-gradients.ts";
import type { AdamSlot, AdamStep, PenaltySums } from "../optimizer-kernels.ts";
import { floatWord, wholeLines, type KernelRunner } from "./runner.ts";

const operationsPerWeight = 10;
const panelBytes = 32;
/** Rows that multiplyAdam takes at a time (HEIGHT of workers/kernels/assembly/products.ts). */
const blockRows = 192;

/** The words of `Adam` in workers/kernels/assembly/elementwise.ts. */
function adamWords(
  runner: KernelRunner,
  slot: AdamSlot,
  gradientAt: number,
  options: AdamStep,
  alpha: number,
): number[] {
  const { weight, moment1, moment2 } = slot;
  return [
    ...[weight, moment1, moment2].map((tensor) => runner.address(tensor)),
    ...[gradientAt, weight.size],
    ...[alpha, 1 - options.beta1, 1 - options.beta2, options.epsilon].map(floatWord),
    ...[1 - options.learningRate * options.weightDecay, options.l1, options.l2].map(floatWord),
  ];
}

/** One pass over weight, moments and gradient, on all threads; a deferred gradient is computed in the same pass. */
export function applyAdamInPlace(
  runner: KernelRunner,
  slot: AdamSlot,
  gradient: Tensor,
  options: AdamStep,
  alpha: number,
): void {
  const product = takeDeferred(gradient);
  if (product !== undefined) {
    multiplyAdam(runner, product, adamWords(runner, slot, 0, options, alpha));
    dispose([product.left, product.right]);
    return;
  }
  const words = adamWords(runner, slot, runner.address(gradient), options, alpha);
  runner.run("adam", words, runner.partsFor(slot.weight.size * operationsPerWeight));
}

/** Σ|w| and Σw² of a weight, on all threads. */
export function sumPenalties(runner: KernelRunner, weight: Tensor): PenaltySums {
  const parts = runner.partsFor(weight.size * 4);
  const to = runner.scratch(parts * 16);
  runner.run("penaltySums", [runner.address(weight), weight.size, to], parts);
  const sums = runner.doubles(to, 2 * parts);
  let [absolute, squares] = [0, 0];
  for (let part = 0; part < parts; part++) {
    absolute += sums[2 * part]!;
    squares += sums[2 * part + 1]!;
  }
  return { absolute, squares };
}

/** The gradient is leftᵀ · right, computed block by block: see multiplyAdam of the kernels. */
function multiplyAdam(runner: KernelRunner, { left, right }: DeferredProduct, adam: readonly number[]): void {
  const [k, m] = left.shape;
  const n = right.shape[1];
  const packedBytes = wholeLines(Math.ceil(n / 8) * k * panelBytes);
  const perThread = wholeLines(runner.kernels.productScratch() + blockRows * n * 4);
  const scratch = runner.scratch(packedBytes + perThread * runner.threads);
  const packing = [runner.address(right), n * 4, 0, k, n, scratch, k * panelBytes];
  runner.run("pack", packing, 1);
  const words = [
    ...[runner.address(left), m * 4, 1],
    ...[scratch, 0, 0],
    ...[0, 0, 0],
    ...[m, n, k, 0, 0, 0],
    ...[scratch + packedBytes, perThread, 0],
    ...adam,
  ];
  runner.run("multiplyAdam", words, runner.partsFor(m * n * k));
}
