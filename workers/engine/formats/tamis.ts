/** Tamis' own bundles: `metadata.json` says all there is to know. */
import type { ReadModel } from "./model-facts.ts";
import { metadataFile, modelFile } from "../bundle/files.ts";
import { checkedMetadata } from "../bundle/metadata-schema.ts";
import type { ModelFiles } from "./files.ts";
import { readTfjs } from "./tfjs.ts";

/** Others write a `metadata.json` too; only ours says how pixels are made. */
export function isTamisMetadata(json: unknown): boolean {
  return typeof json === "object" && json !== null && "version" in json && "preprocessing" in json;
}

/** @throws EngineError `bad-model` */
export async function readTamis(files: ModelFiles): Promise<ReadModel> {
  const metadata = checkedMetadata(await files.json(metadataFile));
  const { stored } = await readTfjs(files, modelFile);
  const { name, output, preprocessing } = metadata;
  return {
    format: "tamis",
    stored,
    name,
    labels: output.labels,
    imageSize: preprocessing.inputSize,
    scaling: preprocessing,
    metadata,
  };
}
