/** Whether captures still look like the images that a model learnt from, by a few numbers of each. */
import { median } from "../metrics/median.ts";
import { imageStatisticNames, type ImageStatisticName, type ImageStatistics } from "./image-statistics.ts";

/** Bins of each statistic, at most: they divide the training images evenly. */
const mostBins = 10;
/** Fewer captures say nothing about a distribution. */
export const fewestCaptures = 50;
/** A population stability index from here on is a major change by the usual rule (Siddiqi, Credit Risk Scorecards, 2006). */
const majorChange = 0.25;
/** Normal quantile of 1 − 0.01 / 5: five statistics are looked at, and one in a hundred batches may be taken for another by chance. */
const quantile = 2.878;
/** Added to each bin, so that an empty one does not make the index infinite. */
const pseudoCount = 0.5;

type ByStatistic<T> = Readonly<Record<ImageStatisticName, T>>;

/** What a model's training images are like. Small enough to lie with the model. */
export interface ImageSummary {
  /** What lies between two bins, ascending; a value belongs to the bin above the edges that it reaches. */
  readonly edges: ByStatistic<readonly number[]>;
  /** Training images of the positive class in each bin. */
  readonly positive: ByStatistic<readonly number[]>;
  readonly negative: ByStatistic<readonly number[]>;
}

/** A picture with its side: as it was annotated, or as a capture was judged. */
export interface SidedStatistics {
  readonly statistics: ImageStatistics;
  readonly isPositive: boolean;
}

export function summariseImages(images: readonly SidedStatistics[]): ImageSummary {
  const edges = perStatistic((name) => edgesOf(images.map(({ statistics }) => statistics[name])));
  const sideCounts = (side: boolean) => {
    const own = images.filter(({ isPositive }) => isPositive === side);
    return perStatistic((name) => countsOf(valuesOf(own, name), edges[name]));
  };
  return { edges, positive: sideCounts(true), negative: sideCounts(false) };
}

/** One statistic of captures against training images. */
export interface StatisticDrift {
  readonly name: ImageStatisticName;
  /** Population stability index: Σ (a − e) ln(a / e) over the bins' shares of captures (a) and of training images (e). */
  readonly index: number;
  /** A major change, and more than chance makes of so few. */
  readonly isRemarkable: boolean;
  readonly median: number;
  /** Of the training images, read from the bins. */
  readonly trainingMedian: number;
}

export interface ImageDrift {
  readonly captures: number;
  readonly statistics: readonly StatisticDrift[];
}

/**
 * Compares captures with training images mixed as the captures were judged, so many photos to so many others: a batch of photos alone is no drift.
 *
 * Where nothing changed, the index is about (1/n + 1/m) times a χ² with one degree of freedom less than there are bins, n captures and m training
 * images (Yurdakul and Naranjo, Statistical properties of the population stability index, 2020).
 * @returns null where there are too few captures, or training images of a side that captures are on
 */
export function imageDrift(captures: readonly SidedStatistics[], summary: ImageSummary): ImageDrift | null {
  const n = captures.length;
  if (n < fewestCaptures) return null;
  const share = captures.filter(({ isPositive }) => isPositive).length / n;
  const statistics: StatisticDrift[] = [];
  for (const name of imageStatisticNames) {
    const edges = summary.edges[name];
    const sides = [
      { weight: share, counts: summary.positive[name] },
      { weight: 1 - share, counts: summary.negative[name] },
    ].filter(({ weight }) => weight > 0);
    if (sides.some(({ counts }) => sum(counts) === 0)) return null;
    const expected = edges.map(() => 0).concat(0);
    let variance = 0;
    for (const { weight, counts } of sides) {
      for (const [bin, part] of sharesOf(counts).entries()) expected[bin]! += weight * part;
      variance += weight ** 2 / sum(counts);
    }
    const values = valuesOf(captures, name);
    const actual = sharesOf(countsOf(values, edges));
    const index = actual.reduce((total, a, bin) => total + (a - expected[bin]!) * Math.log(a / expected[bin]!), 0);
    const byChance = (1 / n + variance) * chiSquareQuantile(edges.length);
    statistics.push({
      name,
      index,
      isRemarkable: index >= majorChange && index > byChance,
      median: median(values),
      trainingMedian: binnedMedian(expected, edges),
    });
  }
  return { captures: n, statistics };
}

function perStatistic<T>(make: (name: ImageStatisticName) => T): ByStatistic<T> {
  return Object.fromEntries(imageStatisticNames.map((name) => [name, make(name)])) as ByStatistic<T>;
}

function valuesOf(images: readonly SidedStatistics[], name: ImageStatisticName): number[] {
  return images.map(({ statistics }) => statistics[name]);
}

/** Deciles; fewer where many images have the same value. */
function edgesOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const edges = new Set<number>();
  for (let bin = 1; bin < mostBins; bin++) {
    const edge = sorted[Math.floor((bin * sorted.length) / mostBins)];
    if (edge !== undefined && edge > sorted[0]!) edges.add(edge);
  }
  return [...edges];
}

function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const counts = edges.map(() => 0).concat(0);
  for (const value of values) counts[edges.filter((edge) => value >= edge).length]! += 1;
  return counts;
}

function sharesOf(counts: readonly number[]): number[] {
  const total = sum(counts) + pseudoCount * counts.length;
  return counts.map((count) => (count + pseudoCount) / total);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Evenly within the bin that holds the middle; at the ends, whose other edge nobody knows, the edge that there is. */
function binnedMedian(shares: readonly number[], edges: readonly number[]): number {
  let below = 0;
  for (const [bin, share] of shares.entries()) {
    if (below + share >= 0.5) {
      const [low, high] = [edges[bin - 1], edges[bin]];
      if (low === undefined || high === undefined) return low ?? high ?? NaN;
      return low + ((0.5 - below) / share) * (high - low);
    }
    below += share;
  }
  return NaN;
}

/** Wilson and Hilferty's approximation (1931), at `quantile`. */
function chiSquareQuantile(degrees: number): number {
  if (degrees === 0) return 0;
  const part = 2 / (9 * degrees);
  return degrees * (1 - part + quantile * Math.sqrt(part)) ** 3;
}
