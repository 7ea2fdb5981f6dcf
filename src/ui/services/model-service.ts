import type { ExportOptions, Precision, Trial } from "../../contract/engine.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Model, ModelMetadata, Preprocessing } from "../../domain/model/model.ts";
import type { PickedFile } from "./picked-files.ts";
import type { Progress } from "./progress.ts";
import type { Store } from "./store.ts";

/** What turns a model's probabilities into verdicts. */
export type Deciding = Pick<ModelMetadata, "threshold" | "reviewBand" | "calibration">;

/** What a person says of an imported model. */
export interface ModelAnswers {
  /** Index in the output's labels. */
  readonly positive: number;
  readonly labels: readonly string[];
  readonly preprocessing: Preprocessing;
}

/** A question about a model with fewer bits a weight. */
export interface PrecisionTask {
  readonly modelId: string;
  readonly datasetId: string;
  readonly precision: Precision;
}

/** What fewer bits change. */
export interface PrecisionChange {
  /** How many were judged. */
  readonly images: number;
  /** The validation part of the model's own run; else all images of the dataset. */
  readonly isValidation: boolean;
  /** Balanced accuracy at the model's threshold, 0 to 1. */
  readonly before: number;
  readonly after: number;
  /** Images whose verdict is another one, the review band included. */
  readonly changedVerdicts: number;
}

/** Models: which there are, which one classifies; in and out. */
export interface ModelService {
  /** Newest first. */
  readonly models: Store<readonly Model[]>;
  /** The model that classifies. */
  readonly defaultModelId: Store<string | null>;
  /** There is no model yet, and the one that comes with Tamis is on its way. */
  readonly awaitsStarter: Store<boolean>;
  setDefault(modelId: string): Promise<void>;
  /** Classification follows from the next image on. Returns a function that undoes it (until the page is left). */
  setDeciding(modelId: string, deciding: Deciding): Promise<() => Promise<void>>;
  rename(modelId: string, name: string): Promise<void>;
  /** Returns a function that undoes it (until the page is left). */
  remove(modelId: string): Promise<() => Promise<void>>;
  /** The model as a file, ready to be saved: a Tamis zip where nothing else is asked for. */
  exportBundle(modelId: string, options?: ExportOptions): Promise<Outcome<File>>;
  /** Judges the model with its weights as they are and as an export would store them, on the same images of a dataset. */
  precisionChange(
    task: PrecisionTask,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<PrecisionChange>>;
  /** Says what an imported model's files did not: which output is the photo, how pixels are prepared. It has no open questions afterwards. */
  answer(modelId: string, answers: ModelAnswers): Promise<void>;
  /** What a model says of a few images, prepared in each of these ways; nothing is stored. */
  tryOut(
    modelId: string,
    files: readonly Blob[],
    candidates: readonly Preprocessing[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Trial>>;
  /** A model of any format that Tamis reads: its one file (a zip too), or all of its files. */
  importFiles(files: readonly PickedFile[]): Promise<Outcome<Model>>;
}
