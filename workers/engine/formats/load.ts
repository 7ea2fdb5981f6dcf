/** Makes a network of what is stored, whatever its kind. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { isOutOfMemory } from "../failure.ts";
import { loadNetwork, type StoredNetwork } from "../models/artifacts.ts";
import { layersNetwork, type LoadedNetwork } from "../models/loaded-network.ts";
import { reasonOf, refused } from "./refusal.ts";

/** @throws EngineError `bad-model` */
export async function loadStored(stored: StoredNetwork): Promise<LoadedNetwork> {
  try {
    if (stored.kind === "graph") {
      const { loadGraphNetwork } = await import("../models/graph-network.ts");
      return await loadGraphNetwork(stored);
    }
    if (stored.kind === "onnx") {
      const { loadOnnxNetwork } = await import("../onnx/network.ts");
      return await loadOnnxNetwork(stored);
    }
    const model: LayersModel = await loadNetwork(stored);
    return layersNetwork(model);
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    throw refused(`The description and the weights do not make a network: ${reasonOf(error)}`);
  }
}
