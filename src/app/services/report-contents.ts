/** Gathers what a report of runs is written from: their predictions, figures, analyses and comparisons. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { analyse } from "../../domain/analysis/analyse.ts";
import { type Candidate, propose } from "../../domain/analysis/proposal.ts";
import {
  compareModels,
  compareSeeds,
  correctedPValues,
  type ModelComparison,
  scoreOf,
  verdictOf,
} from "../../domain/comparison/comparison.ts";
import { isSameSplit, splitParts } from "../../domain/dataset/split-types.ts";
import { featureBackbone } from "../../domain/experiment/backbone.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { networkSize, networkSummary } from "../../domain/experiment/network-size.ts";
import { confusionAt } from "../../domain/metrics/confusion.ts";
import { bootstrapResamples } from "../../domain/metrics/bootstrap.ts";
import { classFigures, figuresAt, RankingFigures } from "../../domain/metrics/figures.ts";
import type { JudgedImages, JudgedPart } from "../../domain/run/predictions.ts";
import type { Run } from "../../domain/run/run.ts";
import type { PartFigures, ReportContents, ReportedComparison, ReportedRun } from "../../domain/report/contents.ts";
import type { DatasetService, ModelService, Progress, TrainingService } from "../../ui/services.ts";

export interface ReportParts {
  readonly training: Pick<TrainingService, "predictions">;
  readonly datasets: Pick<DatasetService, "images" | "findings">;
  readonly models: Pick<ModelService, "models">;
}

export interface ReportOptions {
  readonly version: string;
  /** What the lead decided for; null for the proposed one. */
  readonly finalRunId: string | null;
}

type Judged = JudgedImages & { readonly threshold: number };
type JudgedRun = Readonly<Record<JudgedPart, Judged | null>> & { readonly run: Run };

/** Lets the page breathe between pieces of work that take a while. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** @param runs all on one split of one dataset; others are refused, since they cannot be compared image by image */
export async function gatherReport(
  runs: readonly Run[],
  parts: ReportParts,
  { version, finalRunId }: ReportOptions,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome<ReportContents>> {
  const sorted = [...runs].sort((a, b) => a.createdAt - b.createdAt);
  const [first] = sorted;
  if (!first) return failed("bad-input", "No run is chosen.", "Choose at least one run.");
  if (sorted.some((run) => run.datasetId !== first.datasetId || !isSameSplit(run.split, first.split))) {
    return failed(
      "bad-input",
      "The runs are not all on the same split of the same images, so they cannot be compared image by image.",
      "Choose runs of one queue, or of one split.",
    );
  }
  const images = await parts.datasets.images(first.datasetId);
  const classOf = new Map(images.map(({ imageId, className }) => [imageId, className]));
  const isPositive = (imageId: string) => classOf.get(imageId) === first.positiveClass;
  const validationPositives = images.length === 0 ? null : first.split.validation.filter(isPositive).length;

  const judged: JudgedRun[] = [];
  const reported: ReportedRun[] = [];
  for (const [index, run] of sorted.entries()) {
    onProgress({ done: index, total: sorted.length, rate: null, secondsLeft: null });
    const judgedRun = await judgeRun(run, parts, signal);
    if (!judgedRun.ok) return judgedRun;
    judged.push(judgedRun.value);
    const { validation, test } = judgedRun.value;
    const findings = analyse({ run, judged: validation, validationPositives, others: sorted });
    const model = parts.models.models.value.find(({ id }) => id === run.modelId);
    reported.push({
      run,
      findings,
      validation: validation && (await figuresOf(validation, run)),
      test: test && (await figuresOf(test, run)),
      weightBytes: model?.weightBytes ?? null,
      ...networkOf(run.experiment, run.classNames.length),
    });
    if (signal.aborted) return failed("cancelled", "Cancelled.");
  }

  const proposal = propose(reported.flatMap(candidateOf));
  const final = finalRunId ?? proposal?.proposed.runId ?? null;
  const classes = first.classNames.map((name) => {
    const [training, validation, test] = splitParts.map(
      (part) => first.split[part].filter((imageId) => classOf.get(imageId) === name).length,
    );
    return { name, training: training ?? 0, validation: validation ?? 0, test: test ?? 0 };
  });
  return succeeded({
    version,
    createdAt: Date.now(),
    datasetName: first.datasetName,
    positiveClass: first.positiveClass,
    classes,
    unreadable: (await parts.datasets.findings(first.datasetId)).length,
    runs: reported,
    proposal,
    finalRunId: final,
    isDecided: finalRunId !== null,
    comparisons: final === null ? [] : await compareWith(final, judged),
  });
}

async function judgeRun(run: Run, { training, models }: ReportParts, signal: AbortSignal): Promise<Outcome<JudgedRun>> {
  const model = models.models.value.find(({ id }) => id === run.modelId);
  if (!model) return succeeded({ run, validation: null, test: null });
  const { threshold } = model.metadata;
  const judge = async (part: JudgedPart): Promise<Outcome<Judged | null>> => {
    if (run.split[part].length === 0) return succeeded(null);
    const outcome = await training.predictions(run.id, part, () => undefined, signal);
    if (outcome.ok) return succeeded({ ...outcome.value, threshold });
    // A model whose weights are no numbers is part of the report all the same.
    return outcome.code === "diverged" ? succeeded(null) : outcome;
  };
  const validation = await judge("validation");
  if (!validation.ok) return validation;
  const test = await judge("test");
  return test.ok ? succeeded({ run, validation: validation.value, test: test.value }) : test;
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
  const { operations } = networkSize(layers, inputSize, outputs);
  return { operations: views.length * operations, summary: networkSummary(layers, inputSize, outputs) };
}

/** Collapsed and diverged runs are no candidates, whatever their accuracy. */
function candidateOf({ run, validation, operations, findings }: ReportedRun): Candidate[] {
  if (!validation || !run.engine || findings.some(({ kind }) => kind === "collapsed" || kind === "diverged")) return [];
  const { balancedAccuracy } = validation.figures;
  return [{ runId: run.id, balancedAccuracy, parameters: run.engine.parameters, operations }];
}

/** The final model against every other one: on the test images where there are any, which the choice has not looked at. */
async function compareWith(finalRunId: string, judged: readonly JudgedRun[]): Promise<ReportedComparison[]> {
  const final = judged.find(({ run }) => run.id === finalRunId);
  const part: JudgedPart = final?.test ? "test" : "validation";
  const own = final?.[part];
  if (!final || !own) return [];
  const compared: { readonly other: JudgedRun; readonly comparison: ModelComparison }[] = [];
  for (const other of judged) {
    const theirs = other[part];
    if (other === final || !theirs) continue;
    await breathe();
    const comparison = compareModels(own, theirs);
    if (comparison) compared.push({ other, comparison });
  }
  const adjusted = correctedPValues(compared.map(({ comparison }) => comparison));
  const finalScores = scoresBySeed(final.run, judged, part);
  return compared.map(({ other, comparison }, index) => {
    const isSameSetting = settingOf(other.run) === settingOf(final.run);
    const seeds = isSameSetting ? null : compareSeeds(finalScores, scoresBySeed(other.run, judged, part));
    const adjustedP = adjusted[index]!;
    const verdict = verdictOf(comparison, adjustedP, seeds);
    return { finalRunId, otherRunId: other.run.id, part, comparison, adjustedP, seeds, verdict };
  });
}

/** The experiment without its seed. */
function settingOf({ experiment }: Run): string {
  return JSON.stringify({ ...experiment, seed: 0 });
}

function scoresBySeed(run: Run, judged: readonly JudgedRun[], part: JudgedPart): ReadonlyMap<number, number> {
  const alike = judged.filter((other) => settingOf(other.run) === settingOf(run));
  return new Map(
    alike.flatMap((other) => {
      const images = other[part];
      return images ? [[other.run.experiment.seed, scoreOf(images)] as const] : [];
    }),
  );
}
