import * as tf from "@tensorflow/tfjs-core";
import { noteChange } from "./in-place.ts";

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

/** Σ|w| and Σw² of a weight. */
export interface PenaltySums {
  readonly absolute: number;
  readonly squares: number;
}

const penaltyKernels = new Map<string, (weight: tf.Tensor) => PenaltySums>();

/** To be called by a backend that sums without temporaries and at once. */
export function registerPenaltySums(backendName: string, kernel: (weight: tf.Tensor) => PenaltySums): void {
  penaltyKernels.set(backendName, kernel);
}

/** A weight, and what it adds to the loss. */
export interface PenalizedWeight {
  readonly weight: tf.Tensor;
  readonly l1: number;
  readonly l2: number;
}

/**
 * The sum of all penalties as the weights are now; they may change before the returned function is called, which has to be called once.
 */
export function sumPenalties(weights: readonly PenalizedWeight[]): () => Promise<number> {
  const kernel = penaltyKernels.get(tf.getBackend());
  if (weights.length === 0 || kernel) {
    const terms = weights.map(({ weight, l1, l2 }) => {
      const { absolute, squares } = kernel!(weight);
      return l1 * absolute + l2 * squares;
    });
    const sum = terms.reduce((total, term) => total + term, 0);
    return () => Promise.resolve(sum);
  }
  const total = tf.tidy(() => tf.addN(weights.map(({ weight, l1, l2 }) => penaltyValue(weight, l1, l2))));
  return async () => {
    const [sum] = await total.data();
    total.dispose();
    return sum!;
  };
}

/** Its gradient l1·sign(w) + 2·l2·w, with sign(0) = 0; applyAdam adds it by itself. */
export function penaltyGradient(weight: tf.Tensor, l1: number, l2: number): tf.Tensor {
  return tf.tidy(() => {
    // tfjs' own sign differs between backends for −0 and for the smallest numbers.
    const sign = tf.sub(tf.cast(tf.greater(weight, 0), "float32"), tf.cast(tf.less(weight, 0), "float32"));
    return tf.add(tf.mul(sign, l1), tf.mul(weight, 2 * l2));
  });
}

/** One Adam step in place on one backend; α is the step's size, corrected for its number. */
export type AdamKernel = (slot: AdamSlot, gradient: tf.Tensor, options: AdamStep, alpha: number) => void;

const kernels = new Map<string, AdamKernel>();

/** To be called by a backend when it starts. */
export function registerAdam(backendName: string, kernel: AdamKernel): void {
  kernels.set(backendName, kernel);
}

/**
 * One Adam step in place, as Keras does it: m += (g − m)(1 − β₁), v += (g² − v)(1 − β₂),
 * w −= α·m/(√v + ε) with α = learning rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ). Leaves `gradient` to the caller.
 * @throws Error on a backend that was not started by startBackend
 */
export function applyAdam(slot: AdamSlot, gradient: tf.Tensor, options: AdamStep): void {
  const { step, learningRate, beta1, beta2 } = options;
  const kernel = kernels.get(tf.getBackend());
  if (kernel === undefined) throw new Error(`Adam has no kernel on the backend ${tf.getBackend()}`);
  // A clone shares its memory with the original: it must not change with it.
  for (const variable of [slot.weight, slot.moment1, slot.moment2]) unshare(variable);
  for (const variable of [slot.weight, slot.moment1, slot.moment2]) noteChange(variable);
  kernel(slot, gradient, options, (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step));
}

function unshare(variable: tf.Variable): void {
  if (tf.backend().refCount(variable.dataId) > 1) tf.tidy(() => variable.assign(tf.mul(variable, 1)));
}
