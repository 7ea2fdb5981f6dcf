/** What the batch worker answers: an epoch's batches, one after the other. */
import type { Outcome } from "../../../src/contract/outcome.ts";
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import type { Batch } from "./training-batches.ts";

export interface BatchRequest {
  readonly experiment: Experiment;
  readonly positiveClass: string;
  readonly datasetId: string;
  /** Those to train on. */
  readonly images: readonly DatasetImage[];
}

export interface BatchService {
  /** Opens the images' pixels; to be called once, before anything else. */
  open(request: BatchRequest): Promise<Outcome<{ readonly stepsPerEpoch: number }>>;
  /** Begins an epoch (from 0); one that had begun is left. */
  begin(epoch: number): Promise<void>;
  /** The next batch of the epoch; null after the last one. Several calls may wait at once. */
  next(): Promise<Outcome<Batch | null>>;
}
