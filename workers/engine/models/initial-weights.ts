/** Initial weights from a seed. */
import { overwrite } from "../backends/variables.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { RandomStream } from "../../../src/domain/experiment/random-streams.ts";
import type { Network } from "./network.ts";

/**
 * Draws every kernel Glorot-uniform, as Keras does by default: uniform within ± √(6 / (fan in + fan out)) (Glorot and Bengio, 2010). All other
 * weights already hold what they begin with.
 */
export function initializeWeights(network: Network, seed: number): void {
  const random = new SeededRandom(seed, RandomStream.weights);
  for (const weight of network.trainable) {
    if (weight.rank < 2) continue;
    const limit = Math.sqrt(6 / fanSum(weight.shape));
    const values = new Float32Array(weight.size);
    for (let i = 0; i < values.length; i++) values[i] = random.uniform(-limit, limit);
    overwrite(weight, values);
  }
}

/** Fan in and fan out of a dense ([in, out]) or a convolution's ([height, width, in, out]) kernel. */
function fanSum(shape: readonly number[]): number {
  const [fanIn, fanOut] = shape.slice(-2) as [number, number];
  const field = shape.slice(0, -2).reduce((product, n) => product * n, 1);
  return field * (fanIn + fanOut);
}
