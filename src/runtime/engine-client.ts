/** The page's side of the engine worker: the same interface, with a worker behind it that may die without taking its callers along. */
import { transfer, wrap } from "comlink";
import type {
  BackboneRequest,
  BackendInfo,
  BackendRequest,
  ClassificationEvent,
  ClassificationRequest,
  ClassificationSummary,
  EngineMemory,
  EngineService,
  EstimateRequest,
  ExplanationEvent,
  ExplanationRequest,
  ExportOptions,
  MeasuredOutputs,
  ModelFile,
  RunEstimate,
  PredictionEvent,
  PredictionRequest,
  TrainingEvent,
  Trial,
  TrialRequest,
} from "../contract/engine.ts";
import type { MeasurementService } from "../contract/measurement.ts";
import type { Outcome } from "../contract/outcome.ts";
import type { Backbone } from "../domain/experiment/backbone.ts";
import type { Explanation } from "../domain/explanation/explanation.ts";
import type { Model } from "../domain/model/model.ts";
import type { Run } from "../domain/run/run.ts";
import type { DecodePool } from "./decode-pool.ts";
import { SupervisedWorker, workerFailureOf } from "./supervised-worker.ts";

function createEngineWorker(): Worker {
  return new Worker(new URL("../../workers/engine/entry.ts", import.meta.url), { type: "module" });
}

/** Everything of the engine's interface but what only the runtime itself needs. */
export type Engine = Omit<EngineService, "connectDecoder" | "connectMeasurement"> & {
  /** Called with every backend that the engine starts with. */
  onBackend: ((backend: BackendInfo) => void) | null;
};

export class EngineClient implements Engine {
  readonly #worker: SupervisedWorker<EngineService>;
  readonly #decoders: DecodePool;
  /** As asked for last; a restarted engine is started the same way. */
  #request: BackendRequest = { choice: "auto" };
  #requestedIn = 0;
  onBackend: ((backend: BackendInfo) => void) | null = null;
  /** Kept: Comlink closes the port of a proxy that nobody holds any more, even while its answer is awaited. */
  #measurement: MeasurementService | null = null;

  constructor(decoders: DecodePool, create: () => Worker = createEngineWorker) {
    this.#decoders = decoders;
    this.#worker = new SupervisedWorker<EngineService>({
      name: "engine",
      create,
      onDeath: () => decoders.disconnect(),
    });
  }

  async start(request: BackendRequest): Promise<Outcome<BackendInfo>> {
    this.#request = request;
    try {
      const outcome = await this.#worker.call((service, generation) => {
        this.#requestedIn = generation;
        return service.start(request);
      });
      if (outcome.ok) this.onBackend?.(outcome.value);
      return outcome;
    } catch (error) {
      return workerFailureOf(error);
    }
  }

  train(runId: string, onEvent: (event: TrainingEvent) => void, signal: AbortSignal): Promise<Outcome<Run>> {
    const watch = (event: TrainingEvent): void => {
      if (event.type === "started") this.onBackend?.(event.backend);
      onEvent(event);
    };
    return this.#afterStart(() =>
      this.#worker.longCall(watch, signal, (service, forward, callSignal) => service.train(runId, forward, callSignal)),
    );
  }

  estimate(request: EstimateRequest, signal: AbortSignal): Promise<Outcome<RunEstimate>> {
    return this.#afterStart(() =>
      this.#worker.longCall(
        () => undefined,
        signal,
        (service, _forward, callSignal) => service.estimate(request, callSignal),
      ),
    );
  }

  /** @throws WorkerDiedError */
  pause(isPaused: boolean): Promise<void> {
    return this.#worker.call((service) => service.pause(isPaused));
  }

  /** What measures the engine, on the backend that it was started with last; of no use once the worker is dead. */
  async measurement(): Promise<MeasurementService> {
    const { port1, port2 } = new MessageChannel();
    await this.#worker.call((service) => service.connectMeasurement(transfer(port2, [port2])));
    this.#measurement = wrap<MeasurementService>(port1);
    return this.#measurement;
  }

  predict(
    request: PredictionRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Float32Array>> {
    return this.#afterStart(() =>
      this.#worker.longCall(onEvent, signal, (service, forward, callSignal) =>
        service.predict(request, forward, callSignal),
      ),
    );
  }

  outputs(
    request: PredictionRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<MeasuredOutputs>> {
    return this.#afterStart(() =>
      this.#worker.longCall(onEvent, signal, (service, forward, callSignal) =>
        service.outputs(request, forward, callSignal),
      ),
    );
  }

  classify(
    request: ClassificationRequest,
    onEvent: (event: ClassificationEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ClassificationSummary>> {
    return this.#afterStart(() =>
      this.#withDecoders(request.items.length, () =>
        this.#worker.longCall(onEvent, signal, (service, forward, callSignal) =>
          service.classify(request, forward, callSignal),
        ),
      ),
    );
  }

  tryModel(
    request: TrialRequest,
    onEvent: (event: PredictionEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Trial>> {
    return this.#afterStart(() =>
      this.#withDecoders(request.files.length, () =>
        this.#worker.longCall(onEvent, signal, (service, forward, callSignal) =>
          service.tryModel(request, forward, callSignal),
        ),
      ),
    );
  }

  explain(
    request: ExplanationRequest,
    onEvent: (event: ExplanationEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Explanation>> {
    const call = () =>
      this.#worker.longCall(onEvent, signal, (service, forward, callSignal) =>
        service.explain(request, forward, callSignal),
      );
    return this.#afterStart(() => (request.picture.kind === "file" ? this.#withDecoders(1, call) : call()));
  }

  /** Needs no backend. */
  async exportModel(modelId: string, options: ExportOptions): Promise<Outcome<Blob>> {
    try {
      return await this.#worker.call((service) => service.exportModel(modelId, options));
    } catch (error) {
      return workerFailureOf(error);
    }
  }

  importModel(
    files: readonly ModelFile[],
    options: { readonly origin: Model["origin"]; readonly id?: string },
  ): Promise<Outcome<Model>> {
    return this.#afterStart(() => this.#worker.call((service) => service.importModel(files, options)));
  }

  importBackbone(request: BackboneRequest): Promise<Outcome<Backbone>> {
    return this.#afterStart(() => this.#worker.call((service) => service.importBackbone(request)));
  }

  /** @throws WorkerDiedError */
  memory(): Promise<EngineMemory> {
    return this.#worker.call((service) => service.memory());
  }

  /** Ends the worker; the next call starts it again. */
  terminate(): void {
    this.#worker.terminate();
  }

  async #withDecoders<T>(files: number, call: () => Promise<T>): Promise<T> {
    const disconnect = await this.#decoders.connect(files, (slot, port) =>
      this.#worker.call((service) => service.connectDecoder(slot, transfer(port, [port]))),
    );
    try {
      return await call();
    } finally {
      disconnect();
    }
  }

  async #afterStart<T>(call: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    try {
      const isForgotten = !this.#worker.isRunning || this.#requestedIn !== this.#worker.generation;
      if (isForgotten) {
        const started = await this.start(this.#request);
        if (!started.ok) return started;
      }
      return await call();
    } catch (error) {
      return workerFailureOf(error);
    }
  }
}
