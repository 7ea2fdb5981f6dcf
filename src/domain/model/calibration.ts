/** From the P(positive) that a network puts out to the one that Tamis shows and decides by. */

/** P = σ(scale · logit(p) + shift). Scale is positive, so that no two images change places. */
export interface Calibration {
  readonly scale: number;
  readonly shift: number;
}

/** Where an experiment's calibration comes from. */
export type CalibrationChoice =
  /** The network's own probabilities. */
  | { readonly kind: "none" }
  /** Corrected from the class shares that were drawn in training to even ones: before it is looked at, a scan is as likely a photo as not. */
  | { readonly kind: "even-prior" }
  /** Fitted elsewhere, for example on whole sources that were left out. */
  | ({ readonly kind: "given" } & Calibration);

/** Certainty beyond what float32 probabilities can tell apart is cut off here. */
const closestToCertain = 1e-6;

function logit(p: number): number {
  const inside = Math.min(1 - closestToCertain, Math.max(closestToCertain, p));
  return Math.log(inside / (1 - inside));
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** @param p from 0 to 1; without a calibration it is returned as it is. */
export function calibrated(p: number, calibration: Calibration | null): number {
  return calibration === null ? p : sigmoid(calibration.scale * logit(p) + calibration.shift);
}

/**
 * Bayes' rule with other class shares: odds' = odds · (½ / s) / (½ / (1 − s)).
 * @param positiveShare s, the share of positive images among those drawn in training, between 0 and 1 exclusive.
 */
export function evenPrior(positiveShare: number): Calibration {
  return { scale: 1, shift: Math.log((1 - positiveShare) / positiveShare) };
}

/**
 * Platt scaling: the scale and shift that minimise the cross-entropy, both classes weighing the same in total however many images they have (so the
 * probabilities are those of an even prior). Newton's method on a convex function of two variables; a weak pull towards scale 1 (as of
 * one image in each class) keeps classes that a threshold separates from driving the scale to infinity.
 *
 * Source: J. Platt, Probabilistic Outputs for Support Vector Machines, 1999.
 * @returns null where there is no image of one of the classes, or where larger probabilities do not mean more positives.
 */
export function fitCalibration(isPositive: readonly boolean[], probabilities: ArrayLike<number>): Calibration | null {
  const positives = isPositive.filter(Boolean).length;
  const negatives = isPositive.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const x = Array.from(probabilities, logit);
  const weights = isPositive.map((positive) => 0.5 / (positive ? positives : negatives));
  const pull = 1 / isPositive.length;
  let scale = 1;
  let shift = 0;
  for (let iteration = 0; iteration < 100; iteration++) {
    let [gradientScale, gradientShift] = [pull * (scale - 1), 0];
    let [scaleScale, scaleShift, shiftShift] = [pull, 0, 1e-12];
    for (const [i, z] of x.entries()) {
      const p = sigmoid(scale * z + shift);
      const error = weights[i]! * (p - (isPositive[i] ? 1 : 0));
      const curvature = weights[i]! * p * (1 - p);
      gradientScale += error * z;
      gradientShift += error;
      scaleScale += curvature * z * z;
      scaleShift += curvature * z;
      shiftShift += curvature;
    }
    const determinant = scaleScale * shiftShift - scaleShift * scaleShift;
    const stepScale = (shiftShift * gradientScale - scaleShift * gradientShift) / determinant;
    const stepShift = (scaleScale * gradientShift - scaleShift * gradientScale) / determinant;
    // Far from the optimum a whole Newton step can leap over it.
    const length = Math.max(1, Math.hypot(stepScale, stepShift));
    scale -= stepScale / length;
    shift -= stepShift / length;
    if (Math.hypot(stepScale, stepShift) < 1e-10) break;
  }
  return scale > 0 ? { scale, shift } : null;
}

/** The same calibration at a temperature (see `fitTemperature`): less sure above 1, surer below. Whoever stood above a threshold still does. */
export function tempered(calibration: Calibration | null, temperature: number): Calibration {
  const { scale, shift } = calibration ?? { scale: 1, shift: 0 };
  return { scale: scale / temperature, shift: shift / temperature };
}

/** Where a probability, a threshold for example, moves when its calibration is tempered; 0 and 1 stay. */
export function temperedProbability(p: number, temperature: number): number {
  return p <= 0 || p >= 1 ? p : calibrated(p, { scale: 1 / temperature, shift: 0 });
}

/** The log-odds that a temperature is fitted to. */
export function logitsOf(probabilities: ArrayLike<number>): Float64Array {
  return Float64Array.from(probabilities, logit);
}
