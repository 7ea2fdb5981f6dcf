/** How good a model is on images whose classes are known. */
import { type Confusion, confusionAt, confusionFigures } from "./confusion.ts";
import { areaUnderRoc, averagePrecision, rank } from "./ranking.ts";

export interface Evaluation {
  /** Images judged. */
  readonly n: number;
  readonly threshold: number;
  /** Predicted positive where p ≥ threshold. */
  readonly confusion: Confusion;
  readonly accuracy: number;
  /** Mean recall over the classes that occur. */
  readonly balancedAccuracy: number;
  /** 0 where no image is called positive. */
  readonly precision: number;
  /** 0 without a positive image. */
  readonly recall: number;
  readonly f1: number;
  /** Area under the ROC curve, ties counting half; null where only one class occurs. */
  readonly auroc: number | null;
  /** Null without a positive image. */
  readonly averagePrecision: number | null;
  /** By original class: how many there are, and how many of them got the wrong verdict. */
  readonly byClass: Readonly<Record<string, { readonly n: number; readonly wrong: number }>>;
}

/** 1 for images of the positive class, 0 for all others. */
export function labelsOf(classes: readonly string[], positiveClass: string): Uint8Array {
  return Uint8Array.from(classes, (className) => (className === positiveClass ? 1 : 0));
}

/**
 * Judges probabilities against known classes, as scikit-learn does.
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
  if (n === 0) throw new RangeError("There is no image to judge by.");
  const labels = labelsOf(classes, positiveClass);
  const ranking = rank(labels, probabilities);
  const confusion = confusionAt(labels, probabilities, threshold);
  const { accuracy, balancedAccuracy, precision, recall, f1 } = confusionFigures(confusion);
  const byClass = new Map<string, { n: number; wrong: number }>();
  classes.forEach((className, i) => {
    const counts = byClass.get(className) ?? { n: 0, wrong: 0 };
    counts.n++;
    if (probabilities[i]! >= threshold !== (labels[i] === 1)) counts.wrong++;
    byClass.set(className, counts);
  });
  return {
    n,
    threshold,
    confusion,
    accuracy,
    balancedAccuracy,
    precision,
    recall,
    f1,
    auroc: areaUnderRoc(ranking),
    averagePrecision: averagePrecision(ranking),
    byClass: Object.fromEntries(byClass),
  };
}
