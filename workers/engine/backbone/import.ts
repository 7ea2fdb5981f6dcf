/** Makes a stored backbone of a model's files. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { BackboneRequest, ModelFile } from "../../../src/contract/engine.ts";
import type { Backbone, PixelRange } from "../../../src/domain/experiment/backbone.ts";
import { putBackbone } from "../../../src/storage/backbones.ts";
import { getModel, getWeights } from "../../../src/storage/models.ts";
import { fuseLayers } from "../backends/fused-layers.ts";
import * as tf from "../backends/tensors.ts";
import { EngineError, isOutOfMemory } from "../failure.ts";
import { readModel } from "../formats/read-model.ts";
import { refused } from "../formats/refusal.ts";
import { loadNetwork, storedNetwork, type StoredNetwork } from "../models/artifacts.ts";
import { cutAtFeatures } from "./cut.ts";
import { foldNormalizations } from "./fold.ts";
import { forAnyPicture } from "./topology.ts";

/** Side of the picture that a backbone is tried on where it does not say what it was made for. */
const trialSide = 64;

/** @throws EngineError `bad-model` where no features can be had from these files */
export async function importBackbone({ name, source }: BackboneRequest): Promise<Backbone> {
  const { network, range } = await networkOf(source);
  const whole = await load(network);
  try {
    const cut = cutAtFeatures(whole);
    const inputSize = cut.inputs[0]!.shape[1] ?? null;
    const folded = await foldNormalizations(await storedNetwork(cut, inputSize ?? trialSide));
    const stored = forAnyPicture(folded, range);
    const id = `backbone-${await digest(stored)}`;
    const features = await tryOut(stored, inputSize ?? trialSide);
    const backbone: Backbone = {
      id,
      name,
      features,
      parameters: stored.weights.size / 4,
      inputSize,
      createdAt: Date.now(),
    };
    await putBackbone(backbone, { modelId: id, ...stored });
    return backbone;
  } finally {
    // The cut shares its layers, and adds none with weights.
    whole.dispose();
  }
}

async function networkOf(
  source: BackboneRequest["source"],
): Promise<{ readonly network: StoredNetwork; readonly range: PixelRange }> {
  if (source.kind === "files") return { network: await readLayers(source.files), range: source.range };
  const [model, network] = await Promise.all([getModel(source.modelId), getWeights(source.modelId)]);
  if (!model || !network) throw new EngineError("not-found", "There is no such model.", "Choose another model.");
  const { scale, offset } = model.metadata.preprocessing;
  return { network, range: [offset, 255 * scale + offset] };
}

/** Graphs and ONNX models have no layers in which a place could be found to cut at. */
async function readLayers(files: readonly ModelFile[]): Promise<StoredNetwork> {
  const { stored, format } = await readModel(files);
  if (stored.kind === undefined) return stored;
  throw refused(
    `A model of the format ${format} is no backbone: its features cannot be told from the rest of it.`,
    "Choose a model that is made of layers: Keras, a tfjs LayersModel, Teachable Machine or Tamis.",
  );
}

/**
 * From [images, side, side, 3], 0 to 255, to [images, features]; to be disposed of by the caller.
 * @throws EngineError `not-found`
 */
export async function loadBackbone({ id, name }: Pick<Backbone, "id" | "name">): Promise<LayersModel> {
  const stored = await getWeights(id);
  if (!stored) {
    throw new EngineError("not-found", `The backbone “${name}” is not there any more.`, "Import it again.");
  }
  return load(stored);
}

async function load(stored: StoredNetwork): Promise<LayersModel> {
  try {
    const model = await loadNetwork(stored);
    fuseLayers(model);
    return model;
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
}

function unreadable(reason: string): EngineError {
  return refused(`The model cannot be loaded: ${reason}`);
}

/** Lets it judge a grey picture; how many numbers it says. */
async function tryOut(stored: StoredNetwork, side: number): Promise<number> {
  const network = await load(stored);
  try {
    const probe = tf.tidy(() => network.predictOnBatch(tf.fill([1, side, side, 3], 128)) as tf.Tensor);
    const values = await probe.data();
    probe.dispose();
    if (!values.every((value) => Number.isFinite(value))) throw unreadable("its weights are not all numbers.");
    return values.length;
  } finally {
    network.dispose();
  }
}

async function digest({ topology, weights }: StoredNetwork): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(topology));
  const bytes = await new Blob([text, weights]).arrayBuffer();
  // An insecure origin has no digests; there every import is another backbone.
  if (!isSecureContext) return crypto.getRandomValues(new Uint32Array(2)).join("");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
