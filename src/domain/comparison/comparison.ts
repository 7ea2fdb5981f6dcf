/** Is one model really better than another, or is it noise? */
import { bootstrap, countsOf, differenceOf } from "../metrics/bootstrap.ts";
import { confusionAt, confusionFigures } from "../metrics/confusion.ts";
import { type Judged, rankingMeasure, verdictCells, verdictMeasure } from "../metrics/measures.ts";
import { holm, type PairedDifference, pairedDifference, type PairedRuns, pairedRuns } from "../metrics/paired-tests.ts";
import type { Interval } from "../metrics/statistics.ts";
import type { JudgedImages } from "../run/predictions.ts";

/** What p-values are compared with. */
export const significance = 0.05;

/** A model on the images it was not trained on. */
export interface Contender extends Pick<JudgedImages, "imageIds" | "labels" | "probabilities"> {
  /** What is positive: p ≥ threshold. */
  readonly threshold: number;
}

export interface Difference {
  /** Of A less that of B; `null` where it is undefined. */
  readonly value: number | null;
  /** Paired bootstrap, 95 %. */
  readonly interval: Interval | null;
}

export interface ModelComparison {
  /** Images that both judged: all figures are of these. */
  readonly images: number;
  /** Accuracy, with McNemar's exact test. */
  readonly accuracy: PairedDifference;
  readonly balancedAccuracy: Difference;
  readonly auroc: Difference;
}

/** `null` where they have no image in common: models of different splits cannot be compared image by image. */
export function compareModels(a: Contender, b: Contender, resamples?: number): ModelComparison | null {
  const { imageIds, labels, judgedA, judgedB } = onSameImages(a, b);
  const images = imageIds.length;
  if (images === 0) return null;
  const right = (judged: Judged, threshold: number) =>
    Uint8Array.from(labels, (label, i) => (judged.probabilities[i]! >= threshold === (label === 1) ? 1 : 0));
  const options = resamples === undefined ? {} : { resamples };
  return {
    images,
    accuracy: pairedDifference(right(judgedA, a.threshold), right(judgedB, b.threshold)),
    balancedAccuracy: balancedDifference(judgedA, a.threshold, judgedB, b.threshold, options),
    auroc: aurocDifference(judgedA, judgedB, options),
  };
}

/** What both judged, in the order of `a`. */
function onSameImages(a: Contender, b: Contender) {
  const placeInB = new Map(b.imageIds.map((imageId, place) => [imageId, place]));
  const pairs = a.imageIds.flatMap((imageId, place) => {
    const other = placeInB.get(imageId);
    return other === undefined ? [] : [[place, other] as const];
  });
  const labels = Uint8Array.from(pairs, ([place]) => a.labels[place]!);
  const judgedA: Judged = { labels, probabilities: Float64Array.from(pairs, ([place]) => a.probabilities[place]!) };
  const judgedB: Judged = { labels, probabilities: Float64Array.from(pairs, ([, place]) => b.probabilities[place]!) };
  return { imageIds: pairs.map(([place]) => a.imageIds[place]!), labels, judgedA, judgedB };
}

/** Whoever has the same label and the same two verdicts is the same for the balanced accuracy: one of 16 cells an image. */
function jointCells(a: Judged, thresholdA: number, b: Judged, thresholdB: number): Uint8Array {
  const cellsB = verdictCells(b, thresholdB);
  return verdictCells(a, thresholdA).map((cell, i) => 4 * cell + cellsB[i]!);
}

const balancedOfCells = (cellOf: (joint: number) => number) => (counts: Uint32Array) => {
  const table = new Uint32Array(4);
  counts.forEach((count, joint) => (table[cellOf(joint)]! += count));
  return { balancedAccuracy: verdictMeasure(table).balancedAccuracy };
};

/** Of how many images are in each joint cell. */
const balancedOfJoint = differenceOf(
  balancedOfCells((joint) => joint >> 2),
  balancedOfCells((joint) => joint & 3),
);

function balancedDifference(
  a: Judged,
  thresholdA: number,
  b: Judged,
  thresholdB: number,
  options: { readonly resamples?: number },
): Difference {
  const cells = countsOf(jointCells(a, thresholdA, b, thresholdB), 16);
  const { interval } = bootstrap({ cells }, balancedOfJoint, options).balancedAccuracy;
  return { value: balancedOfJoint(cells).balancedAccuracy, interval };
}

/**
 * A − B in balanced accuracy, with an interval over whole sources: images of one source resemble each other, so that a resample of single images
 * claims to know more than it does (the cluster bootstrap: Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8).
 * @param sourceOf names the source of an image; a source that spans classes should have a name for each
 */
export function differenceOverSources(
  a: Contender,
  b: Contender,
  sourceOf: (imageId: string) => string,
  resamples?: number,
): Difference {
  const { imageIds, judgedA, judgedB } = onSameImages(a, b);
  const cells = jointCells(judgedA, a.threshold, judgedB, b.threshold);
  const bySource = new Map<string, Uint32Array>();
  imageIds.forEach((imageId, i) => {
    const source = sourceOf(imageId);
    const counts = bySource.get(source) ?? new Uint32Array(16);
    counts[cells[i]!]! += 1;
    bySource.set(source, counts);
  });
  const tables = [...bySource.values()];
  const ofSources = (drawn: Uint32Array) => {
    const total = new Uint32Array(16);
    tables.forEach((table, source) => table.forEach((count, cell) => (total[cell]! += drawn[source]! * count)));
    return balancedOfJoint(total);
  };
  const options = resamples === undefined ? {} : { resamples };
  const value = ofSources(new Uint32Array(tables.length).fill(1)).balancedAccuracy;
  return { value, interval: bootstrap({ images: tables.length }, ofSources, options).balancedAccuracy.interval };
}

function aurocDifference(a: Judged, b: Judged, options: { readonly resamples?: number }): Difference {
  const measure = differenceOf(rankingMeasure(a), rankingMeasure(b));
  const images = a.labels.length;
  const { interval } = bootstrap({ images }, measure, options).auroc;
  return { value: measure(new Uint32Array(images).fill(1)).auroc, interval };
}

/** A setting that was trained with several seeds: the balanced accuracy that each seed reached. */
export type ScoresBySeed = ReadonlyMap<number, number>;

/** Balanced accuracy, the score that seeds are compared by. */
export function scoreOf({ labels, probabilities, threshold }: Omit<Contender, "imageIds">): number {
  return confusionFigures(confusionAt(labels, probabilities, threshold)).balancedAccuracy;
}

/** The seeds that both settings were trained with; `null` where these are fewer than two. */
export function compareSeeds(a: ScoresBySeed, b: ScoresBySeed): PairedRuns | null {
  const seeds = [...a.keys()].filter((seed) => b.has(seed));
  return pairedRuns(
    seeds.map((seed) => a.get(seed)!),
    seeds.map((seed) => b.get(seed)!),
  );
}

/**
 * `a-better`, `b-better`: McNemar's test, corrected, and the balanced accuracy's interval agree, and no seeds speak against it. `noise`: neither
 * sees a difference. `unclear`: they disagree, or the difference is not larger than what another seed makes.
 */
export type ComparisonVerdict = "a-better" | "b-better" | "noise" | "unclear";

/** @param adjustedP McNemar's p-value after Holm's correction over all comparisons that were made */
export function verdictOf(
  { accuracy, balancedAccuracy }: ModelComparison,
  adjustedP: number,
  seeds: PairedRuns | null,
): ComparisonVerdict {
  const byImages = adjustedP <= significance ? Math.sign(accuracy.difference) : 0;
  const byBalance = signOf(balancedAccuracy.interval);
  if (byImages === 0 && byBalance === 0) return "noise";
  if (byImages !== byBalance) return "unclear";
  if (seeds && signOf(seeds.interval) !== byImages) return "unclear";
  return byImages > 0 ? "a-better" : "b-better";
}

/** On which side of 0 all of the interval lies; 0 where it holds 0. */
function signOf(interval: Interval | null): number {
  if (!interval) return 0;
  return interval[0] > 0 ? 1 : interval[1] < 0 ? -1 : 0;
}

/** McNemar's p-values of several comparisons, corrected for their number (Holm). */
export function correctedPValues(comparisons: readonly ModelComparison[]): number[] {
  return holm(comparisons.map(({ accuracy }) => accuracy.pValue));
}
