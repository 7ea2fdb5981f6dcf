/** Whether one model is really better than another on the same images, or one setting than another over the same seeds. */
import {
  type Interval,
  logGamma,
  mean,
  normal95,
  sampleDeviation,
  studentQuantile,
  studentTails,
} from "./statistics.ts";

/**
 * McNemar's exact test, two-sided: min(1, 2 · Σ_{k ≤ min(b, c)} C(b + c, k) / 2^(b + c)); 1 where no image tells the two apart.
 * @param onlyA images that A alone gets right
 * @param onlyB images that B alone gets right
 */
export function mcnemar(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  const fewer = Math.min(onlyA, onlyB);
  if (n === 0) return 1;
  // The largest term first: each further one is smaller by k / (n − k + 1), until no more counts.
  const logTerm = logGamma(n + 1) - logGamma(fewer + 1) - logGamma(n - fewer + 1) - n * Math.LN2;
  let sum = 1;
  let term = 1;
  for (let k = fewer; k > 0 && term > sum * 1e-18; k--) {
    term *= k / (n - k + 1);
    sum += term;
  }
  return Math.min(1, Math.exp(logTerm + Math.log(2 * sum)));
}

export interface PairedDifference {
  readonly accuracyA: number;
  readonly accuracyB: number;
  readonly bothRight: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly bothWrong: number;
  /** Of McNemar's exact test. */
  readonly pValue: number;
  /** Accuracy of A less that of B. */
  readonly difference: number;
  /** `null` with fewer than two images. */
  readonly standardError: number | null;
  /** Normal, 95 %. */
  readonly interval: Interval | null;
}

/**
 * The accuracies of two models on the same images.
 * @param rightA 1 where A is right, 0 where not; `rightB` in the same order
 */
export function pairedDifference(rightA: ArrayLike<number>, rightB: ArrayLike<number>): PairedDifference {
  const n = rightA.length;
  let [bothRight, onlyA, onlyB, bothWrong] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    if (rightA[i] === 1 && rightB[i] === 1) bothRight++;
    else if (rightA[i] === 1) onlyA++;
    else if (rightB[i] === 1) onlyB++;
    else bothWrong++;
  }
  const difference = (onlyA - onlyB) / n;
  // The sum of squared deviations of differences that are 1, −1 or 0.
  const squares = onlyA + onlyB - n * difference * difference;
  const standardError = n < 2 ? null : Math.sqrt(squares / (n - 1) / n);
  return {
    accuracyA: (bothRight + onlyA) / n,
    accuracyB: (bothRight + onlyB) / n,
    bothRight,
    onlyA,
    onlyB,
    bothWrong,
    pValue: mcnemar(onlyA, onlyB),
    difference,
    standardError,
    interval:
      standardError === null ? null : [difference - normal95 * standardError, difference + normal95 * standardError],
  };
}

export interface PairedRuns {
  readonly meanDifference: number;
  readonly standardDeviation: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** `null` where all differences are the same: then there is no spread to judge by. */
  readonly t: number | null;
  readonly pValue: number | null;
  readonly interval: Interval;
}

/**
 * Student's paired t test: the same seeds under two settings.
 * @returns `null` with fewer than two pairs
 */
export function pairedRuns(
  scoresA: ArrayLike<number>,
  scoresB: ArrayLike<number>,
  confidence = 0.95,
): PairedRuns | null {
  const differences = Array.from(scoresA, (score, i) => score - scoresB[i]!);
  const n = differences.length;
  if (n < 2) return null;
  const meanDifference = mean(differences);
  const standardDeviation = sampleDeviation(differences);
  const standardError = standardDeviation / Math.sqrt(n);
  const degreesOfFreedom = n - 1;
  const t = standardError === 0 ? null : meanDifference / standardError;
  const reach = studentQuantile(confidence, degreesOfFreedom) * standardError;
  return {
    meanDifference,
    standardDeviation,
    standardError,
    degreesOfFreedom,
    t,
    pValue: t === null ? null : studentTails(t, degreesOfFreedom),
    interval: [meanDifference - reach, meanDifference + reach],
  };
}

/**
 * Holm's step-down correction: the smallest p times the number of comparisons, the next one times one less, never falling, at most 1.
 * @returns adjusted p-values in the order given; reject where one is ≤ alpha
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = new Array<number>(pValues.length);
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  let largest = 0;
  order.forEach((place, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[place]!));
    adjusted[place] = largest;
  });
  return adjusted;
}
