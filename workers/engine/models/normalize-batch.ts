/** The arithmetic of batch normalisation in training, with its gradient in closed form. */
import * as tf from "../backends/tensors.ts";

type Statistics = tf.Tensor1D;

/**
 * y = γ·(x − μ)/√(σ² + ε) + β over all but the last axis, σ² being the biased variance (Ioffe and Szegedy, 2015).
 * @param onStatistics gets μ and σ² while they live.
 */
export function normalizeBatch(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  epsilon: number,
  onStatistics: (mean: Statistics, variance: Statistics) => void,
): tf.Tensor4D {
  const normalize = tf.customGrad((input, scale, offset, save) => {
    const rows = asRows(input as tf.Tensor);
    const mean = columnMeans(rows);
    const centred = tf.sub(rows, mean);
    const variance = columnMeans(tf.square(centred));
    onStatistics(mean, variance);
    const inverse = tf.rsqrt(tf.add(variance, epsilon)) as tf.Tensor1D;
    const normal = tf.mul(centred, inverse) as tf.Tensor2D;
    const value = tf.add(tf.mul(normal, scale as tf.Tensor), offset as tf.Tensor).reshape((input as tf.Tensor).shape);
    (save as tf.GradSaveFunc)([normal, inverse, scale as tf.Tensor]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [savedNormal, savedInverse, savedScale] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
      const gradient = asRows(dy);
      const offsetGradient = columnSums(gradient);
      const scaleGradient = columnSums(tf.mul(gradient, savedNormal) as tf.Tensor2D);
      const count = gradient.shape[0];
      const own = tf.sub(gradient, tf.div(offsetGradient, count));
      const without = tf.sub(own, tf.mul(savedNormal, tf.div(scaleGradient, count)));
      return [tf.mul(without, tf.mul(savedScale, savedInverse)).reshape(dy.shape), scaleGradient, offsetGradient];
    };
    return { value, gradFunc };
  });
  return normalize(x, gamma, beta) as tf.Tensor4D;
}

function asRows(x: tf.Tensor): tf.Tensor2D {
  return tf.reshape(x, [-1, x.shape.at(-1)!]);
}

/** As a matrix product: a reduction over the first axis would be transposed first. */
function columnSums(rows: tf.Tensor2D): tf.Tensor1D {
  return tf.reshape(tf.matMul(tf.ones([1, rows.shape[0]]), rows), [-1]);
}

function columnMeans(rows: tf.Tensor): tf.Tensor1D {
  return tf.div(columnSums(rows as tf.Tensor2D), rows.shape[0]!);
}
