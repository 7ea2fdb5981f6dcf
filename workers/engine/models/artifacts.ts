/** Networks as they are stored: tfjs topology, weight specs and bytes. */
import { io } from "@tensorflow/tfjs-core";
import { type LayersModel, loadLayersModel } from "@tensorflow/tfjs-layers";
import type { ModelWeights } from "../../../src/storage/schema.ts";

export type StoredNetwork = Pick<ModelWeights, "kind" | "topology" | "weightSpecs" | "weights">;

/** What is stored of a model that takes RGB pictures of `inputSize`. */
export async function storedNetwork(model: LayersModel, inputSize: number): Promise<StoredNetwork> {
  let artifacts: io.ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler((given) => {
      artifacts = given;
      return Promise.resolve({ modelArtifactsInfo: io.getModelArtifactsInfoForJSON(given) });
    }),
  );
  const { modelTopology, weightSpecs, weightData } = artifacts!;
  return {
    topology: describable(modelTopology, inputSize),
    weightSpecs,
    weights: new Blob(Array.isArray(weightData) ? weightData : [weightData!]),
  };
}

/**
 * The topology as a reader expects it: with the size of the final input (a network that began with smaller pictures was built for any), and with the
 * Glorot-uniform kernels that were drawn (they were built as zeros and filled afterwards).
 */
function describable(topology: unknown, inputSize: number): unknown {
  return JSON.parse(JSON.stringify(topology), (key, value: unknown) => {
    if (key === "batch_input_shape") return [null, inputSize, inputSize, 3];
    if (key === "kernel_initializer") return { class_name: "GlorotUniform", config: { seed: null } };
    return value;
  });
}

/**
 * Leaves nothing behind where it fails.
 * @throws whatever tfjs says of a topology that it cannot read, or of weights that do not belong to it
 */
export async function loadNetwork(stored: StoredNetwork): Promise<LayersModel> {
  const model = await loadLayersModel(io.fromMemory({ modelTopology: drawingNothing(stored.topology) }));
  const weights = io.decodeWeights(await stored.weights.arrayBuffer(), stored.weightSpecs as io.WeightsManifestEntry[]);
  try {
    model.loadWeights(weights);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    for (const tensor of Object.values(weights)) tensor.dispose();
  }
}

/** The topology with zeros for initial weights, which the stored ones replace at once: drawing millions of them takes seconds. */
function drawingNothing(topology: unknown): io.ModelArtifacts["modelTopology"] & object {
  return JSON.parse(JSON.stringify(topology), (key, value: unknown) =>
    key.endsWith("_initializer") ? { class_name: "Zeros", config: {} } : value,
  ) as object;
}
