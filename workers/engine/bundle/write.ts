/** Writes a model as one zip, which plain tfjs can open once unzipped. */
import type { ModelMetadata } from "../../../src/domain/model/model.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { BlobReader, BlobWriter, metadataFile, modelFile, TextReader, weightsFile, ZipWriter } from "./files.ts";

export async function writeBundle(metadata: ModelMetadata, stored: StoredNetwork): Promise<Blob> {
  const description = {
    ...(stored.kind === "graph"
      ? { format: "graph-model", ...(stored.topology as object) }
      : { format: "layers-model", modelTopology: stored.topology }),
    generatedBy: "Tamis",
    convertedBy: null,
    weightsManifest: [{ paths: [weightsFile], weights: stored.weightSpecs }],
  };
  const zip = new ZipWriter(new BlobWriter("application/zip"));
  // The same bytes for the same model, whenever it is exported.
  const options = { lastModDate: new Date(metadata.createdAt) };
  await zip.add(modelFile, new TextReader(JSON.stringify(description)), options);
  await zip.add(metadataFile, new TextReader(JSON.stringify(metadata, null, 2)), options);
  // Weights are as good as random: deflating them takes time and gains a few percent.
  await zip.add(weightsFile, new BlobReader(stored.weights), { ...options, level: 0 });
  return zip.close();
}
