/** What a model's files hold: recognised by their content, and read by the reader of their format. */
import type { ModelFile } from "../../../src/contract/engine.ts";
import { metadataFile, modelFile } from "../bundle/files.ts";
import { ModelFiles } from "./files.ts";
import type { ReadModel } from "./model-facts.ts";
import { reasonOf, refused } from "./refusal.ts";
import { isTamisMetadata, readTamis } from "./tamis.ts";
import { readTfjs } from "./tfjs.ts";

/** @throws EngineError `bad-model`, naming the file and what is wrong with it */
export async function readModel(given: readonly ModelFile[]): Promise<ReadModel> {
  const files = await ModelFiles.open(given);
  const { names } = files;
  if (names.some((name) => baseOf(name) === "saved_model.pb")) {
    throw refused(
      "This is a TensorFlow SavedModel folder, which Tamis does not read.",
      'In Python, load it and save it with model.save("model.keras"), or convert it with tensorflowjs_converter, and import that.',
    );
  }
  if (files.has(metadataFile) && files.has(modelFile) && isTamisMetadata(await files.json(metadataFile))) {
    return readTamis(files);
  }
  if (files.has("config.json") && files.has("model.weights.h5")) {
    const { readKeras3 } = await import("./keras/read-keras.ts");
    return readKeras3(files);
  }
  const hdf5 = await firstBeginningWith(files, "\u0089HDF");
  if (hdf5 !== null) {
    const { labelsIn, readKerasH5 } = await import("./keras/read-keras.ts");
    return readKerasH5(files, hdf5, files.has("labels.txt") ? labelsIn(await files.text("labels.txt")) : null);
  }
  const onnx = names.filter((name) => name.toLowerCase().endsWith(".onnx"));
  if (onnx.length === 1) return readOnnxFile(files, onnx[0]!);
  const description = descriptionAmong(names);
  if (description !== null) return readTfjs(files, description);
  const list = names.slice(0, 5).join(", ");
  throw refused(
    `There is no model that Tamis knows in ${list}${names.length > 5 ? ", …" : ""}.`,
    "Give a Tamis zip, a tfjs model.json with its weight files, a Teachable Machine export, a Keras .keras or .h5 file, or an ONNX file.",
  );
}

async function readOnnxFile(files: ModelFiles, name: string): Promise<ReadModel> {
  const { readOnnx } = await import("../onnx/network.ts");
  try {
    readOnnx(await files.bytes(name));
  } catch (error) {
    throw refused(
      `${name} cannot be read: ${reasonOf(error)}.`,
      "Export the classifier as one ONNX file of plain float32 operations, opset 7 or later, or bring it as Keras or tfjs.",
    );
  }
  const stored = { kind: "onnx", topology: null, weightSpecs: [], weights: await files.blob(name) } as const;
  return { format: "onnx", stored, name: null, labels: null, imageSize: null, scaling: null, metadata: null };
}

/** The first file that begins with these bytes. */
async function firstBeginningWith(files: ModelFiles, bytes: string): Promise<string | null> {
  for (const name of files.names) {
    if (!/\.(h5|hdf5|keras|onnx)$/i.test(name)) continue;
    const start = new Uint8Array(await (await files.blob(name)).slice(0, bytes.length).arrayBuffer());
    if (String.fromCharCode(...start) === bytes) return name;
  }
  return null;
}

function baseOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The tfjs `model.json`, or the only JSON file that is no `metadata.json`. */
function descriptionAmong(names: readonly string[]): string | null {
  const all = names.filter((name) => name.endsWith(".json") && baseOf(name) !== metadataFile);
  const [first] = all.filter((name) => baseOf(name) === modelFile);
  if (first !== undefined) return first;
  if (all.length > 1)
    throw refused(`Which file is the model: ${all.join(", ")}?`, "Give one of them with its weight files.");
  return all[0] ?? null;
}
