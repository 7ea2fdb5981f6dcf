/** What an epoch draws under each way to deal with uneven classes, drawn as training draws it. */
import { type SideWeights, sideWeights } from "../experiment/class-weights.ts";
import type { Sampling } from "../experiment/experiment.ts";
import { drawEpoch, type SampledImage, samplerOf } from "../experiment/sampling.ts";

export interface Rebalanced {
  readonly way: "none" | "oversample" | "class-weights";
  /** Places of the images, in the order that training sees them. */
  readonly order: Uint32Array;
  /** Of these. */
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
  const draw = (way: Rebalanced["way"], sampling: Sampling, weights: SideWeights | null): Rebalanced => {
    const order = drawEpoch(samplerOf(sampling, images, positiveClass), seed, 0);
    const drawn = order.reduce((sum, index) => sum + Number(isPositive(images[index]!)), 0);
    return { way, order, positives: drawn, negatives: order.length - drawn, weights };
  };
  return [
    draw("none", { kind: "shuffle" }, null),
    draw("oversample", { kind: "oversample" }, null),
    draw("class-weights", { kind: "shuffle" }, sideWeights({ kind: "balanced" }, positives, negatives)),
  ];
}
