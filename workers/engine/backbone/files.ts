/** Reads a tfjs LayersModel from the files that it lies in: `model.json`, and the weights that it names. */
import type { io } from "@tensorflow/tfjs-core";
import * as v from "valibot";
import type { BackboneFile } from "../../../src/contract/engine.ts";
import { EngineError } from "../failure.ts";
import type { StoredNetwork } from "../models/artifacts.ts";

const manifestSchema = v.object({
  modelTopology: v.looseObject({}, "it describes no layers"),
  weightsManifest: v.array(
    v.object({
      paths: v.array(v.string()),
      weights: v.array(
        v.looseObject({
          name: v.string(),
          shape: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
          dtype: v.literal("float32", "only float32 weights can be read"),
          quantization: v.optional(v.never("quantised weights cannot be read")),
        }),
      ),
    }),
  ),
});

function bad(message: string, remedy: string): EngineError {
  return new EngineError("bad-model", message, remedy);
}

const chooseModel = "Choose a folder with the model.json of a tfjs LayersModel and all of its weight files.";

/**
 * @param files at paths below the folder that holds `model.json`, or that folder's own
 * @throws EngineError `bad-model` where a file is missing or says something else than a tfjs LayersModel does
 */
export async function readLayersModel(files: readonly BackboneFile[]): Promise<StoredNetwork> {
  const description = files.find(({ path }) => fileName(path) === "model.json");
  if (!description) throw bad("There is no model.json among the files.", chooseModel);
  const { modelTopology, weightsManifest } = await readManifest(description.file);
  const folder = description.path.slice(0, -"model.json".length);
  const parts: Blob[] = [];
  const specs: io.WeightsManifestEntry[] = [];
  for (const { paths, weights } of weightsManifest) {
    const group = paths.map((path) => {
      const file = files.find((candidate) => candidate.path === folder + path);
      if (!file) throw bad(`The weights file ${path} is missing.`, chooseModel);
      return file.file;
    });
    const bytes = group.reduce((sum, { size }) => sum + size, 0);
    const numbers = weights.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
    if (bytes !== 4 * numbers) {
      throw bad(
        `${paths.join(", ")}: ${bytes} bytes, and model.json describes ${4 * numbers}.`,
        "Copy the model again: a file of it is damaged or not whole.",
      );
    }
    parts.push(...group);
    specs.push(...(weights as unknown as io.WeightsManifestEntry[]));
  }
  return { topology: modelTopology, weightSpecs: specs, weights: new Blob(parts) };
}

async function readManifest(file: Blob): Promise<v.InferOutput<typeof manifestSchema>> {
  let json: unknown;
  try {
    json = JSON.parse(await file.text());
  } catch {
    throw bad("model.json is not JSON.", chooseModel);
  }
  const result = v.safeParse(manifestSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw bad(`model.json is not right at “${v.getDotPath(issue) ?? ""}”: ${issue.message}.`, chooseModel);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
