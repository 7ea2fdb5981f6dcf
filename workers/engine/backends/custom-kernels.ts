/** Kernels that tfjs has no name for; a backend that lacks one gets the same from tfjs' own operations. */

/** Names are never stored: they can change. */
export const customKernels = {
  /** {dy, y} → [dx, sums of dx over all but the last axis, if wanted]: dx = dy where low < y < high, else 0. */
  activationGradient: "TamisActivationGradient",
  /** {x, gamma, beta} → [y, mean, variance], statistics over all but the last axis. */
  normalize: "TamisNormalize",
  /** {dy, x, y, gamma, mean, variance} → [dx, dgamma, dbeta] */
  normalizationGradient: "TamisNormalizationGradient",
} as const;
export type CustomKernel = (typeof customKernels)[keyof typeof customKernels];

/** The range that an activation clamps to: relu 0 to ∞, relu6 0 to 6, none −∞ to ∞. */
export interface ClampRange {
  readonly low: number;
  readonly high: number;
}

export interface ActivationGradientAttrs extends ClampRange {
  /** Whether the sums (a bias' gradient) are wanted too. */
  readonly sums: boolean;
}

/** Batch normalisation followed by an activation. */
export interface NormalizationAttrs extends ClampRange {
  readonly epsilon: number;
}

/** The range of an activation; undefined for one that is more than a clamp. */
export function clampRange(activation: string | null | undefined): ClampRange | undefined {
  switch (activation) {
    case undefined:
    case null:
    case "linear":
      return { low: -Infinity, high: Infinity };
    case "relu":
      return { low: 0, high: Infinity };
    case "relu6":
      return { low: 0, high: 6 };
    default:
      return undefined;
  }
}
