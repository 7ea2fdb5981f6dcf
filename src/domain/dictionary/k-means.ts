/** k-means by Lloyd's algorithm. */
import type { SeededRandom } from "../random/seeded-random.ts";

export interface KMeansSettings {
  readonly clusters: number;
  readonly iterations: number;
  /**
   * Points and centres lie on the unit sphere and are compared by their cosine (Dhillon and Modha, 2001); else by their distance. Points are taken as
   * they are: normalise them before.
   */
  readonly isSpherical: boolean;
}

/**
 * @param points [n × width], at least one
 * @returns the centres, [clusters × width]; a cluster that nothing falls to begins again at a random point
 */
export function kMeans(
  points: Float32Array,
  width: number,
  { clusters, iterations, isSpherical }: KMeansSettings,
  random: SeededRandom,
): Float32Array {
  const count = points.length / width;
  const centres = new Float32Array(clusters * width);
  const restart = (cluster: number) => {
    const from = random.int(count) * width;
    centres.set(points.subarray(from, from + width), cluster * width);
  };
  for (let cluster = 0; cluster < clusters; cluster++) restart(cluster);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const sums = new Float64Array(clusters * width);
    const members = new Uint32Array(clusters);
    const halfSquares = isSpherical ? new Float64Array(clusters) : halfSquaredNorms(centres, width);
    for (let point = 0; point < count; point++) {
      const at = point * width;
      const cluster = nearest(points, at, centres, width, halfSquares);
      members[cluster]! += 1;
      for (let i = 0; i < width; i++) sums[cluster * width + i]! += points[at + i]!;
    }
    for (let cluster = 0; cluster < clusters; cluster++) {
      const sum = sums.subarray(cluster * width, (cluster + 1) * width);
      const divisor = isSpherical ? Math.hypot(...sum) : members[cluster]!;
      if (divisor === 0) restart(cluster);
      else for (let i = 0; i < width; i++) centres[cluster * width + i] = sum[i]! / divisor;
    }
  }
  return centres;
}

/** The nearest centre c of x has the largest x·c − |c|²/2. */
function nearest(
  points: Float32Array,
  at: number,
  centres: Float32Array,
  width: number,
  halfSquares: Float64Array,
): number {
  let best = 0;
  let bestScore = -Infinity;
  for (let cluster = 0; cluster < halfSquares.length; cluster++) {
    let score = -halfSquares[cluster]!;
    for (let i = 0; i < width; i++) score += points[at + i]! * centres[cluster * width + i]!;
    if (score <= bestScore) continue;
    best = cluster;
    bestScore = score;
  }
  return best;
}

function halfSquaredNorms(centres: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: centres.length / width }, (_, cluster) => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += centres[cluster * width + i]! ** 2;
    return sum / 2;
  });
}
