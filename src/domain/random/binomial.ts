import { logGamma } from "../metrics/statistics.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Below this many expected successes, counting failures between them is faster than rejection. */
const fewSuccesses = 10;

/**
 * Successes of n trials. W. Hörmann's BTRS (The Generation of Binomial Random Variates, 1993); where few successes are expected, sums of geometric
 * gaps (L. Devroye, Non-Uniform Random Variate Generation, 1986).
 * @param p of one trial, 0 to 1
 */
export function binomial(random: SeededRandom, n: number, p: number): number {
  if (p > 0.5) return n - binomial(random, n, 1 - p);
  if (p <= 0 || n === 0) return 0;
  return n * p < fewSuccesses ? byGaps(random, n, p) : byRejection(random, n, p);
}

function byGaps(random: SeededRandom, n: number, p: number): number {
  const scale = Math.log1p(-p);
  let successes = 0;
  for (let trials = 0; ; successes++) {
    trials += Math.floor(Math.log(1 - random.uniform()) / scale) + 1;
    if (trials > n) return successes;
  }
}

function byRejection(random: SeededRandom, n: number, p: number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const surely = 0.92 - 4.2 / b;
  const logOdds = Math.log(p / (1 - p));
  const mode = Math.floor((n + 1) * p);
  const logMode = logGamma(mode + 1) + logGamma(n - mode + 1);
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = 1 - random.uniform();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor((2 * (a / distance) + b) * u + n * p + 0.5);
    if (distance >= 0.07 && v <= surely) return k;
    if (k < 0 || k > n) continue;
    const height = logMode - logGamma(k + 1) - logGamma(n - k + 1) + (k - mode) * logOdds;
    if (Math.log((v * alpha) / (a / (distance * distance) + b)) <= height) return k;
  }
}
