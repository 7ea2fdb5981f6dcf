/** From what a network puts out to P(positive). */
import type { ModelOutput } from "./model.ts";

/** Numbers that a network puts out for an image. */
export function outputWidth(output: ModelOutput): number {
  return output.kind === "sigmoid" ? 1 : output.labels.length;
}

/** P(positive) of each image from a network's probabilities, `outputWidth` numbers an image. */
export function positiveOf(output: ModelOutput, probabilities: Float32Array): Float32Array {
  if (output.kind === "sigmoid") {
    return output.positive === 1 ? probabilities : probabilities.map((p) => 1 - p);
  }
  const width = output.labels.length;
  const images = probabilities.length / width;
  return Float32Array.from({ length: images }, (_, i) => probabilities[i * width + output.positive]!);
}
