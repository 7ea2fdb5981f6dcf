/** Where batches are worked on: one after the other, with the progress of the one that runs, and watched folders. */
import { failed, failureOf, type Outcome, succeeded } from "../../../contract/outcome.ts";
import { fileKey } from "../../../domain/capture/capture.ts";
import type { Engine } from "../../../runtime/engine-client.ts";
import { getModel } from "../../../storage/models.ts";
import type { BatchProgress, BatchSummary } from "../../../ui/services/classification-service.ts";
import type { PickedFile } from "../../../ui/services/picked-files.ts";
import { MutableStore } from "../mutable-store.ts";
import { ProgressMeter } from "../progress-meter.ts";
import { batchLock } from "../tabs.ts";
import type { BatchRecord } from "./batch-record.ts";
import { BatchWork } from "./batch-work.ts";
import type { Originals } from "./originals.ts";
import { watchFolder } from "./watched-folder.ts";

/** A batch that is worked on, with what goes on working on it. */
export interface Running {
  readonly work: BatchWork;
  /** Resolves when nothing waits any more, or it was paused. */
  readonly ended: Promise<Outcome<BatchSummary>>;
  /** Ends the watching; null where no folder is watched. */
  readonly watching: AbortController | null;
}

interface DeskParts {
  readonly engine: Pick<Engine, "classify">;
  readonly originals: Originals;
  /** Called often, while captures come. */
  readonly onProgress: () => void;
  /** Called when something begins or ends. */
  readonly onChange: () => void;
}

export class BatchDesk {
  readonly progress = new MutableStore<BatchProgress | null>(null);
  readonly #parts: DeskParts;
  readonly #running = new Map<string, Running>();
  /** How far the work is that runs now. */
  #pace: { readonly meter: ProgressMeter; readonly done: number; readonly work: BatchWork } | null = null;
  /** The works, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #lastMoment = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** The record of a batch that is worked on here; null where it is not. */
  recordOf(batchId: string): BatchRecord | null {
    return this.#running.get(batchId)?.work.record ?? null;
  }

  /** Lets a batch rest; resolves once nobody works on it. */
  async pause(batchId: string): Promise<void> {
    const running = this.#running.get(batchId);
    running?.watching?.abort();
    running?.work.pause();
    await running?.ended;
  }

  /** Adds files to a batch that is worked on, or begins to work on it. */
  async begin(record: BatchRecord, files: readonly PickedFile[], isKnown: boolean): Promise<Outcome<Running>> {
    const running = this.#running.get(record.batch.id);
    if (running) {
      await running.work.add(files, isKnown);
      return succeeded(running);
    }
    const work = await this.#newWork(record);
    if (!work.ok) return work;
    await work.value.add(files, isKnown);
    const ended = this.#untilNothingWaits(work.value);
    const begun: Running = { work: work.value, ended, watching: null };
    this.#running.set(record.batch.id, begun);
    return succeeded(begun);
  }

  async #newWork(record: BatchRecord): Promise<Outcome<BatchWork>> {
    const model = await getModel(record.batch.modelId);
    if (!model) return failed("not-found", "The model of this batch is not there any more.", "Begin a new batch.");
    const work = new BatchWork(record, {
      engine: this.#parts.engine,
      metadata: model.metadata,
      nextMoment: () => this.#nextMoment(),
      onChange: () => this.#progressed(),
    });
    return succeeded(work);
  }

  async #untilNothingWaits(work: BatchWork): Promise<Outcome<BatchSummary>> {
    const { id, counts: before } = work.record.batch;
    for (;;) {
      const outcome = await this.#enqueue(work);
      // What was added at the very end waits still.
      if (outcome.ok && work.waiting > 0) continue;
      this.#running.delete(id);
      this.#parts.onChange();
      if (!outcome.ok) return outcome;
      const { counts } = work.record.batch;
      return succeeded({ pages: counts.pages - before.pages, unreadable: counts.unreadable - before.unreadable });
    }
  }

  /** Runs a work when those before it are done. The lock tells other tabs, and the next start, that somebody works on the batch. */
  #enqueue(work: BatchWork): Promise<Outcome<null>> {
    const run = async (): Promise<Outcome<null>> => {
      const { batch } = work.record;
      this.#pace = { meter: new ProgressMeter(), done: batch.doneFiles, work };
      this.#progressed();
      try {
        return await navigator.locks.request(batchLock(batch.id), { mode: "shared" }, () => work.run());
      } catch (error) {
        return failureOf(error);
      } finally {
        this.#pace = null;
        this.progress.set(null);
      }
    };
    const ended = this.#queue.then(run);
    this.#queue = ended;
    return ended;
  }

  async beginWatching(record: BatchRecord, folder: FileSystemDirectoryHandle): Promise<Outcome<Running>> {
    const work = await this.#newWork(record);
    if (!work.ok) return work;
    const watching = new AbortController();
    const begun: Running = { work: work.value, ended: this.#watch(work.value, folder, watching), watching };
    this.#running.set(record.batch.id, begun);
    return succeeded(begun);
  }

  async #watch(
    work: BatchWork,
    folder: FileSystemDirectoryHandle,
    watching: AbortController,
  ): Promise<Outcome<BatchSummary>> {
    const { record } = work;
    const { id, counts: before } = record.batch;
    await record.change({ status: "running" });
    this.#parts.onChange();
    const known = record.captures.map(({ file, byteLength, lastModified }) => fileKey(file, byteLength, lastModified));
    let outcome: Outcome<null> = succeeded(null);
    const take = async (files: readonly PickedFile[]): Promise<void> => {
      this.#parts.originals.remember(id, files);
      await work.add(files, false);
      outcome = await this.#enqueue(work);
      if (!outcome.ok) watching.abort();
      else await record.change({ status: "running" });
      this.#parts.onChange();
    };
    try {
      await navigator.locks.request(batchLock(id), { mode: "shared" }, () =>
        watchFolder(folder, known, take, watching.signal),
      );
    } catch (error) {
      outcome = failureOf(error);
    }
    this.#running.delete(id);
    const isPaused = outcome.ok || outcome.code === "cancelled";
    await record.change({ status: isPaused ? "paused" : "interrupted" });
    this.#parts.onChange();
    if (!outcome.ok) return outcome;
    const { counts } = record.batch;
    return succeeded({ pages: counts.pages - before.pages, unreadable: counts.unreadable - before.unreadable });
  }

  /** Strictly increasing, so that the list keeps its order when it is read again. */
  #nextMoment(): number {
    this.#lastMoment = Math.max(Date.now(), this.#lastMoment + 0.001);
    return this.#lastMoment;
  }

  #progressed(): void {
    if (this.#pace) {
      const { meter, done: before, work } = this.#pace;
      const { id: batchId, doneFiles, files } = work.record.batch;
      const pace = meter.measure(doneFiles - before, files - before);
      this.progress.set({ ...pace, done: doneFiles, total: files, batchId });
    }
    this.#parts.onProgress();
  }
}
