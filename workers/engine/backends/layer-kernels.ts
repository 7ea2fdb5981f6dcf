/**
 * Whole layers as one operation each, with their gradients: convolution or product with bias and activation, and batch normalisation with
 * activation. tfjs' own layers fall apart into several passes over large tensors as soon as gradients are wanted, and compute every
 * gradient, needed or not.
 */
import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  FusedConv2D,
  _FusedMatMul,
  add,
  batchNorm,
  clipByValue,
  customGrad,
  engine,
  matMul,
  mean as meanOf,
  mul,
  registerGradient,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  type GradSaveFunc,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { clampRange, customKernels, type ClampRange, type NormalizationAttrs } from "./custom-kernels.ts";
import { deferProduct } from "./deferred-gradients.ts";
import { activationGradient, hasCustom, runCustom } from "./gradients.ts";

/** What fused kernels can do on every backend, with a gradient that needs the output alone. */
export const fusedActivations = ["linear", "relu", "relu6"] as const;
export type FusedActivation = (typeof fusedActivations)[number];

export interface ConvolutionOptions {
  readonly strides: readonly [number, number];
  readonly padding: "same" | "valid";
  readonly activation: FusedActivation;
}

/** activation(x ∗ filter + bias): NHWC, HWIO, dilation 1. */
export function convolve(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor1D | null,
  { strides, padding, activation }: ConvolutionOptions,
): Tensor4D {
  const attrs = {
    ...{ strides: [...strides], pad: padding, dataFormat: "NHWC", dilations: [1, 1], activation },
    // Read by the gradient.
    hasBias: bias !== null,
  };
  return engine().runKernel(FusedConv2D, { x, filter, ...(bias ? { bias } : {}) }, attrs);
}

/** activation(x · kernel + bias) for x [rows, in] and kernel [in, out]. */
export function dense(x: Tensor2D, kernel: Tensor2D, bias: Tensor1D | null, activation: FusedActivation): Tensor2D {
  const attrs = { transposeA: false, transposeB: false, activation, hasBias: bias !== null };
  return engine().runKernel(_FusedMatMul, { a: x, b: kernel, ...(bias ? { bias } : {}) }, attrs);
}

interface FusedAttrs {
  readonly activation: FusedActivation;
  readonly hasBias: boolean;
}

/**
 * The gradient before the activation, and the bias' one. To be computed in a gradient function itself, not in what it returns: tfjs
 * tidies up after each of those.
 */
function beforeActivation(dy: Tensor, y: Tensor, { activation, hasBias }: FusedAttrs): [Tensor, Tensor?] {
  const range = clampRange(activation);
  if (range === undefined) throw new Error(`no gradient for a fused ${activation}`);
  return activation === "linear" && !hasBias ? [dy] : activationGradient(dy, y, range, hasBias);
}

/** Registers the gradients of the fused kernels, which tfjs computes only inside its own fused operations. */
export function registerFusedGradients(): void {
  registerGradient({
    kernelName: FusedConv2D,
    inputsToSave: ["x", "filter"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter, y] = saved as [Tensor, Tensor, Tensor];
      const { strides, pad, activation, hasBias } = attrs as unknown as FusedAttrs & { strides: number[]; pad: string };
      const [gradient, biasGradient] = beforeActivation(dy as Tensor, y, { activation, hasBias });
      const shared = { strides, pad, dataFormat: "NHWC" };
      return {
        x: () =>
          engine().runKernel(
            Conv2DBackpropInput,
            { dy: gradient, filter },
            {
              ...shared,
              inputShape: x.shape,
            },
          ),
        filter: () =>
          engine().runKernel(
            Conv2DBackpropFilter,
            { x, dy: gradient },
            {
              ...shared,
              filterShape: filter.shape,
            },
          ),
        bias: () => biasGradient!,
      };
    },
  });
  registerGradient({
    kernelName: _FusedMatMul,
    inputsToSave: ["a", "b"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [a, b, y] = saved as [Tensor2D, Tensor2D, Tensor];
      const { activation, hasBias } = attrs as unknown as FusedAttrs;
      const [gradient, biasGradient] = beforeActivation(dy as Tensor, y, { activation, hasBias });
      return {
        a: () => matMul(gradient, b, false, true),
        b: () => deferProduct(a, gradient as Tensor2D) ?? matMul(a, gradient, true, false),
        bias: () => biasGradient!,
      };
    },
  });
}

/**
 * Batch normalisation in training, and an activation after it: activation(γ·(x − μ)/√(σ² + ε) + β) over all but the last axis, σ²
 * being the biased variance (Ioffe and Szegedy, 2015).
 * @param onStatistics gets μ and σ² while they live
 */
export function normalizeBatch(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  epsilon: number,
  onStatistics: (mean: Tensor1D, variance: Tensor1D) => void,
  activation: FusedActivation = "linear",
): Tensor4D {
  const range = clampRange(activation);
  if (range === undefined) throw new Error(`no fused ${activation}`);
  const attrs = { epsilon, ...range };
  const operation = customGrad((...values) => {
    const save = values.pop() as unknown as GradSaveFunc;
    const [input, scale, offset] = values as unknown as [Tensor4D, Tensor1D, Tensor1D];
    const [value, mean, variance] = normalized(input, scale, offset, attrs);
    onStatistics(mean, variance);
    save([input, value, scale, mean, variance]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] =>
      normalizationGradient(dy, saved as [Tensor4D, Tensor4D, Tensor1D, Tensor1D, Tensor1D], attrs);
    return { value, gradFunc };
  });
  return operation(x, gamma, beta);
}

function asRows(x: Tensor): Tensor2D {
  return reshape(x, [-1, x.shape[x.rank - 1] ?? 1]);
}

function normalized(
  x: Tensor4D,
  gamma: Tensor1D,
  beta: Tensor1D,
  attrs: NormalizationAttrs,
): [Tensor4D, Tensor1D, Tensor1D] {
  if (hasCustom(customKernels.normalize)) {
    return runCustom(customKernels.normalize, { x, gamma, beta }, attrs) as [Tensor4D, Tensor1D, Tensor1D];
  }
  const rows = asRows(x);
  const mean = meanOf<Tensor1D>(rows, 0);
  const variance = meanOf<Tensor1D>(square(sub(rows, mean)), 0);
  const y = batchNorm<Rank.R4>(x, mean, variance, beta, gamma, attrs.epsilon);
  return [clamped(y, attrs), mean, variance];
}

function clamped<T extends Tensor>(y: T, { low, high }: ClampRange): T {
  return low === -Infinity && high === Infinity ? y : clipByValue(y, low, high);
}

function normalizationGradient(
  dy: Tensor,
  [x, y, gamma, mean, variance]: [Tensor4D, Tensor4D, Tensor1D, Tensor1D, Tensor1D],
  attrs: NormalizationAttrs,
): Tensor[] {
  if (hasCustom(customKernels.normalizationGradient)) {
    return runCustom(customKernels.normalizationGradient, { dy, x, y, gamma, mean, variance }, attrs);
  }
  const isLinear = attrs.low === -Infinity && attrs.high === Infinity;
  const g = asRows(isLinear ? dy : activationGradient(dy, y, attrs, false)[0]);
  const inverse = rsqrt(add(variance, attrs.epsilon));
  const normal = mul(sub(asRows(x), mean), inverse);
  const dbeta = sum(g, 0);
  const dgamma = sum(mul(g, normal), 0);
  const count = g.shape[0];
  const own = sub(g, mul(dbeta, 1 / count));
  const dx = mul(sub(own, mul(normal, mul(dgamma, 1 / count))), mul(gamma, inverse));
  return [reshape(dx, x.shape), dgamma, dbeta];
}
