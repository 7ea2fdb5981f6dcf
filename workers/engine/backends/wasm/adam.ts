import type { Tensor } from "@tensorflow/tfjs-core";
import type { AdamSlot, AdamStep } from "../optimizer-kernels.ts";
import { floatWord, type KernelRunner } from "./runner.ts";

const operationsPerWeight = 10;

/** One pass over weight, moments and gradient, on all threads. */
export function applyAdamInPlace(
  runner: KernelRunner,
  slot: AdamSlot,
  gradient: Tensor,
  options: AdamStep,
  alpha: number,
): void {
  const { weight, moment1, moment2 } = slot;
  runner.run(
    "adam",
    [
      ...[weight, moment1, moment2, gradient].map((tensor) => runner.address(tensor)),
      weight.size,
      ...[alpha, 1 - options.beta1, 1 - options.beta2, options.epsilon].map(floatWord),
      ...[1 - options.learningRate * options.weightDecay, options.l1, options.l2].map(floatWord),
    ],
    runner.partsFor(weight.size * operationsPerWeight),
  );
}
