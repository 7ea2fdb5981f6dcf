import * as tf from "./tensors.ts";

/** A small training-like step: a 3×3 convolution, its two gradients and a matrix product; about 0.4 GFLOP. */
function step(x: tf.Tensor4D, filter: tf.Tensor4D, a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor[] {
  return tf.tidy(() => {
    const loss = (input: tf.Tensor4D, weights: tf.Tensor4D): tf.Scalar =>
      tf.sum(tf.relu(tf.conv2d(input, weights, 1, "same")));
    return [...tf.grads(loss as (...inputs: tf.Tensor[]) => tf.Tensor)([x, filter]), tf.matMul(a, b)];
  });
}

async function timeStep(inputs: Parameters<typeof step>): Promise<number> {
  const begin = performance.now();
  const results = step(...inputs);
  await Promise.all(results.map((result) => result.data()));
  tf.dispose(results);
  return performance.now() - begin;
}

/**
 * Milliseconds that the current backend takes for a small training-like step, once it is warm: the best of up to three.
 * @param limit milliseconds after which no further repetition starts; a first step that takes longer counts as it is
 */
export async function probeBackend(limit: number): Promise<number> {
  const inputs: Parameters<typeof step> = [
    tf.randomNormal([8, 48, 48, 16], 0, 1, "float32", 1),
    tf.randomNormal([3, 3, 16, 32], 0, 0.1, "float32", 2),
    tf.randomNormal([64, 1024], 0, 1, "float32", 3),
    tf.randomNormal([1024, 128], 0, 1, "float32", 4),
  ];
  try {
    const begin = performance.now();
    // Compiles shaders and grows the heap.
    let best = await timeStep(inputs);
    for (let i = 0; i < 3 && performance.now() - begin < limit; i++) best = Math.min(best, await timeStep(inputs));
    return best;
  } finally {
    tf.dispose(inputs);
  }
}
