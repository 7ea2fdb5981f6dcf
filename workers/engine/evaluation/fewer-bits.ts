/** A model with its weights as an export with fewer bits has them, for as long as it is judged. */
import type { Precision } from "../../../src/contract/engine.ts";
import { getModel, getWeights } from "../../../src/storage/models.ts";
import { quantized } from "../exports/quantize.ts";
import { EngineError } from "../failure.ts";
import { loadStored } from "../formats/load.ts";
import { withAdapters } from "../models/adapters.ts";
import type { LoadedModel } from "../models/loaded-models.ts";

/** @throws EngineError `not-found` where there is no such model, `bad-input` where its weights are stored in one way only */
export async function useWithFewerBits<T>(
  modelId: string,
  precision: Precision,
  work: (model: LoadedModel) => Promise<T>,
): Promise<T> {
  const [info, stored] = await Promise.all([getModel(modelId), getWeights(modelId)]);
  if (!info || !stored) throw new EngineError("not-found", "There is no such model.", "Choose another model.");
  if (stored.kind === "onnx") {
    throw new EngineError(
      "bad-input",
      "A model that came as ONNX keeps its weights as they are.",
      "Export it as it is.",
    );
  }
  const network = await loadStored(await quantized(stored, precision));
  try {
    return await work({ info, network: withAdapters(network, info.metadata), bare: network });
  } finally {
    network.dispose();
  }
}
