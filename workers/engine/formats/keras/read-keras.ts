/** Keras' own files: `.keras` (version 3) and `.h5` (before it). */
import type { StoredNetwork } from "../../models/artifacts.ts";
import { type ModelFiles, parseJson } from "../files.ts";
import type { ReadModel } from "../model-facts.ts";
import { refused } from "../refusal.ts";
import { teachableMachineScaling } from "../teachable-machine.ts";
import { type Hdf5Array, type Hdf5Group, withHdf5 } from "./hdf5.ts";
import { kerasNames } from "./layers.ts";
import { type MappedModel, mapKeras, type WeightSlot } from "./topology.ts";

const configFile = "config.json";
const weightsFile = "model.weights.h5";

/** @throws EngineError `bad-model` */
export async function readKeras3(files: ModelFiles): Promise<ReadModel> {
  const model = mapKeras(await files.json(configFile), configFile, true);
  const bytes = await files.bytes(weightsFile);
  const stored = await withHdf5(weightsFile, bytes, (root) => storedOf(model, (slot) => weightOfKeras3(root, slot)));
  return { format: "keras-v3", stored, name: null, labels: null, imageSize: null, scaling: null, metadata: null };
}

/**
 * @param name of the `.h5` file; `labels` as Teachable Machine writes them beside it, null where there are none
 * @throws EngineError `bad-model`
 */
export async function readKerasH5(
  files: ModelFiles,
  name: string,
  labels: readonly string[] | null,
): Promise<ReadModel> {
  const stored = await withHdf5(name, await files.bytes(name), (root) => {
    const config = root.text("model_config");
    if (config === null) {
      throw refused(
        `${name} holds weights only: it has no model_config, so the network's structure is not in the file.`,
        'Save the whole model, with model.save("model.keras") instead of model.save_weights(…), and import that.',
      );
    }
    const version = root.text("keras_version") ?? "";
    const model = mapKeras(parseJson(name, config), name, Number.parseInt(version, 10) >= 3);
    const weights = root.group("model_weights");
    if (!weights) throw refused(`${name} has no weights.`, "Save the whole model again with model.save(…).");
    const isTheano = root.text("backend") === "theano";
    return storedOf(model, (slot) => {
      const array = weightOfH5(weights, slot, name);
      return isTheano && slot.weight.endsWith("kernel") && array.shape.length === 4 ? flipped(array) : array;
    });
  });
  const isTeachable = labels !== null;
  return {
    format: "keras-h5",
    stored,
    name: null,
    labels,
    imageSize: null,
    scaling: isTeachable ? teachableMachineScaling : null,
    metadata: null,
  };
}

/** Teachable Machine's `labels.txt`: `0 Photo`, one a line. Null where it is another file. */
export function labelsIn(text: string): readonly string[] | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const labels = lines.map((line, place) =>
    line.startsWith(`${place} `) ? line.slice(`${place} `.length).trim() : null,
  );
  return labels.length > 0 && labels.every((label) => label !== null) ? labels : null;
}

function storedOf({ topology, slots }: MappedModel, find: (slot: WeightSlot) => Hdf5Array): StoredNetwork {
  const parts: Float32Array<ArrayBuffer>[] = [];
  const weightSpecs = slots.map((slot) => {
    const { shape, values } = slot.given
      ? { shape: [slot.given.length], values: Float32Array.from(slot.given) }
      : find(slot);
    parts.push(new Float32Array(values));
    return { name: `${slot.layer}/${slot.weight}`, shape: [...shape], dtype: "float32" };
  });
  return { topology, weightSpecs, weights: new Blob(parts) };
}

/** `layers/<class>/vars/<n>`, for a model in a model again and again. */
function weightOfKeras3(root: Hdf5Group, { path, index, count, weight, layer }: WeightSlot): Hdf5Array {
  let group: Hdf5Group | null = root;
  for (const { storedAs } of path) {
    // Keras 2.12 to 2.15 wrote the same files with another name for the list.
    group = group?.group(`layers/${storedAs}`) ?? group?.group(`_layer_checkpoint_dependencies/${storedAs}`) ?? null;
  }
  const variables = group?.group("vars");
  const found = variables?.names.length ?? 0;
  const array = variables?.array(String(index));
  // Normalization also keeps how many images it has seen.
  const expected = layerHasCount(weight, count, found) ? found : count;
  if (!array || found !== expected) {
    throw refused(
      `${weightsFile} has ${found} weights for the layer “${path.at(-1)?.name ?? layer}”, and ${configFile} asks for ${count}.`,
    );
  }
  return array;
}

function layerHasCount(weight: string, count: number, found: number): boolean {
  return weight.startsWith("moving_") && count === 2 && found === 3;
}

/** By order in a layer of its own, by name in a nested model. */
function weightOfH5(weights: Hdf5Group, { path, index, count, weight, layer }: WeightSlot, file: string): Hdf5Array {
  const [outer] = path;
  const group = outer ? weights.group(outer.name) : null;
  const names = group?.texts("weight_names") ?? [];
  const asked = path.at(-1)?.name ?? layer;
  let name: string | undefined;
  if (path.length === 1) {
    const known = names.length === count || layerHasCount(weight, count, names.length);
    name = known ? names[index] : undefined;
  } else {
    const ends = kerasNames(weight).map((kerasName) => `${asked}/${kerasName}`);
    const found = names.filter((full) => ends.some((end) => `/${full.replace(/:\d+$/, "")}`.endsWith(`/${end}`)));
    name = found.length === 1 ? found[0] : undefined;
  }
  const array = name === undefined ? null : group?.array(name);
  if (!array) throw refused(`${file} does not have the weight ${weight} of the layer “${asked}”.`);
  return array;
}

/** Theano convolves where the others correlate: its kernels are turned by 180°. */
function flipped({ shape, values }: Hdf5Array): Hdf5Array {
  const [height = 1, width = 1, ...channels] = shape;
  const size = channels.reduce((product, n) => product * n, 1);
  const turned = new Float32Array(values.length);
  for (let place = 0; place < height * width; place++) {
    turned.set(values.subarray(place * size, (place + 1) * size), (height * width - 1 - place) * size);
  }
  return { shape, values: turned };
}
