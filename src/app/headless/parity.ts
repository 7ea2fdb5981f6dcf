/** Runs a reference case through the code that the app runs. */
import { type Comparison, compareOutputs } from "../../domain/parity/compare.ts";
import { readDecodeCase } from "../../domain/parity/decode-case.ts";
import { readReferenceCase, type ReferenceCase, type ReferenceValue } from "../../domain/parity/reference-case.ts";
import { runReferenceCase } from "../../domain/parity/run-case.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import type { EngineClient } from "../../runtime/engine-client.ts";
import type { Inputs } from "./inputs.ts";
import { runDecodeCase } from "./parity-decode.ts";
import type { ParityReport, ParityRequest } from "./protocol.ts";

type Outputs = Readonly<Record<string, ReferenceValue>>;

/** Groups that tensors are needed for; all others are pure. */
const engineGroups = new Set(["ops", "train"]);

export class Parity {
  readonly #engine: EngineClient;
  readonly #decoders: Decoders;
  readonly #inputs: Inputs;

  constructor(engine: EngineClient, decoders: Decoders, inputs: Inputs) {
    this.#engine = engine;
    this.#decoders = decoders;
    this.#inputs = inputs;
  }

  /** Never rejects: a case that cannot be computed does not pass, and says why. */
  async run(request: ParityRequest): Promise<ParityReport> {
    const { json, files, backend } = request;
    const { name, tolerance } = json as { readonly name?: string; readonly tolerance?: ParityReport["tolerance"] };
    const common = { name: name ?? "(without a name)", tolerance: tolerance ?? null };
    try {
      if (groupOf(json) === "predict") return { ...common, ...(await this.#predict(request)) };
      const comparison = isDecodeCase(json)
        ? await this.#decode(json, files)
        : await this.#compare(json, files, backend);
      return { ...common, ...reported(comparison) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { ...common, passed: false, largest_error: 0, largest_share: 0, problem };
    }
  }

  /** A model that gives the expected numbers, or one that must be refused, with a word on what is wrong and what to do. */
  async #predict({ json, files, model, backend }: ParityRequest): Promise<Omit<ParityReport, "name" | "tolerance">> {
    if (model === null) throw new Error("The model is missing: say --models DIR.");
    const reference = await readReferenceCase(json, (path) => Promise.resolve(fileOf(files, path)));
    const started = await this.#engine.start(backend);
    if (!started.ok) throw new Error(started.message);
    const measurement = await this.#engine.measurement();
    const outcome = await measurement.runModelFile(this.#inputs.files(model), reference);
    const mustFail = reference.attributes.must_fail === true;
    if (outcome.ok && !mustFail) return reported(compareOutputs(outcome.value, reference.outputs));
    if (outcome.ok) throw new Error("The model was taken, and must be refused.");
    const said = `${outcome.message} ${outcome.remedy}`.trim();
    if (!mustFail || outcome.code !== "bad-model" || outcome.remedy === "") throw new Error(said);
    return { passed: true, largest_error: 0, largest_share: 0, problem: null, refusal: said };
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

function reported({
  passed,
  largestError,
  largestShare,
  problem,
}: Comparison): Omit<ParityReport, "name" | "tolerance"> {
  return { passed, largest_error: largestError, largest_share: largestShare, problem };
}

function groupOf(json: unknown): unknown {
  return (json as { readonly group?: unknown }).group;
}

function isDecodeCase(json: unknown): boolean {
  return groupOf(json) === "decode";
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
