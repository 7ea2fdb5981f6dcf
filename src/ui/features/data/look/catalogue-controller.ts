/** What the screens about one dataset look at: read from storage, and again whenever something about the dataset changed. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Dataset } from "../../../../domain/dataset/dataset.ts";
import { defaultSplit, type Split } from "../../../../domain/dataset/split-types.ts";
import { type CatalogueImage, catalogueOf } from "../../../../domain/look/catalogue.ts";
import type { TrainingService } from "../../../services/training-service.ts";
import type { DatasetVetting, VettingService } from "../../../services/vetting-service.ts";

export interface CatalogueServices {
  readonly vetting: VettingService;
  readonly training: Pick<TrainingService, "drawSplit" | "runs">;
}

export class CatalogueController implements ReactiveController {
  /** In the order of their paths, also those left out; null until read. */
  images: readonly CatalogueImage[] | null = null;
  /** The run whose split says which part an image belongs to; null for the default split. */
  runId: string | null = null;
  /** Null until drawn, and where the images are too few for one. */
  split: Split | null = null;

  readonly #host: ReactiveControllerHost;
  readonly #services: () => CatalogueServices;
  #dataset: Dataset | null = null;
  #vetting: DatasetVetting | null = null;
  /** The last reading; what an earlier one finds is of no interest any more. */
  #reading: object | null = null;
  #leave: (() => void) | null = null;

  constructor(host: ReactiveControllerHost, services: () => CatalogueServices) {
    this.#host = host;
    this.#services = services;
    host.addController(this);
  }

  /** To be called with the dataset as it is now. */
  follow(dataset: Dataset | null): void {
    if (dataset === this.#dataset) return;
    if (dataset?.id !== this.#dataset?.id) {
      this.images = null;
      this.split = null;
      this.runId = null;
      this.#vetting = null;
    }
    this.#dataset = dataset;
    void this.#read();
  }

  /** Says parts by another split: a run's, or (null) the default one. */
  splitAs(runId: string | null): void {
    this.runId = runId;
    this.#host.requestUpdate();
    void this.#readSplit(this.#reading);
  }

  hostConnected(): void {
    const { searching } = this.#services().vetting;
    let wasSearching = searching.value;
    this.#leave = searching.subscribe(() => {
      // What it found counts from now on.
      if (wasSearching && !searching.value && wasSearching.datasetId === this.#dataset?.id) void this.#read();
      wasSearching = searching.value;
    });
  }

  hostDisconnected(): void {
    this.#leave?.();
    this.#leave = null;
  }

  async #read(): Promise<void> {
    const reading = {};
    this.#reading = reading;
    const dataset = this.#dataset;
    if (!dataset) return;
    const vetting = await this.#services().vetting.of(dataset.id);
    if (this.#reading !== reading) return;
    this.#vetting = vetting;
    this.#arrange();
    await this.#readSplit(reading);
  }

  async #readSplit(reading: object | null): Promise<void> {
    const dataset = this.#dataset;
    if (!dataset) return;
    const { runId } = this;
    const split = await this.#splitOf(dataset.id, runId);
    if (this.#reading !== reading || this.runId !== runId) return;
    this.split = split;
    this.#arrange();
  }

  async #splitOf(datasetId: string, runId: string | null): Promise<Split | null> {
    const { training } = this.#services();
    if (runId !== null) return training.runs.value.find((run) => run.id === runId)?.split ?? null;
    const drawn = await training.drawSplit(datasetId, defaultSplit);
    return drawn.ok ? drawn.value : null;
  }

  #arrange(): void {
    if (!this.#dataset || !this.#vetting) return;
    const { positiveClass } = this.#dataset;
    this.images = catalogueOf({ ...this.#vetting, positiveClass, split: this.split });
    this.#host.requestUpdate();
  }
}
