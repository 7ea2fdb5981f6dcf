/**
 * Works through the files of a batch: hands them to the engine in portions, and stores what comes back, file by file. A file's captures are stored
 * together, so that whatever is stored is done and nothing is classified twice.
 */
import type { ClassificationEvent } from "../../../contract/engine.ts";
import { type Failure, failed, failureOf, type Outcome, succeeded } from "../../../contract/outcome.ts";
import { type Capture, fileKey, verdictOf } from "../../../domain/capture/capture.ts";
import type { ModelMetadata } from "../../../domain/model/model.ts";
import type { Engine } from "../../../runtime/engine-client.ts";
import type { PicturedCapture } from "../../../storage/captures.ts";
import type { PickedFile } from "../../../ui/services/picked-files.ts";
import { BatchRecord } from "./batch-record.ts";

/** Files handed to the engine at once: what it is told of a file, and what waits to be stored, stays small however many there are. */
const portion = 512;
/** What was classified is stored at least this often, in milliseconds: a killed tab loses no more. */
const storeEvery = 300;
/** Captures that may wait to be stored. */
const mostUnstored = 64;
/** After these the engine starts afresh, and the rest of a batch may go through. */
const passing: readonly string[] = ["worker-died", "device-lost", "out-of-memory"];

export interface WorkParts {
  readonly engine: Pick<Engine, "classify">;
  readonly metadata: Pick<ModelMetadata, "threshold" | "reviewBand">;
  /** A moment after all earlier ones, in milliseconds. */
  readonly nextMoment: () => number;
  /** Called after every change of the record. */
  readonly onChange: () => void;
}

function keyOf({ path, file }: PickedFile): string {
  return fileKey(path, file.size, file.lastModified);
}

export class BatchWork {
  readonly record: BatchRecord;
  readonly #parts: WorkParts;
  /** What is to be classified, by file key, in order. */
  readonly #waiting = new Map<string, PickedFile>();
  readonly #done: Set<string>;
  /** Pages of files that are not complete yet. */
  readonly #incomplete = new Map<string, PicturedCapture[]>();
  #unstored: PicturedCapture[] = [];
  #unstoredFiles = 0;
  #storing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #problem: Failure | null = null;
  #aborting = new AbortController();
  #lastSecond = 0;

  constructor(record: BatchRecord, parts: WorkParts) {
    this.record = record;
    this.#parts = parts;
    this.#done = new Set(
      record.captures.map(({ file, byteLength, lastModified }) => fileKey(file, byteLength, lastModified)),
    );
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Takes files in; those that are classified already, or wait already, are left out.
   * @param isKnown whether the batch counts these files already: they are those of an interrupted batch, given again
   */
  async add(files: readonly PickedFile[], isKnown: boolean): Promise<void> {
    for (const file of files) {
      const key = keyOf(file);
      if (!this.#done.has(key)) this.#waiting.set(key, file);
    }
    const { doneFiles, files: counted } = this.record.batch;
    const total = doneFiles + this.#unstoredFiles + this.#waiting.size;
    await this.record.change({ files: isKnown ? Math.max(counted, total) : total });
    this.#parts.onChange();
  }

  /** Stops at the next batch of the engine; `run` then resolves as cancelled. */
  pause(): void {
    this.#aborting.abort();
  }

  /** Classifies until nothing waits. */
  async run(): Promise<Outcome<null>> {
    this.#aborting = new AbortController();
    const { signal } = this.#aborting;
    this.#problem = null;
    this.#lastSecond = performance.now();
    await this.record.change({ status: "running" });
    const outcome = await this.#portions(signal);
    if (this.#problem) await this.#forgetUnstored();
    const status = outcome.ok ? "finished" : outcome.code === "cancelled" ? "paused" : "interrupted";
    await this.record.change({ status, seconds: this.#secondsNow() });
    this.#parts.onChange();
    return outcome;
  }

  async #portions(signal: AbortSignal): Promise<Outcome<null>> {
    while (this.#waiting.size > 0) {
      if (signal.aborted) return failed("cancelled", "Cancelled.");
      const files = [...this.#waiting.values()].slice(0, portion);
      const waitedBefore = this.#waiting.size;
      const outcome = await this.#parts.engine.classify(
        {
          modelId: this.record.batch.modelId,
          items: files.map(({ file }, index) => ({ id: String(index), file })),
          thumbnails: true,
        },
        (event) => this.#take(event, files[Number(event.id)]!),
        signal,
      );
      this.#incomplete.clear();
      this.#store();
      await this.#storing;
      if (this.#problem) return this.#problem;
      const isGettingOn = this.#waiting.size < waitedBefore;
      if (!outcome.ok && !(passing.includes(outcome.code) && isGettingOn)) return outcome;
      if (outcome.ok && !isGettingOn) return failed("unexpected", "The engine answered without a verdict.");
    }
    return succeeded(null);
  }

  #take(event: ClassificationEvent, file: PickedFile): void {
    const key = keyOf(file);
    const pages = this.#incomplete.get(key) ?? [];
    pages.push({ capture: this.#captureOf(event, file), picture: event.type === "page" ? event.thumbnail : null });
    if (event.type === "page") {
      if (pages.length < event.pages) {
        this.#incomplete.set(key, pages);
        return;
      }
      if (event.damage !== null) {
        const unreadable = { type: "unreadable", id: event.id, reason: "damaged", detail: event.damage } as const;
        pages.push({ capture: { ...this.#captureOf(unreadable, file), page: event.pages }, picture: null });
      }
    }
    this.#incomplete.delete(key);
    this.#waiting.delete(key);
    this.#done.add(key);
    this.#unstored.push(...pages);
    this.#unstoredFiles += 1;
    if (this.#unstored.length >= mostUnstored) this.#store();
    else this.#timer ??= setTimeout(() => this.#store(), storeEvery);
  }

  /** Stores what waits for it, after what is being stored now. */
  #store(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const added = this.#unstored;
    if (added.length === 0 || this.#problem) return;
    const doneFiles = this.record.batch.doneFiles + this.#unstoredFiles;
    this.#unstored = [];
    this.#unstoredFiles = 0;
    const stored = this.record.add(added, { doneFiles, seconds: this.#secondsNow() });
    this.#parts.onChange();
    const storing = this.#storing;
    this.#storing = stored.then(
      () => storing,
      (error: unknown) => {
        this.#problem ??= failureOf(error);
        this.#aborting.abort();
      },
    );
  }

  /** What could not be stored was not classified: it waits for another try. */
  async #forgetUnstored(): Promise<void> {
    const stored = await BatchRecord.open(this.record.batch.id);
    if (!stored) return;
    this.record.batch = stored.batch;
    this.record.captures = stored.captures;
  }

  #secondsNow(): number {
    const now = performance.now();
    const seconds = this.record.batch.seconds + (now - this.#lastSecond) / 1000;
    this.#lastSecond = now;
    return seconds;
  }

  #captureOf(event: ClassificationEvent, { path, file }: PickedFile): Capture {
    const { id: batchId, modelId } = this.record.batch;
    const common = {
      id: crypto.randomUUID(),
      batchId,
      file: path,
      byteLength: file.size,
      lastModified: file.lastModified,
      createdAt: this.#parts.nextMoment(),
      modelId,
      decision: null,
    };
    if (event.type === "unreadable") {
      const { reason, detail } = event;
      return { ...common, page: 0, probability: null, verdict: null, error: { reason, detail } };
    }
    const { page, probability, statistics } = event;
    const verdict = verdictOf(probability, this.#parts.metadata);
    return { ...common, page, probability, verdict, error: null, statistics };
  }
}
