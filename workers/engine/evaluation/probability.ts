/** From what a network puts out to probabilities and losses, in plain numbers. */
import type { ModelOutput } from "../../../src/domain/model/model.ts";
import { outputWidth } from "../../../src/domain/model/output.ts";

/**
 * Probabilities and cross-entropy of one image's logits; the loss comes from the logits and is not clipped, as in training.
 * @param target index of the true output; for a sigmoid 0 or 1.
 */
export function judge(
  kind: ModelOutput["kind"],
  logits: Float32Array,
  target: number,
): { readonly probabilities: Float32Array; readonly loss: number } {
  if (kind === "sigmoid") {
    const z = logits[0]!;
    const probability = 1 / (1 + Math.exp(-z));
    const loss = Math.max(z, 0) - z * target + Math.log1p(Math.exp(-Math.abs(z)));
    return { probabilities: Float32Array.of(probability), loss };
  }
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, z) => total + Math.exp(z - largest), 0);
  const probabilities = logits.map((z) => Math.exp(z - largest) / sum);
  return { probabilities, loss: Math.log(sum) - (logits[target]! - largest) };
}

/** Probabilities of a whole batch of logits. */
export function probabilitiesOf(output: ModelOutput, logits: Float32Array): Float32Array {
  const width = outputWidth(output);
  const probabilities = new Float32Array(logits.length);
  for (let begin = 0; begin < logits.length; begin += width) {
    const row = logits.subarray(begin, begin + width);
    probabilities.set(judge(output.kind, row, 0).probabilities, begin);
  }
  return probabilities;
}
