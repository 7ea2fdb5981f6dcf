/** What a run begins as: its dataset, its experiment, and its split, which is drawn once and stays. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { leakageOf } from "../../domain/dataset/leakage.ts";
import type { Split, SplitPlan } from "../../domain/dataset/split-types.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { validateExperiment } from "../../domain/experiment/validate.ts";
import type { Run } from "../../domain/run/run.ts";
import { getDataset, listImages } from "../../storage/datasets.ts";
import { classCountsOf } from "./class-counts.ts";
import { drawSplitOf } from "./splits.ts";

/** A run record, not stored yet; or why there cannot be one. */
export async function newRun(
  datasetId: string,
  experiment: Experiment,
  wanted: SplitPlan | Split,
): Promise<Outcome<Run>> {
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
  const counts = classCountsOf(
    dataset.classNames,
    images.filter((image) => training.has(image.imageId)),
  );
  const problem = validateExperiment(experiment, dataset, counts);
  if (problem) return { ok: false, ...problem };
  return succeeded({
    id: crypto.randomUUID(),
    datasetId,
    datasetName: dataset.name,
    classNames: dataset.classNames,
    positiveClass: dataset.positiveClass,
    experiment,
    split,
    leakage: leakageOf(split, images, null),
    createdAt: Date.now(),
    status: "queued",
    problem: "",
    history: [],
    modelId: null,
    keptEpoch: null,
    checkpointEpoch: null,
    checkpointProblem: "",
    engine: null,
  });
}
