/** The figures of a judgement on a resample of its images: by the same functions as on the images themselves. */
import type { Measure } from "./bootstrap.ts";
import { confusionFigures } from "./confusion.ts";
import { areaUnderRoc, averagePrecision, type Ranking, rank } from "./ranking.ts";
import { binOf } from "./reliability.ts";

/** Labels (1 positive, 0 negative) and P(positive) of the same images. */
export interface Judged {
  readonly labels: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
}

export const verdictFigures = ["accuracy", "balancedAccuracy", "precision", "recall", "specificity", "f1"] as const;
export type VerdictFigure = (typeof verdictFigures)[number];

/** Of a table of verdicts, as counts [tn, fp, fn, tp]. */
export const verdictMeasure: Measure<VerdictFigure> = ([tn = 0, fp = 0, fn = 0, tp = 0]) => {
  const { accuracy, balancedAccuracy, precision, recall, specificity, f1 } = confusionFigures({ tp, fp, tn, fn });
  return { accuracy, balancedAccuracy, precision, recall, specificity, f1 };
};

/** The cell of `verdictMeasure`'s table that each image is in. */
export function verdictCells({ labels, probabilities }: Judged, threshold: number): Uint8Array {
  return Uint8Array.from(labels, (label, i) => 2 * label + (probabilities[i]! >= threshold ? 1 : 0));
}

export const rankingFigures = ["auroc", "averagePrecision", "calibrationError"] as const;
export type RankingFigure = (typeof rankingFigures)[number];

const bins = 10;

/** Those that do not hang on a threshold, of images: AUROC, average precision, and the calibration error in ten equally wide bins. */
export function rankingMeasure({ labels, probabilities }: Judged, ranking?: Ranking): Measure<RankingFigure> {
  const { order, groups, thresholds } = ranking ?? rank(labels, probabilities);
  const truePositives = new Uint32Array(thresholds.length);
  const falsePositives = new Uint32Array(thresholds.length);
  const p = Float64Array.from(order, (image) => probabilities[image]!);
  const isPositive = Uint8Array.from(order, (image) => labels[image]!);
  const bin = Uint8Array.from(p, (value) => binOf(value, bins));
  const gaps = new Float64Array(bins);
  return (counts) => {
    let [tp, fp] = [0, 0];
    gaps.fill(0);
    for (let at = 0; at < order.length; at++) {
      const count = counts[order[at]!]!;
      if (isPositive[at] === 1) tp += count;
      else fp += count;
      truePositives[groups[at]!] = tp;
      falsePositives[groups[at]!] = fp;
      gaps[bin[at]!]! += count * (p[at]! - isPositive[at]!);
    }
    const counted = { truePositives, falsePositives, positives: tp, negatives: fp };
    return {
      auroc: areaUnderRoc(counted),
      averagePrecision: averagePrecision(counted),
      calibrationError: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / (tp + fp),
    };
  };
}
