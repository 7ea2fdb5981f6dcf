/** A job for Ray Data that classifies an archive with this model on many machines: ONNX, what Tamis knows of the model as data, and Python. */
import type { ModelMetadata } from "../../../../src/domain/model/model.ts";
import { BlobReader, BlobWriter, metadataFile, TextReader, ZipWriter } from "../../bundle/files.ts";
import type { StoredNetwork } from "../../models/artifacts.ts";
import { writeOnnx } from "../onnx.ts";
import classify from "./job/classify.py?raw";
import decoder from "./job/decoder.py?raw";
import network from "./job/network.py?raw";
import pages from "./job/pages.py?raw";
import pixels from "./job/pixels.py?raw";
import readme from "./job/README.md?raw";
import requirements from "./job/requirements.txt?raw";

const sources: Readonly<Record<string, string>> = {
  "classify.py": classify,
  "decoder.py": decoder,
  "network.py": network,
  "pages.py": pages,
  "pixels.py": pixels,
  "requirements.txt": requirements,
};

/** A zip of the job's folder. @throws EngineError `bad-input` where ONNX cannot hold the network */
export async function writeClusterJob(metadata: ModelMetadata, stored: StoredNetwork): Promise<Blob> {
  const onnx = await writeOnnx(metadata, stored);
  const described = stored.kind === "onnx" ? metadata : forExportedNetwork(metadata);
  const zip = new ZipWriter(new BlobWriter("application/zip"));
  const options = { lastModDate: new Date(metadata.createdAt) };
  await zip.add("README.md", new TextReader(readme.replace("%NAME%", () => metadata.name)), options);
  for (const [name, text] of Object.entries(sources)) await zip.add(name, new TextReader(text), options);
  await zip.add(metadataFile, new TextReader(JSON.stringify(described, null, 2)), options);
  await zip.add("model.onnx", new BlobReader(onnx), { ...options, level: 0 });
  return zip.close();
}

/** What prepares pixels and makes probabilities is part of a network that was written here. */
function forExportedNetwork({ preprocessing, output, ...metadata }: ModelMetadata): ModelMetadata {
  const { channels: _inNetwork, ...pixels } = preprocessing;
  const { logits: _noMore, ...probabilities } = output;
  return { ...metadata, preprocessing: { ...pixels, scale: 1, offset: 0 }, output: probabilities };
}
