import * as tf from "@tensorflow/tfjs-core";
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/**
 * Gives a variable new values, where it can in the memory that it has: a large weight that is assigned a new tensor leaves a hole in the WASM
 * heap, which small tensors then make useless for the next large one.
 * @param values as many as the variable has
 */
export function overwrite(variable: tf.Variable, values: Float32Array): void {
  if (values.length !== variable.size) {
    throw new RangeError(`${variable.name} has ${variable.size} values, not ${values.length}`);
  }
  const backend = tf.backend();
  if (backend instanceof BackendWasm && backend.refCount(variable.dataId) === 1) {
    (backend.typedArrayFromHeap(variable) as Float32Array).set(values);
  } else {
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
  }
}
