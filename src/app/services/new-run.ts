/** What a run begins as: its dataset, its experiment, and its split, which is drawn once and stays. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Dataset } from "../../domain/dataset/dataset.ts";
import { type Leakage, leakageOf } from "../../domain/dataset/leakage.ts";
import type { Split, SplitPlan } from "../../domain/dataset/split-types.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { validateExperiment } from "../../domain/experiment/validate.ts";
import { type QueuePlace, queuedRun, type Run } from "../../domain/run/run.ts";
import { getDataset, listImages } from "../../storage/datasets.ts";
import { getDuplicates } from "../../storage/vetting.ts";
import { classCountsOf } from "./class-counts.ts";
import { drawSplitOf } from "./splits.ts";

/** A dataset and how its images are shared out: what runs that are to be compared have in common. */
export interface SplitDataset {
  readonly dataset: Dataset;
  readonly split: Split;
  readonly leakage: Leakage;
  /** Of the training part, in the order of the dataset's classes. */
  readonly trainingCounts: readonly number[];
}

/** A dataset with its split, drawn here where it was not given. */
export async function splitDataset(datasetId: string, wanted: SplitPlan | Split): Promise<Outcome<SplitDataset>> {
  const dataset = await getDataset(datasetId);
  if (!dataset) return failed("not-found", "This dataset is not there any more.");
  const drawn = "training" in wanted ? succeeded(wanted) : await drawSplitOf(datasetId, wanted);
  if (!drawn.ok) return drawn;
  const split = drawn.value;
  if (split.training.length === 0 || split.validation.length === 0) {
    return failed("too-few-images", "The split leaves nothing to train on, or nothing to validate on.");
  }
  const images = await listImages(datasetId);
  const training = new Set(split.training);
  const trainingCounts = classCountsOf(
    dataset.classNames,
    images.filter((image) => training.has(image.imageId)),
  );
  const duplicates = await getDuplicates(datasetId);
  return succeeded({ dataset, split, leakage: leakageOf(split, images, duplicates ?? null), trainingCounts });
}

/** A run record, not stored yet; or why there cannot be one. */
export function newRun(
  { dataset, split, leakage, trainingCounts }: SplitDataset,
  experiment: Experiment,
  queue: QueuePlace | null = null,
): Outcome<Run> {
  const problem = validateExperiment(experiment, dataset, trainingCounts);
  if (problem) return { ok: false, ...problem };
  const planned = { id: crypto.randomUUID(), experiment, split, leakage, createdAt: Date.now(), queue };
  return succeeded(queuedRun(dataset, planned));
}
