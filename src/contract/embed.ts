/** The worker behind `<tamis-classify>`: a model and a decoder in one, for pages that are not Tamis. It stores nothing. */
import type { Verdict } from "../domain/capture/capture.ts";
import type { ModelFile } from "./engine.ts";
import type { Outcome } from "./outcome.ts";

/** What the page is told of a model. */
export interface OpenedModel {
  readonly name: string;
  readonly labels: readonly string[];
  /** Of `labels`, the one that is a photo. */
  readonly positive: string;
  readonly threshold: number;
  readonly reviewBand: { readonly low: number; readonly high: number } | null;
}

/** Of a page of a file; other formats than PDF and TIFF have one. */
export interface PageVerdict {
  /** From 0. */
  readonly page: number;
  /** Of a photo, calibrated, 0 to 1. */
  readonly probability: number;
  readonly verdict: Verdict;
}

export interface EmbedService {
  /** Replaces the model that was opened before. @param files as for `EngineService.importModel` */
  open(files: readonly ModelFile[]): Promise<Outcome<OpenedModel>>;
  /** Decodes the file and judges each of its pages, in order. */
  classify(file: Blob): Promise<Outcome<readonly PageVerdict[]>>;
}
