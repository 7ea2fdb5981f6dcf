/** What a model file gives for given inputs, through the readers that imports go through. */
import type { ModelFile } from "../../../src/contract/engine.ts";
import type { ReferenceArray, ReferenceCase, ReferenceValue } from "../../../src/domain/parity/reference-case.ts";
import * as tf from "../backends/tensors.ts";
import { loadStored } from "../formats/load.ts";
import { readModel } from "../formats/read-model.ts";

/** @throws EngineError `bad-model` where the files hold no model that Tamis can run */
export async function runModelFile(
  files: readonly ModelFile[],
  { attributes, inputs }: Pick<ReferenceCase, "attributes" | "inputs">,
): Promise<Readonly<Record<string, ReferenceArray>>> {
  const network = await loadStored((await readModel(files)).stored);
  const { scale, offset } = scalingOf(attributes.preprocessing);
  const names = namesOf(attributes.input_names, Object.keys(inputs));
  const given = names.map((name) => tensorOf(name, inputs[name], scale, offset));
  try {
    const answers = tf.tidy(() => network.run(given));
    const outputs: Record<string, ReferenceArray> = {};
    for (const [place, name] of namesOf(attributes.output_names, network.outputs).entries()) {
      const answer = answers[place];
      if (!answer) throw new Error(`The network has no output ${name}.`);
      outputs[name] = { kind: "array", shape: answer.shape, data: await answer.data() };
    }
    tf.dispose(answers);
    return outputs;
  } finally {
    tf.dispose(given);
    network.dispose();
  }
}

function scalingOf(preprocessing: unknown): { readonly scale: number; readonly offset: number } {
  const { scale = 1, offset = 0 } = (preprocessing ?? {}) as { readonly scale?: number; readonly offset?: number };
  return { scale, offset };
}

function namesOf(given: unknown, otherwise: readonly string[]): readonly string[] {
  return Array.isArray(given) ? given.map(String) : otherwise;
}

function tensorOf(name: string, value: ReferenceValue | undefined, scale: number, offset: number): tf.Tensor {
  if (value?.kind !== "array") throw new Error(`${name} is no array.`);
  const numbers = Float32Array.from(value.data, (x) => Math.fround(Math.fround(x * Math.fround(scale)) + offset));
  return tf.tensor(numbers, [...value.shape], "float32");
}
