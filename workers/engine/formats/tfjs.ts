/** tfjs' own formats, LayersModel and GraphModel, and Teachable Machine's image export, which is a LayersModel with a `metadata.json`. */
import { io } from "@tensorflow/tfjs-core";
import * as v from "valibot";
import { metadataFile } from "../bundle/files.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { checkLayers } from "./allowed-layers.ts";
import type { ModelFiles } from "./files.ts";
import type { ReadModel } from "./model-facts.ts";
import { refused } from "./refusal.ts";
import { readTeachableMachine, teachableMachineScaling } from "./teachable-machine.ts";

const text = v.pipe(v.string(), v.maxLength(1000));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const weightSpec = v.object({
  name: text,
  shape: v.pipe(v.array(count), v.maxLength(8)),
  dtype: v.picklist(["float32", "int32", "bool"], "weights are numbers: float32, int32 or bool"),
  quantization: v.optional(
    v.object({
      dtype: v.picklist(["uint8", "uint16", "float16"]),
      scale: v.optional(v.pipe(v.number(), v.finite())),
      min: v.optional(v.pipe(v.number(), v.finite())),
      original_dtype: v.optional(v.picklist(["float32", "int32"])),
    }),
  ),
});
type WeightSpec = v.InferOutput<typeof weightSpec>;

const description = v.object({
  format: v.optional(v.nullable(text)),
  modelTopology: v.nullable(v.looseObject({})),
  weightsManifest: v.array(v.object({ paths: v.array(text), weights: v.array(weightSpec) })),
  signature: v.optional(v.nullable(v.looseObject({}))),
  userDefinedMetadata: v.optional(v.nullable(v.looseObject({}))),
});

const bytesPerNumber = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 } as const;

/** @throws EngineError `bad-model` */
export async function readTfjs(files: ModelFiles, name: string): Promise<ReadModel> {
  const parsed = v.safeParse(description, await files.json(name));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue);
    throw refused(`${name} is no tfjs model${path === null ? "" : ` (at “${path}”)`}: ${issue.message}.`);
  }
  const { modelTopology: topology, weightsManifest, signature, userDefinedMetadata } = parsed.output;
  if (topology === null) {
    throw refused(
      `${name} has weights but no network: its modelTopology is null.`,
      "Save the whole model again, for example with model.save(…) in tfjs or tensorflowjs_converter, not its weights alone.",
    );
  }
  const folder = name.slice(0, name.lastIndexOf("/") + 1);
  const teachable = files.has(folder + metadataFile)
    ? readTeachableMachine(await files.json(folder + metadataFile))
    : null;
  const isGraph = Array.isArray(topology.node);
  if (!isGraph) checkLayers(topology, name);
  const weights = await weightsOf(files, folder, weightsManifest);
  return {
    format: teachable ? "teachable-machine" : isGraph ? "tfjs-graph" : "tfjs-layers",
    stored: isGraph
      ? { kind: "graph", topology: { modelTopology: topology, signature, userDefinedMetadata }, ...weights }
      : { topology, ...weights },
    name: teachable?.name ?? null,
    labels: teachable?.labels ?? null,
    imageSize: teachable?.imageSize ?? null,
    scaling: teachable ? teachableMachineScaling : null,
    metadata: null,
  };
}

/** All weights one after the other, quantised ones as float32 again. */
async function weightsOf(
  files: ModelFiles,
  folder: string,
  manifest: v.InferOutput<typeof description>["weightsManifest"],
): Promise<Pick<StoredNetwork, "weightSpecs" | "weights">> {
  const parts: Blob[] = [];
  const specs: WeightSpec[] = [];
  for (const { paths, weights } of manifest) {
    const missing = paths.find((path) => !files.has(folder + path));
    if (missing !== undefined) {
      throw refused(
        `The weight file ${missing} is missing.`,
        "Choose all files of the model together (model.json and every weight file), or the folder or zip that holds them.",
      );
    }
    const group = new Blob(await Promise.all(paths.map((path) => files.blob(folder + path))));
    const wanted = weights.reduce((sum, spec) => sum + sizeOf(spec) * bytesPerNumber[storedType(spec)], 0);
    if (group.size !== wanted) {
      throw refused(
        `${paths.join(", ")} has ${group.size} bytes, and the model describes ${wanted}: it was cut off, or belongs to another model.`,
      );
    }
    specs.push(...weights);
    parts.push(group);
  }
  const weights = new Blob(parts);
  if (specs.every(({ quantization }) => quantization === undefined)) return { weightSpecs: specs, weights };
  return dequantized(weights, specs);
}

function sizeOf({ shape }: WeightSpec): number {
  return shape.reduce((product, n) => product * n, 1);
}

function storedType({ dtype, quantization }: WeightSpec): keyof typeof bytesPerNumber {
  return quantization?.dtype ?? dtype;
}

async function dequantized(
  weights: Blob,
  specs: WeightSpec[],
): Promise<Pick<StoredNetwork, "weightSpecs" | "weights">> {
  const tensors = io.decodeWeights(await weights.arrayBuffer(), specs as io.WeightsManifestEntry[]);
  const { data, specs: weightSpecs } = await io.encodeWeights(
    specs.map(({ name }) => ({ name, tensor: tensors[name]! })),
  );
  for (const tensor of Object.values(tensors)) tensor.dispose();
  return { weightSpecs, weights: new Blob([data]) };
}
