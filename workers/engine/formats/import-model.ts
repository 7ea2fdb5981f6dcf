/** From a model's files to what is stored of it. */
import type { ModelFile } from "../../../src/contract/engine.ts";
import type { Model } from "../../../src/domain/model/model.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { describeModel } from "./describe.ts";
import { loadStored } from "./load.ts";
import { readModel } from "./read-model.ts";

/**
 * Reads the files, loads the network and lets it judge two pictures, so that what is stored is known to work.
 * @throws EngineError `bad-model`
 */
export async function modelFromFiles(
  files: readonly ModelFile[],
  options: { readonly origin: Model["origin"]; readonly id?: string },
): Promise<{ readonly model: Model; readonly stored: StoredNetwork }> {
  const read = await readModel(files);
  const network = await loadStored(read.stored);
  try {
    const { metadata, questions } = await describeModel(read, network, nameOf(files));
    const model: Model = {
      id: options.id ?? crypto.randomUUID(),
      metadata,
      weightBytes: read.stored.weights.size,
      origin: options.origin,
      runId: null,
      format: read.format,
      ...(questions.length === 0 ? {} : { questions }),
    };
    return { model, stored: read.stored };
  } finally {
    network.dispose();
  }
}

/** Of a file, its name without the ending; of many, that of their folder. */
function nameOf(files: readonly ModelFile[]): string {
  const path = files[0]?.path ?? "";
  const parts = path.split("/");
  const file = (parts.at(-1) ?? "").replace(/\.[^.]+$/, "");
  return files.length > 1 || file === "model" ? (parts.at(-2) ?? file) : file;
}
