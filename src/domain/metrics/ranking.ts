/** Images in the order of their probability: what every threshold-free figure and every choice of a threshold is read from. One sort. */

export interface Ranking {
  /** Distinct probabilities, descending. */
  readonly thresholds: Float64Array;
  /** Positive images with p ≥ the threshold of the same place. */
  readonly truePositives: Uint32Array;
  /** Negative images with p ≥ the threshold of the same place. */
  readonly falsePositives: Uint32Array;
  readonly positives: number;
  readonly negatives: number;
  /** Places of the images in descending order of p, those of equal p beside each other. */
  readonly order: Uint32Array;
  /** For each of `order`, the place of its probability in `thresholds`. */
  readonly groups: Uint32Array;
}

/** What the areas under the curves need of a ranking. */
export type RankedCounts = Pick<Ranking, "truePositives" | "falsePositives" | "positives" | "negatives">;

/** A curve as scikit-learn gives it; `thresholds` may be one shorter than the points. */
export interface RocCurve {
  readonly falsePositiveRate: readonly number[];
  readonly truePositiveRate: readonly number[];
  /** Descending; of all points but the first, which is (0, 0). */
  readonly thresholds: readonly number[];
}

export interface PrecisionRecallCurve {
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  /** Ascending; of all points but the last, which is precision 1 and recall 0. */
  readonly thresholds: readonly number[];
}

/**
 * @param labels 1 for positive, 0 for negative images
 * @param probabilities P(positive) of each, in the same order
 * @throws RangeError where the lengths differ or a probability is no number
 */
export function rank(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Ranking {
  const n = labels.length;
  if (probabilities.length !== n) {
    throw new RangeError(`${probabilities.length} probabilities cannot be judged by ${n} labels.`);
  }
  const keys = Float64Array.from(probabilities);
  const broken = keys.findIndex(Number.isNaN);
  if (broken >= 0) throw new RangeError(`The probability of image ${broken} is not a number.`);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => keys[b]! - keys[a]!);
  const groups = new Uint32Array(n);
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let [tp, fp] = [0, 0];
  for (let at = 0; at < n; at++) {
    const p = keys[order[at]!]!;
    if (labels[order[at]!] === 1) tp++;
    else fp++;
    if (at === 0 || p !== thresholds.at(-1)) thresholds.push(p);
    groups[at] = thresholds.length - 1;
    truePositives[thresholds.length - 1] = tp;
    falsePositives[thresholds.length - 1] = fp;
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Uint32Array.from(truePositives),
    falsePositives: Uint32Array.from(falsePositives),
    positives: tp,
    negatives: fp,
    order,
    groups,
  };
}

/**
 * The share of pairs of a positive and a negative image in which the positive one has the higher probability, ties counting half (Mann and
 * Whitney, 1947): the area under the ROC curve. `null` where one of the two does not occur.
 */
export function areaUnderRoc({ truePositives, falsePositives, positives, negatives }: RankedCounts): number | null {
  if (positives === 0 || negatives === 0) return null;
  // Twice the count, so that half pairs are whole numbers.
  let twicePairs = 0;
  let [tp, fp] = [0, 0];
  for (let k = 0; k < truePositives.length; k++) {
    twicePairs += (falsePositives[k]! - fp) * (truePositives[k]! + tp);
    tp = truePositives[k]!;
    fp = falsePositives[k]!;
  }
  return twicePairs / 2 / (positives * negatives);
}

/** Σ (Rₖ − Rₖ₋₁) · Pₖ over descending thresholds, without interpolation (scikit-learn); `null` without a positive image. */
export function averagePrecision({ truePositives, falsePositives, positives }: RankedCounts): number | null {
  if (positives === 0) return null;
  let sum = 0;
  let before = 0;
  for (let k = 0; k < truePositives.length; k++) {
    const tp = truePositives[k]!;
    if (tp > before) sum += ((tp - before) / positives) * (tp / (tp + falsePositives[k]!));
    before = tp;
  }
  return sum;
}

/** Every point, as scikit-learn's `roc_curve(drop_intermediate=False)` without its infinite threshold; `null` with one class. */
export function rocCurve(ranking: Ranking): RocCurve | null {
  const { truePositives, falsePositives, positives, negatives, thresholds } = ranking;
  if (positives === 0 || negatives === 0) return null;
  return {
    falsePositiveRate: [0, ...Array.from(falsePositives, (fp) => fp / negatives)],
    truePositiveRate: [0, ...Array.from(truePositives, (tp) => tp / positives)],
    thresholds: [...thresholds],
  };
}

/** Every point, as scikit-learn's `precision_recall_curve`; `null` without a positive image. */
export function precisionRecallCurve(ranking: Ranking): PrecisionRecallCurve | null {
  const { truePositives, falsePositives, positives, thresholds } = ranking;
  if (positives === 0) return null;
  return {
    precision: [...Array.from(truePositives, (tp, k) => tp / (tp + falsePositives[k]!)).reverse(), 1],
    recall: [...Array.from(truePositives, (tp) => tp / positives).reverse(), 0],
    thresholds: [...thresholds].reverse(),
  };
}

/** How many of `thresholds` are at least `threshold`: so many groups of images are called positive by it. */
export function groupsAtLeast({ thresholds }: Ranking, threshold: number): number {
  let [low, high] = [0, thresholds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle]! >= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}
