/** How good probabilities are as probabilities. */
import { areaUnderRoc, rank } from "./ranking.ts";
import { reliability } from "./reliability.ts";

/** scikit-learn keeps this far from 0 and 1: NumPy's float64 epsilon. */
const epsilon = 2 ** -52;

function clippedLog(p: number): number {
  return Math.log(Math.min(1 - epsilon, Math.max(epsilon, p)));
}

/** Mean of (p − y)². */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i]! - labels[i]!) ** 2;
  return sum / labels.length;
}

/** Mean cross-entropy, natural logarithm, p and 1 − p clipped to [2⁻⁵², 1 − 2⁻⁵²]. */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    sum -= clippedLog(labels[i] === 1 ? probabilities[i]! : 1 - probabilities[i]!);
  }
  return sum / labels.length;
}

export interface ClassScores {
  /** The most probable class of each image, the first of equals. */
  readonly predicted: Uint16Array;
  readonly logLoss: number;
  /** Each class against the rest; `null` where it, or the rest, does not occur. */
  readonly aurocByClass: readonly (number | null)[];
  /** Expected calibration error of the largest probability against being right, in 10 equally wide bins. */
  readonly confidenceError: number;
}

/**
 * @param labels class indices
 * @param probabilities `classes` numbers an image, one image after the other
 */
export function classScores(labels: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number): ClassScores {
  const n = labels.length;
  const predicted = new Uint16Array(n);
  const confidence = new Float64Array(n);
  const isRight = new Uint8Array(n);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (probabilities[i * classes + c]! > probabilities[i * classes + best]!) best = c;
    predicted[i] = best;
    confidence[i] = probabilities[i * classes + best]!;
    isRight[i] = best === labels[i] ? 1 : 0;
    loss -= clippedLog(probabilities[i * classes + labels[i]!]!);
  }
  const against = (c: number) =>
    rank(
      Uint8Array.from({ length: n }, (_, i) => (labels[i] === c ? 1 : 0)),
      Float64Array.from({ length: n }, (_, i) => probabilities[i * classes + c]!),
    );
  return {
    predicted,
    logLoss: loss / n,
    aurocByClass: Array.from({ length: classes }, (_, c) => areaUnderRoc(against(c))),
    confidenceError: reliability(isRight, confidence, "width").error,
  };
}
