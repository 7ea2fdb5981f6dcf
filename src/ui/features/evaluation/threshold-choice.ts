/** How the person chooses the threshold, and what comes of it on the validation images. */
import type { Ranking } from "../../../domain/metrics/ranking.ts";
import { cheapestThresholds, thresholdForRate } from "../../../domain/metrics/threshold-choice.ts";

export type ThresholdMethod = "hand" | "cost" | "precision" | "recall";

export interface ThresholdWish {
  readonly method: ThresholdMethod;
  /** Cost of a photo missed, and of a non-photo let through. */
  readonly missed: number;
  readonly letThrough: number;
  /** 0 to 1. */
  readonly precision: number;
  readonly recall: number;
}

export const firstWish: ThresholdWish = { method: "hand", missed: 5, letThrough: 1, precision: 0.95, recall: 0.95 };

/** The threshold that the wish comes to; `null` where none reaches it, or it is moved by hand. */
export function thresholdFor(wish: ThresholdWish, ranking: Ranking): number | null {
  switch (wish.method) {
    case "hand":
      return null;
    case "cost": {
      const costs = { falsePositive: wish.letThrough, falseNegative: wish.missed };
      // Of equally cheap ones the smallest: in doubt a photo is kept. Never positive is all there is above 1.
      return cheapestThresholds(ranking, costs).thresholds[0] ?? 1;
    }
    case "precision":
    case "recall":
      return thresholdForRate(ranking, wish.method, wish[wish.method])?.threshold ?? null;
  }
}
