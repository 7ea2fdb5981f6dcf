/** How an experiment does on sources that it never saw: trained once for each fold of whole sources, judged on the fold left out. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { type Dataset, sourceOf } from "../../domain/dataset/dataset.ts";
import { compareModels, type Contender, differenceOverSources } from "../../domain/comparison/comparison.ts";
import { givenSplit } from "../../domain/dataset/draw-split.ts";
import { sourceFolds } from "../../domain/dataset/source-folds.ts";
import type { Split } from "../../domain/dataset/split-types.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { evaluate } from "../../domain/metrics/evaluation.ts";
import { calibrated, fitCalibration } from "../../domain/model/calibration.ts";
import type { EvaluatedImage } from "../services/judging.ts";
import type { Services } from "../services/services.ts";
import type { CrossValidationDifference, CrossValidationReport, CrossValidationRequest } from "./protocol.ts";
import { evaluationFigures } from "./reports.ts";
import { judgeAndReport } from "./requests.ts";
import { report } from "./watch.ts";

const threshold = 0.5;

/**
 * Trains without calibration, so that one can be fitted to what comes out. The pooled figures after calibration are those of a calibration
 * fitted to the very images that they are computed on: two numbers against thousands of images.
 */
export async function crossValidate(
  services: Pick<Services, "training" | "models" | "datasets" | "runtime">,
  dataset: Dataset,
  experiment: Experiment,
  { folds, against }: Pick<CrossValidationRequest, "folds" | "against">,
): Promise<Outcome<CrossValidationReport>> {
  const images = await services.datasets.images(dataset.id);
  const parts = sourceFolds(images, folds);
  const held: EvaluatedImage[] = [];
  const reports: CrossValidationReport["folds"][number][] = [];
  for (const [index, validation] of parts.entries()) {
    const split = givenSplit(images, validation, experiment.seed);
    const outcome = await judgeFold(services, dataset, { ...experiment, calibration: { kind: "none" } }, split);
    if (!outcome.ok) return { ...outcome, message: `Fold ${index + 1} of ${folds}: ${outcome.message}` };
    const { evaluation, images: judged } = outcome.value;
    held.push(...judged);
    reports.push({ sources: sourcesOf(validation), ...evaluationFigures(evaluation) });
    const { balancedAccuracy, auroc } = evaluation;
    const note = `balanced accuracy ${balancedAccuracy.toFixed(4)}, AUROC ${auroc?.toFixed(4) ?? "undefined"}`;
    report("cross-validating", { done: index + 1, total: folds, rate: null, secondsLeft: null }, note, true);
  }
  const probabilities = held.map(({ probability }) => probability);
  const classes = held.map(({ className }) => className);
  const calibration = fitCalibration(
    classes.map((name) => name === dataset.positiveClass),
    probabilities,
  );
  const pooled = (p: readonly number[]) => evaluationFigures(evaluate(p, classes, dataset.positiveClass, threshold));
  const predictions = held.map(({ imageId, className, probability }) => ({
    image: imageId,
    class: className,
    probability,
  }));
  return succeeded({
    preset: experiment.preset,
    positive: dataset.positiveClass,
    folds: reports,
    pooled: pooled(probabilities),
    calibration,
    pooled_calibrated: calibration && pooled(probabilities.map((p) => calibrated(p, calibration))),
    predictions,
    against: against && heldAgainst(predictions, against, dataset.positiveClass),
    experiment,
  });
}

type Predictions = CrossValidationReport["predictions"];

function heldAgainst(
  own: Predictions,
  { preset, predictions }: NonNullable<CrossValidationRequest["against"]>,
  positiveClass: string,
): CrossValidationDifference | null {
  const contender = (judged: Predictions): Contender => ({
    imageIds: judged.map(({ image }) => image),
    labels: Uint8Array.from(judged, (one) => (one.class === positiveClass ? 1 : 0)),
    probabilities: Float64Array.from(judged, ({ probability }) => probability),
    threshold,
  });
  const [a, b] = [contender(own), contender(predictions)];
  const compared = compareModels(a, b);
  if (!compared) return null;
  const { images, balancedAccuracy } = compared;
  const over = differenceOverSources(a, b, (imageId) => sourcesOf([imageId])[0]!);
  return {
    preset,
    images,
    balanced_accuracy: balancedAccuracy.value,
    interval: balancedAccuracy.interval,
    interval_over_sources: over.interval,
  };
}

async function judgeFold(
  { training, models, datasets, runtime }: Pick<Services, "training" | "models" | "datasets" | "runtime">,
  dataset: Dataset,
  experiment: Experiment,
  split: Split,
) {
  const trained = await training.train(dataset.id, experiment, split);
  if (!trained.ok) return trained;
  const { status, modelId, id } = trained.value;
  if (status !== "finished" || modelId === null) return failed("cancelled", `The run is ${status}.`);
  const task = { modelId, datasetId: dataset.id, positiveClass: dataset.positiveClass, imageIds: split.validation };
  const judged = await judgeAndReport({ datasets, runtime }, task);
  // Only its predictions are wanted.
  await models.remove(modelId);
  await training.remove(id);
  return judged;
}

/** `class/source` of each part of a fold. */
function sourcesOf(imageIds: readonly string[]): string[] {
  return [...new Set(imageIds.map((id) => `${id.split("/")[0]}/${sourceOf(id)}`))];
}
