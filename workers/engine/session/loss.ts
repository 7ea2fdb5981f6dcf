/** Cross-entropy from logits, as a compiled Keras model computes it: nothing is clipped. */
import * as tf from "../backends/tensors.ts";
import type { OutputKind } from "../../../src/domain/experiment/experiment.ts";

/**
 * Mean over the batch.
 * @param logits [images, outputs]
 * @param targets the same shape, 0 to 1; rows sum to 1 for several outputs.
 */
export function crossEntropy(output: OutputKind, logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  const loss = tf.customGrad((z, save) => {
    const [logit, keep] = [z as tf.Tensor2D, save as tf.GradSaveFunc];
    keep([logit, targets]);
    const value = output === "binary" ? sigmoidLoss(logit, targets) : softmaxLoss(logit, targets);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [savedLogit, target] = saved as [tf.Tensor2D, tf.Tensor2D];
      const probability = output === "binary" ? tf.sigmoid(savedLogit) : tf.softmax(savedLogit);
      return tf.mul(tf.sub(probability, target), tf.div(dy, savedLogit.shape[0]));
    };
    return { value, gradFunc };
  });
  return loss(logits);
}

/** max(z, 0) − z·y + log(1 + e^−|z|) */
function sigmoidLoss(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  const rest = tf.log(tf.add(tf.exp(tf.neg(tf.abs(logits))), 1));
  return tf.mean(tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), rest));
}

/** −Σ y·log softmax(z) */
function softmaxLoss(logits: tf.Tensor2D, targets: tf.Tensor2D): tf.Scalar {
  const total = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits))));
  return tf.div(total, logits.shape[0]);
}
