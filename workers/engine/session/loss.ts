/** Cross-entropy from logits, as a compiled Keras model computes it: nothing is clipped. */
import * as tf from "../backends/tensors.ts";
import type { OutputKind } from "../../../src/domain/experiment/experiment.ts";

/**
 * Mean over the batch; with weights Σ weight·loss / images, as Keras' `class_weight` and `sample_weight` have it.
 * @param logits [images, outputs]
 * @param targets the same shape, 0 to 1; rows sum to 1 for several outputs.
 * @param weights [images, 1]; all 1 where not given
 */
export function crossEntropy(
  output: OutputKind,
  logits: tf.Tensor2D,
  targets: tf.Tensor2D,
  weights: tf.Tensor2D | null = null,
): tf.Scalar {
  const loss = tf.customGrad((...inputs) => {
    const [logit, keep] = inputs as unknown as [tf.Tensor2D, tf.GradSaveFunc];
    keep(weights ? [logit, targets, weights] : [logit, targets]);
    const losses = output === "binary" ? sigmoidLosses(logit, targets) : softmaxLosses(logit, targets);
    const total = tf.sum(weights ? tf.mul(losses, weights) : losses);
    const value = tf.div<tf.Scalar>(total, logit.shape[0]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [savedLogit, target, weight] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D?];
      const probability = output === "binary" ? tf.sigmoid(savedLogit) : tf.softmax(savedLogit);
      const gradient = tf.mul(tf.sub(probability, target), tf.div(dy, savedLogit.shape[0]));
      return weight ? tf.mul(gradient, weight) : gradient;
    };
    return { value, gradFunc };
  });
  return loss(logits);
}

/** max(z, 0) − z·y + log(1 + e^−|z|) of each image, [images, 1] */
function sigmoidLosses(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor {
  const rest = tf.log(tf.add(tf.exp(tf.neg(tf.abs(logits))), 1));
  return tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), rest);
}

/** −Σ y·log softmax(z) of each image, [images, 1] */
function softmaxLosses(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1, true));
}
