/** How good a model is on images whose classes are known. */

export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

export interface Evaluation {
  /** Images judged. */
  readonly n: number;
  readonly threshold: number;
  /** Predicted positive where p ≥ threshold. */
  readonly confusion: Confusion;
  readonly accuracy: number;
  /** Mean recall over the classes that occur. */
  readonly balancedAccuracy: number;
  /** Area under the ROC curve, ties counting half; null where only one class occurs. */
  readonly auroc: number | null;
  /** By original class: how many there are, and how many of them got the wrong verdict. */
  readonly byClass: Readonly<Record<string, { readonly n: number; readonly wrong: number }>>;
}

/**
 * Judges probabilities against known classes, as scikit-learn does (`confusion_matrix`, `accuracy_score`, `roc_auc_score`; balanced accuracy over
 * the classes that occur).
 * @param probabilities P(positive) of each image, 0 to 1
 * @param classes original class of each image, in the same order
 * @throws RangeError where there is no image, the lengths differ, or a probability is no number
 */
export function evaluate(
  probabilities: ArrayLike<number>,
  classes: readonly string[],
  positiveClass: string,
  threshold = 0.5,
): Evaluation {
  const n = classes.length;
  if (n === 0 || probabilities.length !== n) {
    throw new RangeError(`${probabilities.length} probabilities cannot be judged by ${n} classes.`);
  }
  let tp = 0;
  let fp = 0;
  let tn = 0;
  let fn = 0;
  const byClass = new Map<string, { n: number; wrong: number }>();
  classes.forEach((className, i) => {
    const probability = probabilities[i]!;
    if (Number.isNaN(probability)) throw new RangeError(`The probability of image ${i} is not a number.`);
    const isPositive = className === positiveClass;
    const isWrong = probability >= threshold !== isPositive;
    if (isPositive && isWrong) fn++;
    else if (isPositive) tp++;
    else if (isWrong) fp++;
    else tn++;
    const counts = byClass.get(className) ?? { n: 0, wrong: 0 };
    counts.n++;
    if (isWrong) counts.wrong++;
    byClass.set(className, counts);
  });
  const positives = tp + fn;
  const negatives = tn + fp;
  const recalls: number[] = [];
  if (positives > 0) recalls.push(tp / positives);
  if (negatives > 0) recalls.push(tn / negatives);
  const isPositive = classes.map((className) => className === positiveClass);
  return {
    n,
    threshold,
    confusion: { tp, fp, tn, fn },
    accuracy: (tp + tn) / n,
    balancedAccuracy: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
    auroc: areaUnderRoc(probabilities, isPositive),
    byClass: Object.fromEntries(byClass),
  };
}

/**
 * The share of pairs of a positive and a negative image in which the positive one has the higher probability, ties counting half (Mann and
 * Whitney, 1947): the area under the ROC curve. `null` where one of the two does not occur.
 */
export function areaUnderRoc(probabilities: ArrayLike<number>, isPositive: readonly boolean[]): number | null {
  const order = isPositive.map((_, i) => i).sort((a, b) => probabilities[a]! - probabilities[b]!);
  let negativesBelow = 0;
  let positivesSeen = 0;
  // Twice the count, so that half pairs are whole numbers.
  let twicePairs = 0;
  for (let start = 0; start < order.length;) {
    const value = probabilities[order[start]!]!;
    let positives = 0;
    let negatives = 0;
    let end = start;
    for (; end < order.length && probabilities[order[end]!] === value; end++) {
      if (isPositive[order[end]!]) positives++;
      else negatives++;
    }
    twicePairs += positives * (2 * negativesBelow + negatives);
    positivesSeen += positives;
    negativesBelow += negatives;
    start = end;
  }
  const pairs = positivesSeen * negativesBelow;
  return pairs === 0 ? null : twicePairs / 2 / pairs;
}
