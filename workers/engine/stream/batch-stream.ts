/** The engine's side of the batch worker: batches are made ahead, on a thread of their own. */
import { type Remote, wrap } from "comlink";
import { EngineError } from "../failure.ts";
import type { BatchRequest, BatchService } from "./batch-service.ts";
import type { Batch, BatchSource } from "./training-batches.ts";

/** Batches that are asked for ahead: one ready, one being made. */
const ahead = 2;

export class BatchStream implements BatchSource {
  readonly stepsPerEpoch: number;
  /** Milliseconds that training had to wait for batches so far. */
  waited = 0;
  readonly #worker: Worker;
  readonly #service: Remote<BatchService>;
  readonly #died: Promise<never>;

  private constructor(worker: Worker, service: Remote<BatchService>, died: Promise<never>, stepsPerEpoch: number) {
    this.#worker = worker;
    this.#service = service;
    this.#died = died;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /** @throws EngineError `not-cached` where the pixels of an image are not there, and what else hinders the worker */
  static async open(request: BatchRequest): Promise<BatchStream> {
    const worker = new Worker(new URL("./batch-entry.ts", import.meta.url), { type: "module", name: "batches" });
    const died = new Promise<never>((_, reject) => {
      worker.onerror = (event) => {
        reject(new EngineError("unexpected", `The worker that prepares the images failed: ${event.message}`));
      };
    });
    // Nobody waits for it between two epochs.
    died.catch(() => undefined);
    try {
      const service = wrap<BatchService>(worker);
      const opened = await Promise.race([service.open(request), died]);
      if (!opened.ok) throw new EngineError(opened.code, opened.message, opened.remedy);
      return new BatchStream(worker, service, died, opened.value.stepsPerEpoch);
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  /** The batches of an epoch (from 0); the same whatever the time that each of them took. */
  async *epoch(epoch: number): AsyncGenerator<Batch, void, void> {
    await Promise.race([this.#service.begin(epoch), this.#died]);
    const coming = Array.from({ length: ahead }, () => this.#next());
    for (;;) {
      const begin = performance.now();
      const batch = await coming.shift()!;
      this.waited += performance.now() - begin;
      if (!batch) return;
      coming.push(this.#next());
      yield batch;
    }
  }

  #next(): Promise<Batch | null> {
    const asked = this.#take();
    // Where the caller stops, nobody waits for it any more.
    asked.catch(() => undefined);
    return asked;
  }

  async #take(): Promise<Batch | null> {
    const outcome = await Promise.race([this.#service.next(), this.#died]);
    if (!outcome.ok) throw new EngineError(outcome.code, outcome.message, outcome.remedy);
    return outcome.value;
  }

  dispose(): void {
    this.#worker.terminate();
  }
}
