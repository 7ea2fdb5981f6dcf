/** What an epoch draws under each way to deal with uneven classes, drawn as training draws it. */
import { type SideWeights, sideWeights } from "../experiment/class-weights.ts";
import { drawEpoch, type SampledImage, samplerOf } from "../experiment/sampling.ts";

export interface Rebalanced {
  readonly way: "none" | "oversample" | "class-weights";
  readonly positives: number;
  readonly negatives: number;
  /** What an image's loss counts by its side; null where every one counts the same. */
  readonly weights: SideWeights | null;
}

/** Of the first epoch. Empty where one of the two sides has no image. */
export function rebalancedEpochs(images: readonly SampledImage[], positiveClass: string, seed: number): Rebalanced[] {
  const isPositive = ({ className }: SampledImage) => className === positiveClass;
  const positives = images.filter(isPositive).length;
  const negatives = images.length - positives;
  if (positives === 0 || negatives === 0) return [];
  const drawn = drawEpoch(samplerOf({ kind: "oversample" }, images, positiveClass), seed, 0);
  const drawnPositives = drawn.reduce((sum, index) => sum + Number(isPositive(images[index]!)), 0);
  return [
    { way: "none", positives, negatives, weights: null },
    { way: "oversample", positives: drawnPositives, negatives: drawn.length - drawnPositives, weights: null },
    {
      way: "class-weights",
      ...{ positives, negatives },
      weights: sideWeights({ kind: "balanced" }, positives, negatives),
    },
  ];
}
