/** Runs with all that is measured of each: their predictions, figures and analyses, and which of them to prefer. */
import { failed, type Outcome, succeeded } from "../../../contract/outcome.ts";
import { analyse } from "../../../domain/analysis/analyse.ts";
import { type Candidate, propose } from "../../../domain/analysis/proposal.ts";
import { comparableRuns } from "../../../domain/comparison/comparable.ts";
import { featureBackbone, fixedFeatures } from "../../../domain/experiment/backbone.ts";
import type { Experiment } from "../../../domain/experiment/experiment.ts";
import { networkSize, networkSummary } from "../../../domain/experiment/network-size.ts";
import { bootstrapResamples } from "../../../domain/metrics/bootstrap.ts";
import { confusionAt } from "../../../domain/metrics/confusion.ts";
import { classFigures, figuresAt, RankingFigures } from "../../../domain/metrics/figures.ts";
import type {
  ClassCounts,
  ExaminedRuns,
  JudgedRun,
  PartFigures,
  ReportedRun,
} from "../../../domain/report/contents.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import type { Run } from "../../../domain/run/run.ts";
import { listFindings, listImages } from "../../../storage/datasets.ts";
import type { ModelService } from "../../../ui/services/model-service.ts";
import type { Progress } from "../../../ui/services/progress.ts";
import type { TrainingService } from "../../../ui/services/training-service.ts";
import { ProgressMeter } from "../progress-meter.ts";
import { breathe } from "./breathe.ts";

export interface ExaminationParts {
  readonly training: Pick<TrainingService, "predictions">;
  readonly models: Pick<ModelService, "models">;
}

type Judged = NonNullable<JudgedRun[JudgedPart]>;

/** @param runs all on one split of one dataset; others are refused, since they cannot be compared image by image */
export async function examineRuns(
  runs: readonly Run[],
  parts: ExaminationParts,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome<ExaminedRuns>> {
  const sorted = [...runs].sort((a, b) => a.createdAt - b.createdAt);
  const [first] = sorted;
  if (!first) return failed("bad-input", "No run is chosen.", "Choose at least one run.");
  if (comparableRuns(sorted).others.length > 0) {
    return failed(
      "bad-input",
      "The runs are not all on the same split of the same images, so they cannot be compared image by image.",
      "Choose runs of one queue, or of one split.",
    );
  }
  // With those left out since, which the runs had.
  const images = await listImages(first.datasetId);
  const classOf = new Map(images.map(({ imageId, className }) => [imageId, className]));
  const isPositive = (imageId: string) => classOf.get(imageId) === first.positiveClass;
  const validationPositives = images.length === 0 ? null : first.split.validation.filter(isPositive).length;

  const judged: JudgedRun[] = [];
  const reported: ReportedRun[] = [];
  const meter = new ProgressMeter();
  for (const [index, run] of sorted.entries()) {
    onProgress(meter.measure(index, sorted.length));
    const { problem, ...judgedRun } = await judgeRun(run, parts, signal);
    if (signal.aborted) return failed("cancelled", "Cancelled.");
    judged.push(judgedRun);
    const { validation, test } = judgedRun;
    const model = parts.models.models.value.find(({ id }) => id === run.modelId);
    reported.push({
      run,
      findings: analyse({ run, judged: validation, validationPositives, others: sorted }),
      validation: validation && (await figuresOf(validation, run)),
      test: test && (await figuresOf(test, run)),
      problem,
      weightBytes: model?.weightBytes ?? null,
      millisecondsPerImage: validation?.millisecondsPerImage ?? test?.millisecondsPerImage ?? null,
      ...networkOf(run.experiment, run.classNames.length),
    });
    if (signal.aborted) return failed("cancelled", "Cancelled.");
  }
  return succeeded({
    datasetId: first.datasetId,
    datasetName: first.datasetName,
    positiveClass: first.positiveClass,
    classes: classCounts(first, images.length === 0 ? null : classOf, judged),
    unreadable: (await listFindings(first.datasetId)).length,
    runs: reported,
    judged,
    proposal: propose(reported.flatMap(candidateOf)),
  });
}

async function judgeRun(
  run: Run,
  { training, models }: ExaminationParts,
  signal: AbortSignal,
): Promise<JudgedRun & { readonly problem: string }> {
  const model = models.models.value.find(({ id }) => id === run.modelId);
  if (!model) return { run, validation: null, test: null, problem: "" };
  const { threshold } = model.metadata;
  let problem = "";
  const judge = async (part: JudgedPart): Promise<Judged | null> => {
    if (run.split[part].length === 0) return null;
    const outcome = await training.predictions(run.id, part, () => undefined, signal);
    if (outcome.ok) return { ...outcome.value, threshold };
    // It is part of the comparison all the same, as one that says nothing.
    problem = outcome.message;
    return null;
  };
  const validation = await judge("validation");
  const test = await judge("test");
  return { run, validation, test, problem };
}

async function figuresOf(judged: Judged, run: Run): Promise<PartFigures> {
  const { labels, probabilities, threshold, part } = judged;
  const ranking = new RankingFigures(judged);
  while (!ranking.isDone) {
    ranking.advance(bootstrapResamples / 10);
    await breathe();
  }
  return {
    part,
    images: labels.length,
    threshold,
    confusion: confusionAt(labels, probabilities, threshold),
    figures: { ...figuresAt(judged, threshold), ...ranking.figures() },
    classes: classFigures(judged, threshold, run.classNames),
  };
}

/** What the network is and costs; nothing is known of a backbone's own layers. */
function networkOf(experiment: Experiment, classes: number): Pick<ReportedRun, "operations" | "summary"> {
  const { layers, inputSize, output, views, backbone } = experiment;
  const outputs = output === "binary" ? 1 : classes;
  if (featureBackbone(backbone)) return { operations: null, summary: null };
  const { operations } = networkSize(layers, inputSize, outputs, fixedFeatures(backbone, inputSize));
  return {
    operations: views.length * operations,
    summary: networkSummary(layers, inputSize, outputs, backbone ?? null),
  };
}

/** Collapsed and diverged runs are no candidates, whatever their accuracy. */
function candidateOf({ run, validation, operations, findings }: ReportedRun): Candidate[] {
  if (!validation || !run.engine || findings.some(({ kind }) => kind === "collapsed" || kind === "diverged")) return [];
  const { balancedAccuracy } = validation.figures;
  return [{ runId: run.id, balancedAccuracy, parameters: run.engine.parameters, operations }];
}

/** @param classOf of each image now; null where the dataset was deleted: then what was judged still says the classes of its images */
function classCounts(
  run: Run,
  classOf: ReadonlyMap<string, string> | null,
  judged: readonly JudgedRun[],
): ClassCounts[] {
  const countIn = (part: JudgedPart, name: string): number => {
    const known = judged.find((one) => one[part])?.[part];
    const names = known ? known.classNames : run.split[part].map((imageId) => classOf?.get(imageId));
    return names.filter((className) => className === name).length;
  };
  return run.classNames.map((name) => ({
    name,
    training: classOf && run.split.training.filter((imageId) => classOf.get(imageId) === name).length,
    validation: countIn("validation", name),
    test: countIn("test", name),
  }));
}
