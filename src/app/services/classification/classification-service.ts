/** Batches of captures: classified as they come, stored as they are classified, decided on by a person. */
import { failed, failureOf, type Outcome, succeeded } from "../../../contract/outcome.ts";
import { type Batch, noCounts, takesMore } from "../../../domain/capture/batch.ts";
import { type Capture, type Decision, verdictOf } from "../../../domain/capture/capture.ts";
import type { Model } from "../../../domain/model/model.ts";
import { byteOrderMark, capturesToCsv, capturesToJson } from "../../../domain/text/capture-list.ts";
import { safeFileName } from "../../../domain/text/file-name.ts";
import type { Decoders } from "../../../runtime/decode-pool.ts";
import type { Engine } from "../../../runtime/engine-client.ts";
import { deleteBatch, listBatches, putBatch, putWholeBatch, readWholeBatch } from "../../../storage/captures.ts";
import { getModel } from "../../../storage/models.ts";
import { getThumbnail } from "../../../storage/thumbnails.ts";
import type {
  BatchProgress,
  BatchSummary,
  CaptureOrigin,
  ClassificationService,
  Judgement,
} from "../../../ui/services/classification-service.ts";
import type { PickedFile } from "../../../ui/services/picked-files.ts";
import type { Store } from "../../../ui/services/store.ts";
import { MutableStore } from "../mutable-store.ts";
import { throttled } from "../progress-meter.ts";
import { batchLock, isHeld, type Tabs } from "../tabs.ts";
import { BatchDesk, type Running } from "./batch-desk.ts";
import { BatchRecord } from "./batch-record.ts";
import { largePicture } from "./large-picture.ts";
import { Originals } from "./originals.ts";

/** The list is shown anew at most this often, in milliseconds: each time copies all of it. */
const showEvery = 150;
/** Other tabs read what changed at most this often, in milliseconds. */
const tellEvery = 2000;

const noModel = failed("not-found", "There is no model to classify with.", "Train a model, or import one.");

export class Classification implements ClassificationService {
  readonly batches = new MutableStore<readonly Batch[]>([]);
  readonly openBatch = new MutableStore<Batch | null>(null);
  readonly captures = new MutableStore<readonly Capture[]>([]);
  readonly progress: Store<BatchProgress | null>;
  readonly originals = new Originals();
  readonly #engine: Pick<Engine, "classify">;
  readonly #decoders: Pick<Decoders, "decode">;
  readonly #defaultModelId: Store<string | null>;
  readonly #tabs: Tabs;
  readonly #desk: BatchDesk;
  /** What is shown; the record of its work where it is worked on. */
  #open: BatchRecord | null = null;
  #shown: { readonly captures: readonly Capture[]; readonly length: number } | null = null;
  readonly #show = throttled(() => this.#showNow(), showEvery);
  readonly #tell = throttled(() => this.#tabs.tell({ type: "changed", what: "captures" }), tellEvery);
  /** What is begun, one after the other. */
  #beginning: Promise<unknown> = Promise.resolve();
  #isJudging = false;

  constructor(
    { engine, decoders }: { readonly engine: Pick<Engine, "classify">; readonly decoders: Pick<Decoders, "decode"> },
    defaultModelId: Store<string | null>,
    tabs: Tabs,
  ) {
    this.#engine = engine;
    this.#decoders = decoders;
    this.#defaultModelId = defaultModelId;
    this.#tabs = tabs;
    this.#desk = new BatchDesk({
      engine,
      originals: this.originals,
      onProgress: () => {
        this.#show();
        this.#tell();
      },
      onChange: () => this.#changed(),
    });
    this.progress = this.#desk.progress;
    tabs.listen((news) => {
      if (news.type === "changed" && news.what === "captures") void this.#reload();
    });
  }

  /** Reads what is stored, and shows the newest batch. */
  async load(): Promise<void> {
    for (const batch of await listBatches()) {
      if (batch.status !== "running" || this.#desk.recordOf(batch.id) || (await isHeld(batchLock(batch.id)))) continue;
      await putBatch({ ...batch, status: "interrupted" });
    }
    await this.#readBatches();
    await this.open(this.batches.value[0]?.id ?? null);
  }

  async open(batchId: string | null): Promise<void> {
    this.#open = batchId === null ? null : await this.#record(batchId);
    this.#showNow();
  }

  async classify(files: readonly PickedFile[], origin: CaptureOrigin): Promise<Outcome<BatchSummary>> {
    if (files.length === 0) return succeeded({ pages: 0, unreadable: 0 });
    return this.#afterBeginning(async () => {
      const model = await this.#model();
      if (!model) return noModel;
      const shown = this.#open?.batch;
      const goesOn = shown && takesMore(shown, origin.source, model.id) ? this.#open : null;
      const record = goesOn ?? (await this.#newRecord(model, origin));
      const { id } = record.batch;
      this.originals.remember(id, files);
      if (origin.source === "camera" || origin.source === "shared") await this.originals.keep(id, files);
      if (origin.handle) await this.originals.keepFolder(id, origin.handle);
      return this.#desk.begin(record, files, false);
    });
  }

  async watch(handle: FileSystemDirectoryHandle): Promise<Outcome<BatchSummary>> {
    return this.#afterBeginning(async () => {
      const model = await this.#model();
      if (!model) return noModel;
      const record = await this.#newRecord(model, { source: "watched", name: handle.name });
      await this.originals.keepFolder(record.batch.id, handle);
      return this.#desk.beginWatching(record, handle);
    });
  }

  async findFiles(batchId: string): Promise<readonly PickedFile[] | null> {
    return this.originals.all(batchId);
  }

  async resume(batchId: string, files: readonly PickedFile[]): Promise<Outcome<BatchSummary>> {
    return this.#afterBeginning(async () => {
      const record = await this.#record(batchId);
      if (!record) return failed("not-found", "This batch is not there any more.");
      const folder = record.batch.source === "watched" ? await this.originals.folder(batchId) : undefined;
      if (folder) return this.#desk.beginWatching(record, folder);
      this.originals.remember(batchId, files);
      return this.#desk.begin(record, files, true);
    });
  }

  pause(batchId: string): void {
    void this.#desk.pause(batchId);
  }

  async stop(batchId: string): Promise<void> {
    await this.#desk.pause(batchId);
    const record = await this.#record(batchId);
    await record?.change({ status: "finished", files: record.batch.doneFiles });
    this.#changed();
  }

  async judge(picture: Blob): Promise<Judgement | null> {
    const model = await this.#model();
    // A batch has the engine for itself, and a preview can wait.
    if (!model || this.#isJudging || this.progress.value !== null) return null;
    this.#isJudging = true;
    try {
      let judgement: Judgement | null = null;
      await this.#engine.classify(
        { modelId: model.id, items: [{ id: "preview", file: picture }], thumbnails: false },
        (event) => {
          if (event.type !== "page") return;
          const { probability } = event;
          judgement = { probability, verdict: verdictOf(probability, model.metadata) };
        },
        new AbortController().signal,
      );
      return judgement;
    } finally {
      this.#isJudging = false;
    }
  }

  async decide(captures: readonly Capture[], verdict: Decision["verdict"] | null): Promise<() => Promise<void>> {
    const decision = verdict === null ? null : { verdict, decidedAt: Date.now() };
    await this.#replace(captures.map((capture) => ({ ...capture, decision })));
    return () => this.#replace(captures);
  }

  thumbnail(capture: Capture): Promise<Blob | undefined> {
    return getThumbnail(capture.batchId, capture.id);
  }

  async picture(capture: Capture): Promise<Blob | undefined> {
    try {
      const file = await this.original(capture);
      const large = file && (await largePicture(file, capture.page, this.#decoders));
      if (large) return large;
    } catch {
      // A file that is gone, or a decoder that died over it: the thumbnail is still there.
    }
    return this.thumbnail(capture);
  }

  original(capture: Capture): Promise<File | undefined> {
    return this.originals.find(capture.batchId, capture.file);
  }

  async rename(batchId: string, name: string): Promise<void> {
    await (await this.#record(batchId))?.change({ name: name.trim() });
    this.#changed();
  }

  async remove(captures: readonly Capture[]): Promise<() => Promise<void>> {
    const [first] = captures;
    const record = first ? await this.#record(first.batchId) : null;
    if (!record) return () => Promise.resolve();
    const whole = captures.length === record.captures.length && !this.#desk.recordOf(record.batch.id);
    if (whole) return this.removeBatches([record.batch.id]);
    const pictures = await Promise.all(captures.map((capture) => this.thumbnail(capture)));
    await record.remove(captures);
    this.#changed();
    return async () => {
      await record.restore(captures.map((capture, index) => ({ capture, picture: pictures[index] ?? null })));
      this.#changed();
    };
  }

  async removeBatches(ids: readonly string[]): Promise<() => Promise<void>> {
    const opened = this.#open?.batch.id ?? null;
    for (const id of ids) await this.#desk.pause(id);
    const whole = await Promise.all(ids.map((id) => readWholeBatch(id)));
    for (const id of ids) await deleteBatch(id);
    if (opened !== null && ids.includes(opened)) this.#open = null;
    this.#changed();
    return async () => {
      for (const batch of whole) if (batch) await putWholeBatch(batch);
      if (opened !== null && ids.includes(opened)) await this.open(opened);
      this.#changed();
    };
  }

  exportList(format: "csv" | "json"): File {
    const captures = this.#open?.captures ?? [];
    const name = safeFileName(this.#open?.batch.name ?? "", "tamis");
    return format === "csv"
      ? new File([byteOrderMark + capturesToCsv(captures)], `${name}.csv`, { type: "text/csv" })
      : new File([capturesToJson(captures)], `${name}.json`, { type: "application/json" });
  }

  /** The record in use where there is one, so that nobody writes over another's changes. */
  async #record(batchId: string): Promise<BatchRecord | null> {
    const inUse = this.#desk.recordOf(batchId);
    if (inUse) return inUse;
    if (this.#open?.batch.id === batchId) return this.#open;
    return BatchRecord.open(batchId);
  }

  /** The model that classifies what comes in. */
  async #model(): Promise<Model | undefined> {
    const modelId = this.#defaultModelId.value;
    return modelId === null ? undefined : getModel(modelId);
  }

  async #newRecord(model: Model, origin: CaptureOrigin): Promise<BatchRecord> {
    const now = Date.now();
    const batch: Batch = {
      id: crypto.randomUUID(),
      name: origin.name ?? "",
      createdAt: now,
      changedAt: now,
      modelId: model.id,
      modelName: model.metadata.name,
      source: origin.source,
      status: "running",
      files: 0,
      doneFiles: 0,
      seconds: 0,
      counts: noCounts,
    };
    await putBatch(batch);
    const record = new BatchRecord(batch);
    this.#open = record;
    this.#showNow();
    return record;
  }

  /** Begins one thing after the other, so that two calls never begin two batches where one would do; then waits for the end. */
  async #afterBeginning(begin: () => Promise<Outcome<Running>>): Promise<Outcome<BatchSummary>> {
    const begun = this.#beginning.then(begin).catch(failureOf);
    this.#beginning = begun;
    const outcome = await begun;
    return outcome.ok ? outcome.value.ended : outcome;
  }

  async #replace(captures: readonly Capture[]): Promise<void> {
    const batches = new Set(captures.map(({ batchId }) => batchId));
    for (const batchId of batches) {
      const record = await this.#record(batchId);
      await record?.replace(captures.filter((capture) => capture.batchId === batchId));
    }
    this.#changed();
  }

  /** Something ended or was decided: shown and told at once. */
  #changed(): void {
    this.#showNow();
    void this.#readBatches();
    this.#tell();
    this.#tell.flush();
  }

  #showNow(): void {
    const record = this.#open;
    this.openBatch.set(record?.batch ?? null);
    const captures = record?.captures ?? [];
    // A list that only grew is the same array.
    if (this.#shown?.captures !== captures || this.#shown.length !== captures.length) {
      this.#shown = { captures, length: captures.length };
      this.captures.set([...captures]);
    }
    if (record) this.batches.set(withBatch(this.batches.value, record.batch));
  }

  async #readBatches(): Promise<void> {
    this.batches.set(await listBatches());
  }

  /** Another tab changed something. */
  async #reload(): Promise<void> {
    await this.#readBatches();
    const shown = this.#open?.batch.id;
    if (shown !== undefined && !this.#desk.recordOf(shown)) await this.#reopen(shown);
  }

  async #reopen(batchId: string): Promise<void> {
    const record = await BatchRecord.open(batchId);
    if (this.#open?.batch.id !== batchId || this.#desk.recordOf(batchId)) return;
    this.#open = record;
    this.#showNow();
  }
}

function withBatch(batches: readonly Batch[], batch: Batch): readonly Batch[] {
  const isKnown = batches.some(({ id }) => id === batch.id);
  return isKnown ? batches.map((known) => (known.id === batch.id ? batch : known)) : [batch, ...batches];
}
