/**
 * Losses of probabilities that come without their logits, as Keras computes them: clipped to [1e-7, 1 − 1e-7], which in float32 ends
 * at 0.99999988; outside, the gradient is 0. Training never meets them, since its losses come from logits.
 */
import * as tf from "../backends/tensors.ts";

const lowest = Math.fround(1e-7);
const highest = Math.fround(1 - 1e-7);

/** The clipped values, and 1 where nothing was clipped. */
function clip(probabilities: tf.Tensor): { readonly clipped: tf.Tensor; readonly passes: tf.Tensor } {
  const inside = tf.logicalAnd(tf.greaterEqual(probabilities, lowest), tf.lessEqual(probabilities, highest));
  return { clipped: tf.clipByValue(probabilities, lowest, highest), passes: tf.cast(inside, "float32") };
}

/** Mean binary cross-entropy −y·log p − (1 − y)·log(1 − p), and its gradient by the probabilities. */
export function clippedBinaryCrossEntropy(probabilities: tf.Tensor, labels: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const { clipped, passes } = clip(probabilities);
  const rest = tf.sub(1, clipped);
  const restLabels = tf.sub(1, labels);
  const each = tf.add(tf.mul(labels, tf.log(clipped)), tf.mul(restLabels, tf.log(rest)));
  const slope = tf.sub(tf.div(restLabels, rest), tf.div(labels, clipped));
  return [tf.neg(tf.mean(each)), tf.div(tf.mul(slope, passes), probabilities.size)];
}

/** Mean of log Σ p − log p[label] over clipped probabilities (Keras normalises them again), and its gradient by them. */
export function clippedSparseCrossEntropy(probabilities: tf.Tensor2D, labels: tf.Tensor1D): [tf.Tensor, tf.Tensor] {
  const { clipped, passes } = clip(probabilities);
  const [rows, classes] = probabilities.shape;
  const chosen = tf.cast(tf.oneHot(labels, classes), "float32");
  const total = tf.sum(clipped, 1, true);
  const own = tf.sum(tf.mul(clipped, chosen), 1, true);
  const loss = tf.mean(tf.sub(tf.log(total), tf.log(own)));
  const slope = tf.sub(tf.div(1, total), tf.div(chosen, clipped));
  return [loss, tf.div(tf.mul(slope, passes), rows)];
}
