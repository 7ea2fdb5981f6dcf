/** Vetting: the search for duplicates, and what people decide about single images. */
import { failed, failureOf, type Outcome } from "../../contract/outcome.ts";
import type { KnownDuplicates } from "../../domain/dataset/leakage.ts";
import {
  type ChoiceHistory,
  type ChoiceStep,
  emptyHistory,
  redoLast,
  undoLast,
  withStep,
} from "../../domain/vetting/choice-history.ts";
import type { Choices } from "../../domain/vetting/decisions.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import { listVettedImages } from "../../storage/datasets.ts";
import { countFingerprints, getDuplicates, listChoices, putChoices, readFingerprints } from "../../storage/vetting.ts";
import type { DatasetVetting, VettingService } from "../../ui/services/vetting-service.ts";
import type { Datasets } from "./dataset-service.ts";
import { MutableStore } from "./mutable-store.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { duplicatesLock, whileAlone } from "./tabs.ts";

export interface VettingParts {
  readonly decoders: Pick<Decoders, "findDuplicates">;
  readonly datasets: Pick<Datasets, "datasets" | "recount">;
}

export class Vetting implements VettingService {
  readonly searching = new MutableStore<VettingService["searching"]["value"]>(null);
  readonly histories = new MutableStore<ReadonlyMap<string, ChoiceHistory>>(new Map());
  readonly #parts: VettingParts;
  /** By dataset, then by image. */
  readonly #colourfulness = new Map<string, ReadonlyMap<string, number>>();
  #lastChange: Promise<unknown> = Promise.resolve();
  /** Images of each dataset that a search was begun for in this tab. */
  readonly #begun = new Map<string, number>();
  /** Searches come one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #cancelling = new AbortController();

  constructor(parts: VettingParts) {
    this.#parts = parts;
    parts.datasets.datasets.subscribe(() => this.#searchNew());
  }

  async of(datasetId: string): Promise<DatasetVetting> {
    const [images, duplicates, fingerprints] = await Promise.all([
      listVettedImages(datasetId),
      getDuplicates(datasetId),
      countFingerprints(datasetId),
    ]);
    return {
      images,
      duplicates: duplicates ?? null,
      unsearched: Math.max(0, fingerprints - (duplicates?.images ?? 0)),
      colourfulness: await this.#colourfulnessOf(datasetId, fingerprints),
    };
  }

  choose(datasetId: string, choices: Choices): Promise<() => Promise<void>> {
    return this.#inOrder(async () => {
      const step = await this.#step(datasetId, choices);
      return () => this.#takeBack(datasetId, step);
    });
  }

  undo(datasetId: string): Promise<void> {
    return this.#inOrder(() => this.#walk(datasetId, undoLast));
  }

  redo(datasetId: string): Promise<void> {
    return this.#inOrder(() => this.#walk(datasetId, redoLast));
  }

  /** Undoes a step; where others were made since, as a step of its own. */
  #takeBack(datasetId: string, step: ChoiceStep): Promise<void> {
    return this.#inOrder(async () => {
      const history = this.#historyOf(datasetId);
      if (history.done.at(-1) === step) await this.#walk(datasetId, undoLast);
      // It was undone already.
      else if (!history.undone.includes(step)) await this.#step(datasetId, step.before);
    });
  }

  async #step(datasetId: string, after: Choices): Promise<ChoiceStep> {
    const known = await listChoices(datasetId);
    const before = new Map([...after.keys()].map((imageId) => [imageId, known.get(imageId) ?? null]));
    const step = { before, after };
    await this.#write(datasetId, after, withStep(this.#historyOf(datasetId), step));
    return step;
  }

  async #walk(datasetId: string, by: typeof undoLast): Promise<void> {
    const walked = by(this.#historyOf(datasetId));
    if (walked) await this.#write(datasetId, walked.choices, walked.history);
  }

  async #write(datasetId: string, choices: Choices, history: ChoiceHistory): Promise<void> {
    await putChoices(datasetId, choices);
    this.histories.set(new Map(this.histories.value).set(datasetId, history));
    await this.#parts.datasets.recount(datasetId);
  }

  #historyOf(datasetId: string): ChoiceHistory {
    return this.histories.value.get(datasetId) ?? emptyHistory;
  }

  /** Each change of choices reads what the one before it wrote. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastChange.then(work);
    this.#lastChange = turn.catch(() => undefined);
    return turn;
  }

  /** Read again only where images came: a fingerprint holds a kilobyte beside this number. */
  async #colourfulnessOf(datasetId: string, fingerprints: number): Promise<ReadonlyMap<string, number>> {
    const known = this.#colourfulness.get(datasetId);
    if (known?.size === fingerprints) return known;
    const read = new Map<string, number>();
    for await (const portion of readFingerprints(datasetId)) {
      for (const { imageId, colourfulness } of portion) read.set(imageId, colourfulness);
    }
    this.#colourfulness.set(datasetId, read);
    return read;
  }

  async search(datasetId: string): Promise<Outcome<KnownDuplicates>> {
    const alone = await whileAlone(duplicatesLock(datasetId), () => this.#inTurn(datasetId));
    return alone?.result ?? failed("busy", "This dataset is being searched already.", "Wait until it is done.");
  }

  cancelSearch(): void {
    this.#cancelling.abort();
  }

  /** What was just imported, or grew. The lock is asked for at once, so that a run that begins now waits for it. */
  #searchNew(): void {
    for (const { id, classCounts } of this.#parts.datasets.datasets.value) {
      const images = classCounts.reduce((sum, count) => sum + count, 0);
      if ((this.#begun.get(id) ?? 0) >= images) continue;
      this.#begun.set(id, images);
      void whileAlone(duplicatesLock(id), async () => {
        const [known, fingerprints] = await Promise.all([getDuplicates(id), countFingerprints(id)]);
        if (fingerprints > 0 && known?.images !== fingerprints) await this.#inTurn(id);
      }).catch((error: unknown) => console.warn("The search for duplicates failed.", error));
    }
  }

  #inTurn(datasetId: string): Promise<Outcome<KnownDuplicates>> {
    const turn = this.#last.then(() => this.#search(datasetId));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #search(datasetId: string): Promise<Outcome<KnownDuplicates>> {
    const meter = new ProgressMeter();
    this.#cancelling = new AbortController();
    try {
      return await this.#parts.decoders.findDuplicates(
        { datasetId },
        ({ done, total }) => this.searching.set({ ...meter.measure(done, total), datasetId }),
        this.#cancelling.signal,
      );
    } catch (error) {
      return failureOf(error);
    } finally {
      this.searching.set(null);
    }
  }
}
