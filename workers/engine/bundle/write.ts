/** Writes a model as one zip, which plain tfjs can open once unzipped; with its card in words. */
import type { StoredNetwork } from "../models/artifacts.ts";
import type { Card } from "./card.ts";
import { BlobReader, BlobWriter, metadataFile, modelFile, TextReader, weightsFile, ZipWriter } from "./files.ts";

export async function writeBundle({ metadata, texts }: Card, stored: StoredNetwork): Promise<Blob> {
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
  for (const [name, text] of texts) await zip.add(name, new TextReader(text), options);
  // Weights are as good as random: deflating them takes time and gains a few percent.
  await zip.add(weightsFile, new BlobReader(stored.weights), { ...options, level: 0 });
  return zip.close();
}
