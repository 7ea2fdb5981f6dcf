import * as tf from "@tensorflow/tfjs-core";
import { noteChange } from "./in-place.ts";
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** How the memory of a variable is reached on a backend that is loaded where it is wanted. */
export interface VariableMemory {
  read(variable: tf.Variable): Promise<Float32Array<ArrayBuffer>>;
  /** @param values as many as the variable has, which shares its memory with no other tensor */
  write(variable: tf.Variable, values: Float32Array<ArrayBuffer>): void;
}

const memories = new Map<string, VariableMemory>();

/** To be called by a backend when it starts. */
export function registerVariableMemory(backendName: string, memory: VariableMemory): void {
  memories.set(backendName, memory);
}

/**
 * Gives a variable new values, where it can in the memory that it has: a large weight that is assigned a new tensor leaves a hole in the WASM
 * heap, which small tensors then make useless for the next large one, and a second buffer of its size on a GPU.
 * @param values as many as the variable has
 */
export function overwrite(variable: tf.Variable, values: Float32Array<ArrayBuffer>): void {
  if (values.length !== variable.size) {
    throw new RangeError(`${variable.name} has ${variable.size} values, not ${values.length}`);
  }
  const backend = tf.backend();
  const memory = memories.get(tf.getBackend());
  if (backend.refCount(variable.dataId) !== 1 || !(memory ?? backend instanceof BackendWasm)) {
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    return;
  }
  noteChange(variable);
  if (backend instanceof BackendWasm) (backend.typedArrayFromHeap(variable) as Float32Array).set(values);
  else memory!.write(variable, values);
}

/** Values that are copied at once. */
const sliceLength = 4 * 2 ** 20;

/** All values of these variables, one after the other, as little-endian float32; no more than a slice of them is in memory twice. */
export async function valuesOf(variables: readonly tf.Variable[]): Promise<Blob> {
  const parts: Blob[] = [];
  for (const variable of variables) {
    const backend = tf.backend();
    const values =
      backend instanceof BackendWasm
        ? (backend.typedArrayFromHeap(variable) as Float32Array)
        : await (memories.get(tf.getBackend())?.read(variable) ?? (variable.data() as Promise<Float32Array>));
    for (let begin = 0; begin < values.length; begin += sliceLength) {
      // Sliced, for a Blob takes no shared memory; each slice a Blob, which the browser may keep outside of this worker's memory.
      parts.push(new Blob([values.slice(begin, begin + sliceLength)]));
    }
  }
  return new Blob(parts);
}

/**
 * Puts back what `valuesOf` read of the same variables.
 * @throws RangeError where the number of values differs
 */
export async function restoreValues(variables: readonly tf.Variable[], values: Blob): Promise<void> {
  const bytes = variables.reduce((sum, variable) => sum + 4 * variable.size, 0);
  if (values.size !== bytes) throw new RangeError(`${values.size} bytes cannot fill ${bytes}.`);
  let begin = 0;
  for (const variable of variables) {
    const end = begin + 4 * variable.size;
    overwrite(variable, new Float32Array(await values.slice(begin, end).arrayBuffer()));
    begin = end;
  }
}
