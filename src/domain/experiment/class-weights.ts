/** What an image's loss counts by its side. */
import type { ClassWeights } from "./experiment.ts";

export interface SideWeights {
  readonly negative: number;
  readonly positive: number;
}

/**
 * The weights of the two sides (positive class, every other one), or null where every image counts the same.
 * @param positives and `negatives`: images that an epoch draws of each side, both at least 1
 */
export function sideWeights(weights: ClassWeights, positives: number, negatives: number): SideWeights | null {
  switch (weights.kind) {
    case "none":
      return null;
    case "balanced": {
      const n = positives + negatives;
      return { positive: n / (2 * positives), negative: n / (2 * negatives) };
    }
    case "given":
      return { positive: weights.positive, negative: weights.negative };
  }
}
