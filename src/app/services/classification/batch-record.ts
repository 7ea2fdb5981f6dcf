/** A batch with its captures, in memory as in the storage. */
import { type Batch, countsOf, filesAmong } from "../../../domain/capture/batch.ts";
import type { Capture } from "../../../domain/capture/capture.ts";
import {
  deleteCaptures,
  getBatch,
  listCaptures,
  type PicturedCapture,
  putBatch,
  putCaptures,
} from "../../../storage/captures.ts";

type BatchChange = Partial<Pick<Batch, "name" | "status" | "files" | "doneFiles" | "seconds">>;

export class BatchRecord {
  batch: Batch;
  /** In the order they came in. Replaced by a new list at every change but a growth. */
  captures: Capture[];

  constructor(batch: Batch, captures: Capture[] = []) {
    this.batch = batch;
    this.captures = captures;
  }

  /** Reads a stored batch; null where there is none. */
  static async open(batchId: string): Promise<BatchRecord | null> {
    const [batch, captures] = await Promise.all([getBatch(batchId), listCaptures(batchId)]);
    return batch ? new BatchRecord(batch, captures) : null;
  }

  /** Adds captures that were just made, and stores them. */
  async add(added: readonly PicturedCapture[], change: BatchChange): Promise<void> {
    for (const { capture } of added) this.captures.push(capture);
    this.#update(change);
    await putCaptures(this.batch, added);
  }

  async change(change: BatchChange): Promise<void> {
    this.batch = { ...this.batch, ...change, changedAt: Date.now() };
    await putBatch(this.batch);
  }

  /** Puts changed captures in the place of those with the same ids, and stores them. */
  async replace(changed: readonly Capture[]): Promise<void> {
    const byId = new Map(changed.map((capture) => [capture.id, capture]));
    this.captures = this.captures.map((capture) => byId.get(capture.id) ?? capture);
    this.#update({});
    await putCaptures(
      this.batch,
      changed.map((capture) => ({ capture, picture: null })),
    );
  }

  async remove(removed: readonly Capture[]): Promise<void> {
    const gone = new Set(removed.map(({ id }) => id));
    const files = filesAmong(this.captures);
    this.captures = this.captures.filter(({ id }) => !gone.has(id));
    const fewer = files - filesAmong(this.captures);
    this.#update({ files: this.batch.files - fewer, doneFiles: this.batch.doneFiles - fewer });
    await deleteCaptures(this.batch, removed);
  }

  /** Puts back what `remove` took, in its place. */
  async restore(removed: readonly PicturedCapture[]): Promise<void> {
    const files = filesAmong(this.captures);
    this.captures = [...this.captures, ...removed.map(({ capture }) => capture)].sort(
      (a, b) => a.createdAt - b.createdAt,
    );
    const more = filesAmong(this.captures) - files;
    this.#update({ files: this.batch.files + more, doneFiles: this.batch.doneFiles + more });
    await putCaptures(this.batch, removed);
  }

  #update(change: BatchChange): void {
    this.batch = { ...this.batch, ...change, counts: countsOf(this.captures), changedAt: Date.now() };
  }
}
