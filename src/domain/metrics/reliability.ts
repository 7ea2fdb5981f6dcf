/** Whether a probability means what it says: of the images called 0.8, are eight in ten photos? */

export interface ReliabilityBin {
  readonly count: number;
  /** `null` where the bin is empty. */
  readonly meanPredicted: number | null;
  /** Share of positive images; `null` where the bin is empty. */
  readonly sharePositive: number | null;
}

export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** Expected calibration error: Σ count / n · |mean predicted − share positive|. */
  readonly error: number;
  /** The largest gap of a bin. */
  readonly maximumError: number;
}

/** Bins of equal width, or of equally many images. */
export type Binning = "width" | "mass";

/**
 * @param labels 1 for positive, 0 for negative images
 * @param probabilities from 0 to 1
 * @param binning `width`: bin k holds (k / bins, (k + 1) / bins], the first one 0 too, as scikit-learn's `calibration_curve`. `mass`: images in
 * the order of p (stable), cut into runs of which the first n mod `bins` are one longer (`numpy.array_split`).
 */
export function reliability(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  binning: Binning,
  bins = 10,
): Reliability {
  const n = labels.length;
  const counts = new Uint32Array(bins);
  const predicted = new Float64Array(bins);
  const positive = new Uint32Array(bins);
  const add = (bin: number, image: number): void => {
    counts[bin]! += 1;
    predicted[bin]! += probabilities[image]!;
    positive[bin]! += labels[image]!;
  };
  if (binning === "width") {
    for (let i = 0; i < n; i++) add(binOf(probabilities[i]!, bins), i);
  } else {
    const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => probabilities[a]! - probabilities[b]!);
    const [size, longer] = [Math.floor(n / bins), n % bins];
    let at = 0;
    for (let bin = 0; bin < bins; bin++) {
      for (const end = at + size + (bin < longer ? 1 : 0); at < end; at++) add(bin, order[at]!);
    }
  }
  let error = 0;
  let maximumError = 0;
  for (let bin = 0; bin < bins; bin++) {
    if (counts[bin] === 0) continue;
    const gap = Math.abs(predicted[bin]! - positive[bin]!);
    error += gap / n;
    maximumError = Math.max(maximumError, gap / counts[bin]!);
  }
  return {
    bins: Array.from(counts, (count, bin) => ({
      count,
      meanPredicted: count === 0 ? null : predicted[bin]! / count,
      sharePositive: count === 0 ? null : positive[bin]! / count,
    })),
    error,
    maximumError,
  };
}

/** `floor(p · bins)` would be wrong at the edges, which belong to the bin below them. */
export function binOf(p: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.max(0, Math.floor(p * bins)));
  while (bin > 0 && p <= bin / bins) bin--;
  while (bin < bins - 1 && p > (bin + 1) / bins) bin++;
  return bin;
}
