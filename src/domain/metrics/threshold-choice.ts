/** Choosing the threshold above which an image counts as positive. Candidates are 0, each distinct probability, and never positive (`null`). */
import type { Ranking } from "./ranking.ts";

export interface Costs {
  /** Of a negative image called positive. */
  readonly falsePositive: number;
  /** Of a positive image called negative. */
  readonly falseNegative: number;
}

export interface CheapestThresholds {
  readonly cost: number;
  /** All that cost no more than this, ascending; `null`, last: never positive. */
  readonly thresholds: readonly (number | null)[];
}

/** The thresholds of the least costs. 0 and the smallest probability always tie: both call everything positive. */
export function cheapestThresholds(ranking: Ranking, { falsePositive, falseNegative }: Costs): CheapestThresholds {
  const { thresholds, truePositives, falsePositives, positives } = ranking;
  const costOf = (tp: number, fp: number) => falsePositive * fp + falseNegative * (positives - tp);
  let best = costOf(0, 0);
  let cheapest: (number | null)[] = [null];
  const offer = (threshold: number, cost: number): void => {
    if (cost < best) {
      best = cost;
      cheapest = [threshold];
    } else if (cost === best && cheapest.at(-1) !== threshold) cheapest.push(threshold);
  };
  for (let k = 0; k < thresholds.length; k++) offer(thresholds[k]!, costOf(truePositives[k]!, falsePositives[k]!));
  offer(0, costOf(positives, ranking.negatives));
  return { cost: best, thresholds: cheapest.reverse() };
}

export interface RateThreshold {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * Among thresholds with a precision (or recall) of at least `wanted`, the one with the largest recall (or precision), and of those the largest
 * threshold. `null` where none reaches it, as without a positive image.
 */
export function thresholdForRate(
  { thresholds, truePositives, falsePositives, positives }: Ranking,
  rate: "precision" | "recall",
  wanted: number,
): RateThreshold | null {
  if (positives === 0) return null;
  let best: RateThreshold | null = null;
  const other = rate === "precision" ? "recall" : "precision";
  // Descending thresholds: what comes later must be better, not equal. 0 does as the smallest probability and is never larger.
  for (let k = 0; k < thresholds.length; k++) {
    const [tp, fp] = [truePositives[k]!, falsePositives[k]!];
    const candidate = { threshold: thresholds[k]!, precision: tp / (tp + fp), recall: tp / positives };
    if (candidate[rate] >= wanted && (!best || candidate[other] > best[other])) best = candidate;
  }
  return best;
}
