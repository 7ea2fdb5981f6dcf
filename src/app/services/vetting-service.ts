/** Vetting: the search for duplicates, and what people decide about single images. */
import { failed, failureOf, type Outcome } from "../../contract/outcome.ts";
import type { KnownDuplicates } from "../../domain/dataset/leakage.ts";
import type { ImageChoice } from "../../domain/vetting/choices.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import { listVettedImages } from "../../storage/datasets.ts";
import { countFingerprints, getDuplicates, listChoices, listFingerprints, putChoices } from "../../storage/vetting.ts";
import type { DatasetVetting, VettingService } from "../../ui/services.ts";
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
  readonly #parts: VettingParts;
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
      listFingerprints(datasetId),
    ]);
    return {
      images,
      duplicates: duplicates ?? null,
      colourfulness: new Map(fingerprints.map(({ imageId, colourfulness }) => [imageId, colourfulness])),
    };
  }

  async choose(datasetId: string, choices: ReadonlyMap<string, ImageChoice | null>): Promise<() => Promise<void>> {
    const known = await listChoices(datasetId);
    const before = new Map([...choices.keys()].map((imageId) => [imageId, known.get(imageId) ?? null]));
    const write = async (decided: ReadonlyMap<string, ImageChoice | null>): Promise<void> => {
      await putChoices(datasetId, decided);
      await this.#parts.datasets.recount(datasetId);
    };
    await write(choices);
    return () => write(before);
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
