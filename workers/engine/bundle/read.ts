/** Reads a model bundle. Whatever is wrong with it is said by name, together with what to do. */
import type { Entry, FileEntry } from "@zip.js/zip.js";
import * as v from "valibot";
import { type ModelMetadata, modelMetadataVersion } from "../../../src/domain/model/model.ts";
import * as tf from "../backends/tensors.ts";
import { EngineError, isOutOfMemory } from "../failure.ts";
import { loadNetwork, type StoredNetwork } from "../models/artifacts.ts";
import { BlobReader, BlobWriter, metadataFile, modelFile, TextWriter, weightsFile, ZipReader } from "./files.ts";
import { metadataSchema, modelFileSchema } from "./metadata-schema.ts";

export interface Bundle {
  readonly metadata: ModelMetadata;
  readonly stored: StoredNetwork;
}

/** The descriptions are a few hundred kilobytes at most; more is not a model. */
const largestText = 16 * 2 ** 20;
const exportAgain = "Export the model again from Tamis, and import that file unchanged.";

function bad(message: string, remedy = exportAgain): EngineError {
  return new EngineError("bad-model", message, remedy);
}

/** @throws EngineError `bad-model` */
export async function readBundle(zip: Blob): Promise<Bundle> {
  const reader = new ZipReader(new BlobReader(zip));
  try {
    const entries = await entriesOf(reader);
    const metadata = parse(metadataFile, await textOf(entries, metadataFile), versionedMetadata);
    const description = parse(modelFile, await textOf(entries, modelFile), modelFileSchema);
    const specs = description.weightsManifest[0]!.weights;
    const stored = {
      topology: description.modelTopology,
      weightSpecs: specs,
      weights: await weightsOf(entries, specs),
    };
    await tryOut(metadata, stored);
    return { metadata, stored };
  } finally {
    await reader.close();
  }
}

async function entriesOf(reader: ZipReader<Blob>): Promise<Map<string, FileEntry>> {
  let entries: Entry[];
  try {
    entries = await reader.getEntries();
  } catch {
    throw bad("This file is not a zip, or it is damaged.", "Choose the .zip that Tamis exported.");
  }
  const files = entries.filter((entry): entry is FileEntry => !entry.directory);
  return new Map(files.map((entry) => [entry.filename, entry]));
}

function entryNamed(entries: ReadonlyMap<string, FileEntry>, name: string): FileEntry {
  const entry = entries.get(name);
  if (!entry) throw bad(`The zip has no ${name}, so it is not a model bundle of Tamis.`);
  return entry;
}

async function textOf(entries: ReadonlyMap<string, FileEntry>, name: string): Promise<string> {
  const entry = entryNamed(entries, name);
  if (entry.uncompressedSize > largestText) throw bad(`${name} is too large (${entry.uncompressedSize} bytes).`);
  try {
    return await entry.getData(new TextWriter(), { checkSignature: true });
  } catch {
    throw bad(`${name} in the zip is damaged.`);
  }
}

async function weightsOf(
  entries: ReadonlyMap<string, FileEntry>,
  specs: readonly { readonly shape: readonly number[] }[],
): Promise<Blob> {
  const entry = entryNamed(entries, weightsFile);
  const numbers = specs.reduce((sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1), 0);
  // Before anything is inflated: a small zip can hold terabytes.
  if (entry.uncompressedSize !== 4 * numbers) {
    throw bad(`${weightsFile} has ${entry.uncompressedSize} bytes, and ${modelFile} describes ${4 * numbers}.`);
  }
  try {
    return await entry.getData(new BlobWriter(), { checkSignature: true });
  } catch {
    throw bad(`${weightsFile} in the zip is damaged.`);
  }
}

function parse<T>(file: string, text: string, schema: v.GenericSchema<unknown, T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw bad(`${file} is not JSON.`);
  }
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw bad(`${file} is not right${path === null ? "" : ` at “${path}”`}: ${issue.message}.`);
}

const versionedMetadata: v.GenericSchema<unknown, ModelMetadata> = v.pipe(
  v.unknown(),
  v.check((json) => !isNewer(json), "it was written by a newer version of Tamis; update Tamis and import it again"),
  metadataSchema,
);

/** A newer version may mean something else by the same fields, so this is looked at before they are. */
function isNewer(json: unknown): boolean {
  return typeof json === "object" && json !== null && "version" in json && Number(json.version) > modelMetadataVersion;
}

/** Loads the network and lets it judge one black picture, so that what is stored is known to work. */
async function tryOut({ preprocessing, output }: ModelMetadata, stored: StoredNetwork): Promise<void> {
  const network = await loadNetwork(stored).catch((error: unknown) => {
    if (isOutOfMemory(error)) throw error;
    throw bad(`${modelFile} and ${weightsFile} do not make a network: ${reasonOf(error)}`);
  });
  try {
    const { inputSize } = preprocessing;
    const shape = JSON.stringify([inputSize, inputSize, 3]);
    const given = JSON.stringify(network.inputs[0]?.shape.slice(1).map((n) => n ?? inputSize));
    if (network.inputs.length !== 1 || given !== shape) {
      throw bad(`The network takes ${given}, and ${metadataFile} says ${shape}.`);
    }
    const probe = tf.tidy(() => network.predictOnBatch(tf.zeros([1, inputSize, inputSize, 3])) as tf.Tensor);
    const values = await probe.data();
    probe.dispose();
    const wanted = output.kind === "sigmoid" ? 1 : output.labels.length;
    if (values.length !== wanted) {
      throw bad(`The network has ${values.length} outputs, and ${metadataFile} describes ${wanted}.`);
    }
    if (!values.every((value) => Number.isFinite(value)))
      throw bad(`The weights in ${weightsFile} are not all numbers.`);
  } finally {
    network.dispose();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
