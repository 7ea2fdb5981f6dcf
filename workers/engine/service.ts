/** The engine: implements the contract by handing each call to its room. */
import { heapBytes, startBackend } from "./backends/index.ts";
import type {
  BackboneRequest,
  BackendInfo,
  BackendRequest,
  EngineMemory,
  EstimateRequest,
  ExplanationEvent,
  ExplanationRequest,
  Trial,
  TrialRequest,
  ExportOptions,
  MeasuredOutputs,
  ModelFile,
  RunEstimate,
  EngineService,
  PredictionEvent,
  PredictionRequest,
  ClassificationEvent,
  ClassificationRequest,
  ClassificationSummary,
  TrainingEvent,
} from "../../src/contract/engine.ts";
import type { Outcome } from "../../src/contract/outcome.ts";
import type { Backbone } from "../../src/domain/experiment/backbone.ts";
import type { Explanation } from "../../src/domain/explanation/explanation.ts";
import type { Model } from "../../src/domain/model/model.ts";
import type { Run } from "../../src/domain/run/run.ts";
import { getModel, getWeights, putModel } from "../../src/storage/models.ts";
import * as tf from "./backends/tensors.ts";
import { importBackbone } from "./backbone/import.ts";
import { classifyFiles } from "./classification/classify.ts";
import { Decoders } from "./classification/decoders.ts";
import { tryModel } from "./classification/try-model.ts";
import { estimateRun } from "./estimate/estimate.ts";
import { useWithFewerBits } from "./evaluation/fewer-bits.ts";
import { outputsOfCached, predictCached } from "./evaluation/predict.ts";
import { exported } from "./exports/export-model.ts";
import { modelFromFiles } from "./formats/import-model.ts";
import { EngineError, isOutOfMemory, outcomeOf } from "./failure.ts";
import { type LoadedModel, LoadedModels } from "./models/loaded-models.ts";
import { PauseGate } from "./session/pause-gate.ts";
import { trainRun } from "./session/train-run.ts";

/** Held by the tab that trains. */
const trainingLock = "tamis-training";

interface Started {
  readonly request: BackendRequest;
  readonly info: Promise<BackendInfo>;
}

export class Engine implements EngineService {
  #started: Started | null = null;
  /** Why the device was lost; null while it is there. */
  #lost: string | null = null;
  /** Calls that hold tensors now. */
  #active = 0;
  readonly #models = new LoadedModels();
  readonly #decoders = new Decoders();
  readonly #gate = new PauseGate();

  start(request: BackendRequest): Promise<Outcome<BackendInfo>> {
    return outcomeOf(() => this.#start(request));
  }

  connectDecoder(slot: number, port: MessagePort): Promise<void> {
    this.#decoders.connect(slot, port);
    return Promise.resolve();
  }

  train(runId: string, onEvent: (event: TrainingEvent) => void, signal: AbortSignal): Promise<Outcome<Run>> {
    return this.#work(async (backend) =>
      withTrainingLock(() => {
        this.#gate.isClosed = false;
        return trainRun(runId, backend, onEvent, signal, this.#gate, (modelId) => this.#models.drop(modelId));
      }),
    );
  }

  estimate(request: EstimateRequest, signal: AbortSignal): Promise<Outcome<RunEstimate>> {
    return this.#work(({ threads }) => estimateRun(request, threads, signal));
  }

  pause(isPaused: boolean): Promise<void> {
    this.#gate.isClosed = isPaused;
    return Promise.resolve();
  }

  predict(
    request: PredictionRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Float32Array>> {
    const { modelId, precision = "float32" } = request;
    const judge = (model: LoadedModel) => predictCached(model, request, onEvent, signal);
    return this.#work(() =>
      precision === "float32" ? this.#models.use(modelId, judge) : useWithFewerBits(modelId, precision, judge),
    );
  }

  outputs(
    request: PredictionRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<MeasuredOutputs>> {
    return this.#work(async () => {
      try {
        return await this.#models.use(request.modelId, (model) => outputsOfCached(model, request, onEvent, signal));
      } finally {
        // They are stored: the same model is not asked soon again, and the notebook's takes 253 MiB.
        await this.#models.drop(request.modelId);
      }
    });
  }

  classify(
    request: ClassificationRequest,
    onEvent: (event: ClassificationEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ClassificationSummary>> {
    return this.#work(() =>
      this.#models.use(request.modelId, (model) => classifyFiles(model, this.#decoders, request, onEvent, signal)),
    );
  }

  tryModel(
    request: TrialRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Trial>> {
    return this.#work(() =>
      this.#models.use(request.modelId, (model) => tryModel(model, this.#decoders, request, onEvent, signal)),
    );
  }

  explain(
    request: ExplanationRequest,
    onEvent: (event: ExplanationEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Explanation>> {
    return this.#work(async () => {
      const { explain } = await import("./explanation/explain.ts");
      return this.#models.use(request.modelId, (model) => explain(model, this.#decoders, request, onEvent, signal));
    });
  }

  exportModel(modelId: string, options: ExportOptions): Promise<Outcome<Blob>> {
    return outcomeOf(async () => {
      const [model, stored] = await Promise.all([getModel(modelId), getWeights(modelId)]);
      if (!model || !stored) throw new EngineError("not-found", "There is no such model.", "Choose another model.");
      return exported(model, stored, options);
    });
  }

  importModel(
    files: readonly ModelFile[],
    options: { readonly origin: Model["origin"]; readonly id?: string },
  ): Promise<Outcome<Model>> {
    return this.#work(async () => {
      const { model, stored } = await modelFromFiles(files, options);
      await putModel(model, { modelId: model.id, ...stored });
      await this.#models.drop(model.id);
      return model;
    });
  }

  importBackbone(request: BackboneRequest): Promise<Outcome<Backbone>> {
    return this.#work(() => importBackbone(request));
  }

  memory(): Promise<EngineMemory> {
    // Before a backend was started tfjs has nothing to count.
    if (!this.#started) return Promise.resolve({ tensors: 0, tensorBytes: 0, heapBytes: 0 });
    const { numTensors, numBytes } = tf.memory();
    return Promise.resolve({ tensors: numTensors, tensorBytes: numBytes, heapBytes: heapBytes() });
  }

  async connectMeasurement(port: MessagePort): Promise<void> {
    // No person waits for it: only the command line asks.
    const { exposeMeasurement } = await import("./measurement/service.ts");
    exposeMeasurement(port, (work) => this.#work(work));
  }

  /** Runs what needs a backend. */
  #work<T>(work: (backend: BackendInfo) => Promise<T>): Promise<Outcome<T>> {
    return outcomeOf(async () => {
      const backend = await this.#start(this.#started?.request ?? { choice: "auto" });
      this.#active += 1;
      try {
        return await work(backend);
      } catch (error) {
        throw this.#afterwards(error);
      } finally {
        this.#active -= 1;
      }
    });
  }

  async #start(request: BackendRequest): Promise<BackendInfo> {
    if (this.#started && isSame(this.#started.request, request)) return this.#started.info;
    if (this.#active > 0) {
      throw new EngineError(
        "busy",
        "The engine is at work, so its backend cannot be changed now.",
        "Wait until it is done, or stop it.",
      );
    }
    // The tensors of loaded models go with the old backend.
    if (this.#started) await this.#models.drop();
    const info = startBackend(request.choice, {
      ...(request.threads === undefined ? {} : { threads: request.threads }),
      ...(request.simd === undefined ? {} : { simd: request.simd }),
      onLost: (reason) => this.#loseDevice(reason),
    });
    const started: Started = { request, info };
    this.#started = started;
    this.#lost = null;
    try {
      return await info;
    } catch (error) {
      // The next call tries again.
      if (this.#started === started) this.#started = null;
      const reason = error instanceof Error ? error.message : String(error);
      throw new EngineError(
        "backend-unavailable",
        `The backend “${request.choice}” cannot start here: ${reason}`,
        request.choice === "auto" ? "Use a current version of Chrome, Edge, Firefox or Safari." : "Choose “auto”.",
      );
    }
  }

  #loseDevice(reason: string): void {
    this.#lost = reason;
    this.#forgetBackend();
  }

  #forgetBackend(): void {
    this.#started = null;
    this.#models.forget();
  }

  /** A lost device and an exhausted heap leave nothing to go on with: the next call starts the backend afresh. */
  #afterwards(error: unknown): unknown {
    if (this.#lost !== null) {
      return new EngineError(
        "device-lost",
        `The GPU was taken away: ${this.#lost}`,
        "Start again; if it happens again, choose the backend “wasm”.",
      );
    }
    if (isOutOfMemory(error)) this.#forgetBackend();
    return error;
  }
}

function isSame(a: BackendRequest, b: BackendRequest): boolean {
  return a.choice === b.choice && a.threads === b.threads && a.simd === b.simd;
}

/** One training at a time, across tabs and workers. */
async function withTrainingLock<T>(work: () => Promise<T>): Promise<T> {
  // An insecure origin has no locks: there the app alone sees to it.
  if (!("locks" in navigator)) return work();
  return navigator.locks.request(trainingLock, { ifAvailable: true }, (lock) => {
    if (lock) return work();
    throw new EngineError(
      "busy",
      "Another tab or window of Tamis is training already.",
      "Wait until it is done, or stop it there.",
    );
  });
}
