/** Captures: classified as they come, stored as they are classified. */
import type { ClassificationEvent } from "../../contract/engine.ts";
import { type Failure, failed, failureOf, type Outcome, succeeded } from "../../contract/outcome.ts";
import { type Capture, verdictOf } from "../../domain/capture/capture.ts";
import { byteOrderMark, capturesToCsv, capturesToJson } from "../../domain/text/capture-list.ts";
import type { ModelMetadata } from "../../domain/model/model.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { deleteCaptures, listCaptures, putCapture } from "../../storage/captures.ts";
import { getModel } from "../../storage/models.ts";
import { getThumbnail } from "../../storage/thumbnails.ts";
import type { ClassificationService, PickedFile, Progress, Store } from "../../ui/services.ts";
import { MutableStore } from "./mutable-store.ts";
import { ProgressMeter, throttled } from "./progress-meter.ts";
import type { Tabs } from "./tabs.ts";

/** The list is shown anew at most this often, in milliseconds: each time copies all of it. */
const showEvery = 150;

interface Summary {
  readonly pages: number;
  readonly unreadable: number;
}

/** What one call of `classify` works on. */
interface Job {
  readonly batchId: string;
  readonly modelId: string;
  readonly metadata: ModelMetadata;
  readonly files: readonly PickedFile[];
}

export class Classification implements ClassificationService {
  readonly captures = new MutableStore<readonly Capture[]>([]);
  readonly progress = new MutableStore<Progress | null>(null);
  readonly #engine: Pick<Engine, "classify">;
  readonly #defaultModelId: Store<string | null>;
  readonly #tabs: Tabs;
  #list: Capture[] = [];
  readonly #show = throttled(() => this.captures.set([...this.#list]), showEvery);
  /** The jobs, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  #cancelling = new AbortController();
  #lastMoment = 0;
  #waitingFiles = 0;
  #doneFiles = 0;
  #meter: ProgressMeter | null = null;

  constructor(engine: Pick<Engine, "classify">, defaultModelId: Store<string | null>, tabs: Tabs) {
    this.#engine = engine;
    this.#defaultModelId = defaultModelId;
    this.#tabs = tabs;
    tabs.listen((news) => {
      if (news.type === "changed" && news.what === "captures" && this.progress.value === null) void this.load();
    });
  }

  /** Reads what is stored. */
  async load(): Promise<void> {
    this.#list = await listCaptures();
    this.captures.set([...this.#list]);
  }

  async classify(files: readonly PickedFile[]): Promise<Outcome<Summary>> {
    const modelId = this.#defaultModelId.value;
    const model = modelId === null ? undefined : await getModel(modelId);
    if (!model) return failed("not-found", "There is no model to classify with.", "Train a model, or import one.");
    if (files.length === 0) return succeeded({ pages: 0, unreadable: 0 });
    const job: Job = { batchId: crypto.randomUUID(), modelId: model.id, metadata: model.metadata, files };
    const { signal } = this.#cancelling;
    this.#waitingFiles += files.length;
    this.#meter ??= new ProgressMeter();
    this.#tellProgress(this.#doneFiles);
    const result = this.#queue.then(() => this.#run(job, signal));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  cancel(): void {
    this.#cancelling.abort();
    this.#cancelling = new AbortController();
  }

  thumbnail(capture: Capture): Promise<Blob | undefined> {
    return getThumbnail(capture.batchId, capture.id);
  }

  async remove(captures: readonly Capture[]): Promise<() => Promise<void>> {
    const pictures = await Promise.all(captures.map((capture) => this.thumbnail(capture)));
    await deleteCaptures(captures);
    const gone = new Set(captures.map((capture) => capture.id));
    this.#list = this.#list.filter((capture) => !gone.has(capture.id));
    this.#changed();
    return async () => {
      await Promise.all(captures.map((capture, index) => putCapture(capture, pictures[index] ?? null)));
      this.#list = [...this.#list, ...captures].sort((a, b) => a.createdAt - b.createdAt);
      this.#changed();
    };
  }

  exportList(format: "csv" | "json"): File {
    return format === "csv"
      ? new File([byteOrderMark + capturesToCsv(this.#list)], "tamis.csv", { type: "text/csv" })
      : new File([capturesToJson(this.#list)], "tamis.json", { type: "application/json" });
  }

  async #run(job: Job, signal: AbortSignal): Promise<Outcome<Summary>> {
    const before = this.#doneFiles;
    const seen = new Map<string, number>();
    const writes: Promise<void>[] = [];
    let problem: Failure | null = null;
    let finished = 0;
    try {
      if (signal.aborted) return failed("cancelled", "Cancelled.");
      const outcome = await this.#engine.classify(
        {
          modelId: job.modelId,
          items: job.files.map(({ file }, index) => ({ id: String(index), file })),
          thumbnails: true,
        },
        (event) => {
          const { path } = job.files[Number(event.id)]!;
          const capture = captureOf(event, path, job, this.#nextMoment());
          this.#list.push(capture);
          this.#show();
          const write = putCapture(capture, event.type === "page" ? event.thumbnail : null);
          writes.push(write.catch((error: unknown) => void (problem ??= failureOf(error))));
          const pages = (seen.get(event.id) ?? 0) + 1;
          seen.set(event.id, pages);
          if (event.type === "page" && pages < event.pages) return;
          finished += 1;
          this.#tellProgress(before + finished);
        },
        signal,
      );
      await Promise.all(writes);
      if (!outcome.ok) return outcome;
      if (problem) return problem;
      return succeeded({ pages: outcome.value.pages, unreadable: outcome.value.unreadable });
    } finally {
      this.#doneFiles = before + job.files.length;
      this.#waitingFiles -= job.files.length;
      this.#changed();
      if (this.#waitingFiles === 0) {
        this.#doneFiles = 0;
        this.#meter = null;
        this.progress.set(null);
      }
    }
  }

  /** Strictly increasing, so that the list keeps its order when it is read again. */
  #nextMoment(): number {
    this.#lastMoment = Math.max(Date.now(), this.#lastMoment + 0.001);
    return this.#lastMoment;
  }

  #tellProgress(done: number): void {
    const total = this.#doneFiles + this.#waitingFiles;
    if (this.#meter) this.progress.set(this.#meter.measure(done, total));
  }

  #changed(): void {
    this.#show();
    this.#show.flush();
    this.#tabs.tell({ type: "changed", what: "captures" });
  }
}

function captureOf(
  event: ClassificationEvent,
  file: string,
  { batchId, modelId, metadata }: Job,
  createdAt: number,
): Capture {
  const common = { id: crypto.randomUUID(), batchId, file, createdAt, modelId };
  if (event.type === "unreadable") {
    const { reason, detail } = event;
    return { ...common, page: 0, probability: null, verdict: null, error: { reason, detail } };
  }
  const { page, probability } = event;
  return { ...common, page, probability, verdict: verdictOf(probability, metadata), error: null };
}
