/**
 * The review band: doubtful images are shown to a person, and what that leaves.
 *
 * A threshold t says how two mistakes weigh against each other: at p = t, a missed photo (p) and a non-photo let through (1 − p) cost the same in
 * expectation, so their costs are as 1 − t to t. The expected cost of a verdict, as a share of that at the threshold, is its doubt: p / t below the
 * threshold, (1 − p) / (1 − t) above. To show every image of at least a given doubt is the cheapest way to show so many.
 */
import type { Judged } from "./measures.ts";

export interface ReviewBand {
  readonly low: number;
  readonly high: number;
}

/** @returns 0 (sure) to 1 (at the threshold) */
export function doubtOf(p: number, threshold: number): number {
  const [part, whole] = p < threshold ? [p, threshold] : [1 - p, 1 - threshold];
  return whole === 0 ? 0 : part / whole;
}

/** The band of all probabilities with at least this doubt; `null` where that is none. */
export function bandOf(threshold: number, doubt: number): ReviewBand | null {
  if (doubt >= 1) return null;
  const low = doubt * threshold;
  const high = 1 - doubt * (1 - threshold);
  return { low, high };
}

export interface ReviewOutcome {
  /** Images in the band [low, high). */
  readonly reviewed: number;
  /** Of the others: positive images called negative. */
  readonly missed: number;
  /** Of the others: negative images called positive. */
  readonly letThrough: number;
}

/** What a band does on images whose classes are known, where whoever reviews is right. */
export function reviewOutcome(
  { labels, probabilities }: Judged,
  threshold: number,
  band: ReviewBand | null,
): ReviewOutcome {
  let [reviewed, missed, letThrough] = [0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i]!;
    if (band && p >= band.low && p < band.high) reviewed++;
    else if (labels[i] === 1 && p < threshold) missed++;
    else if (labels[i] !== 1 && p >= threshold) letThrough++;
  }
  return { reviewed, missed, letThrough };
}

export interface ReviewPoint {
  /** Images of at least this doubt are reviewed. */
  readonly doubt: number;
  /** Share of images reviewed, 0 to 1. */
  readonly share: number;
  /** Wrong verdicts among the others, as a share of all images. */
  readonly errorsLeft: number;
}

/** What each further image shown to a person leaves, from none to all of them: one point for each distinct doubt. */
export function reviewCurve({ labels, probabilities }: Judged, threshold: number): ReviewPoint[] {
  const n = labels.length;
  const doubts = Float64Array.from(probabilities, (p) => doubtOf(p, threshold));
  const isWrong = Uint8Array.from(labels, (label, i) => (probabilities[i]! >= threshold === (label === 1) ? 0 : 1));
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => doubts[b]! - doubts[a]!);
  let left = isWrong.reduce((sum, wrong) => sum + wrong, 0);
  const points: ReviewPoint[] = [{ doubt: 1, share: 0, errorsLeft: n === 0 ? 0 : left / n }];
  for (let at = 0; at < n; at++) {
    left -= isWrong[order[at]!]!;
    const doubt = doubts[order[at]!]!;
    if (at + 1 < n && doubts[order[at + 1]!] === doubt) continue;
    // Halfway to the next doubt, so that the band's edges lie between images.
    const next = at + 1 < n ? doubts[order[at + 1]!]! : 0;
    points.push({ doubt: (doubt + next) / 2, share: (at + 1) / n, errorsLeft: left / n });
  }
  return points;
}

/** The doubt from which on about this share of images is shown: the last point that shows no more. */
export function doubtForShare(curve: readonly ReviewPoint[], share: number): number {
  let found = curve[0]?.doubt ?? 1;
  for (const point of curve) if (point.share <= share) found = point.doubt;
  return found;
}
