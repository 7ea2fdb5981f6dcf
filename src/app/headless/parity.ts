/** Runs a reference case through the code that the app runs. */
import { type Comparison, compareOutputs } from "../../domain/parity/compare.ts";
import { readDecodeCase } from "../../domain/parity/decode-case.ts";
import { readReferenceCase, type ReferenceCase, type ReferenceValue } from "../../domain/parity/reference-case.ts";
import { runReferenceCase } from "../../domain/parity/run-case.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import type { EngineClient } from "../../runtime/engine-client.ts";
import { runDecodeCase } from "./parity-decode.ts";
import type { ParityReport, ParityRequest } from "./protocol.ts";

type Outputs = Readonly<Record<string, ReferenceValue>>;

/** Groups that tensors are needed for; all others are pure. */
const engineGroups = new Set(["ops", "train"]);

export class Parity {
  readonly #engine: EngineClient;
  readonly #decoders: Decoders;

  constructor(engine: EngineClient, decoders: Decoders) {
    this.#engine = engine;
    this.#decoders = decoders;
  }

  /** Never rejects: a case that cannot be computed does not pass, and says why. */
  async run({ json, files, backend }: ParityRequest): Promise<ParityReport> {
    const { name, tolerance } = json as { readonly name?: string; readonly tolerance?: ParityReport["tolerance"] };
    const common = { name: name ?? "(without a name)", tolerance: tolerance ?? null };
    try {
      const comparison = isDecodeCase(json)
        ? await this.#decode(json, files)
        : await this.#compare(json, files, backend);
      const { passed, largestError, largestShare, problem } = comparison;
      return { ...common, passed, largest_error: largestError, largest_share: largestShare, problem };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { ...common, passed: false, largest_error: 0, largest_share: 0, problem };
    }
  }

  #decode(json: unknown, files: ParityRequest["files"]): Promise<Comparison> {
    const reference = readDecodeCase(json, (path) => new Uint8Array(fileOf(files, path)));
    return runDecodeCase(reference, new Blob([fileOf(files, reference.file)]), this.#decoders);
  }

  async #compare(json: unknown, files: ParityRequest["files"], backend: ParityRequest["backend"]): Promise<Comparison> {
    const reference = await readReferenceCase(json, (path) => Promise.resolve(fileOf(files, path)));
    const outputs = engineGroups.has(reference.group)
      ? await this.#compute(reference, backend)
      : runReferenceCase(reference);
    return compareOutputs(outputs, reference.outputs);
  }

  async #compute(
    { group, op, attributes, inputs }: ReferenceCase,
    backend: ParityRequest["backend"],
  ): Promise<Outputs> {
    const started = await this.#engine.start(backend);
    if (!started.ok) throw new Error(started.message);
    const measurement = await this.#engine.measurement();
    const outcome = await measurement.computeReference({ group, op, attributes, inputs });
    if (!outcome.ok) throw new Error(outcome.message);
    return outcome.value;
  }
}

function isDecodeCase(json: unknown): boolean {
  return (json as { readonly group?: unknown }).group === "decode";
}

function fileOf(files: ParityRequest["files"], path: string): ArrayBuffer {
  const content = files[path];
  if (content === undefined) throw new Error(`${path} is missing.`);
  return bytesOf(content);
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes.buffer;
}
