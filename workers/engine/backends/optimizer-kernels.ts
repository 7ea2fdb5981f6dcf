import * as tf from "@tensorflow/tfjs-core";
import { floatWord } from "./wasm/runner.ts";
import { kernelRunner } from "./wasm/start.ts";

/** One weight with its Adam moments, all of the same shape. */
export interface AdamSlot {
  readonly weight: tf.Variable;
  /** Running mean of the gradient. */
  readonly moment1: tf.Variable;
  /** Running mean of its square. */
  readonly moment2: tf.Variable;
}

export interface AdamStep {
  /** From 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay as in Keras' AdamW: w −= learning rate · decay · w, before the step. 0 for plain Adam. */
  readonly weightDecay: number;
  /** The penalty l1·Σ|w| + l2·Σw²: its gradient is added to the given one here. */
  readonly l1: number;
  readonly l2: number;
}

/** The penalty l1·Σ|w| + l2·Σw², as Keras' regularizers have it (no half). */
export function penaltyValue(weight: tf.Tensor, l1: number, l2: number): tf.Scalar {
  return tf.tidy(() => tf.add(tf.mul(tf.sum(tf.abs(weight)), l1), tf.mul(tf.sum(tf.square(weight)), l2)));
}

/** Its gradient l1·sign(w) + 2·l2·w, with sign(0) = 0; applyAdam adds it by itself. */
export function penaltyGradient(weight: tf.Tensor, l1: number, l2: number): tf.Tensor {
  return tf.tidy(() => {
    // tfjs' own sign differs between backends for −0 and for the smallest numbers.
    const sign = tf.sub(tf.cast(tf.greater(weight, 0), "float32"), tf.cast(tf.less(weight, 0), "float32"));
    return tf.add(tf.mul(sign, l1), tf.mul(weight, 2 * l2));
  });
}

/**
 * One Adam step in place, as Keras does it: m += (g − m)(1 − β₁), v += (g² − v)(1 − β₂),
 * w −= α·m/(√v + ε) with α = learning rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ). Leaves `gradient` to the caller.
 */
export function applyAdam(slot: AdamSlot, gradient: tf.Tensor, options: AdamStep): void {
  const { step, learningRate, beta1, beta2 } = options;
  const alpha = (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
  if (tf.getBackend() === "wasm") applyOnWasm(slot, gradient, options, alpha);
  else applyComposed(slot, gradient, options, alpha);
}

function applyOnWasm(slot: AdamSlot, gradient: tf.Tensor, options: AdamStep, alpha: number): void {
  const runner = kernelRunner();
  for (const variable of [slot.weight, slot.moment1, slot.moment2]) {
    // A clone shares its memory with the original: it must not change with it.
    if (runner.backend.refCount(variable.dataId) > 1) tf.tidy(() => variable.assign(tf.mul(variable, 1)));
  }
  runner.run(
    "adam",
    [
      ...[slot.weight, slot.moment1, slot.moment2, gradient].map((tensor) => runner.address(tensor)),
      slot.weight.size,
      ...[alpha, 1 - options.beta1, 1 - options.beta2, options.epsilon].map(floatWord),
      ...[1 - options.learningRate * options.weightDecay, options.l1, options.l2].map(floatWord),
    ],
    runner.partsFor(slot.weight.size * 10),
  );
}

function applyComposed(slot: AdamSlot, gradient: tf.Tensor, options: AdamStep, alpha: number): void {
  const { weight, moment1, moment2 } = slot;
  const { beta1, beta2, epsilon, l1, l2 } = options;
  // One tidy a variable, so that few temporaries of a large weight live at a time.
  const g = l1 === 0 && l2 === 0 ? gradient : tf.tidy(() => tf.add(gradient, penaltyGradient(weight, l1, l2)));
  tf.tidy(() => moment1.assign(tf.add(moment1, tf.mul(tf.sub(g, moment1), 1 - beta1))));
  tf.tidy(() => moment2.assign(tf.add(moment2, tf.mul(tf.sub(tf.square(g), moment2), 1 - beta2))));
  if (g !== gradient) g.dispose();
  tf.tidy(() => {
    const kept = options.weightDecay === 0 ? weight : tf.mul(weight, 1 - options.learningRate * options.weightDecay);
    weight.assign(tf.sub(kept, tf.div(tf.mul(moment1, alpha), tf.add(tf.sqrt(moment2), epsilon))));
  });
}
