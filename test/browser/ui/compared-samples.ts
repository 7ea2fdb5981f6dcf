/** Runs as a comparison measures them. */
import { propose } from "../../../src/domain/analysis/proposal.ts";
import { compareModels, verdictOf } from "../../../src/domain/comparison/comparison.ts";
import { networkSummary } from "../../../src/domain/experiment/network-size.ts";
import { confusionAt } from "../../../src/domain/metrics/confusion.ts";
import { classFigures, figuresAt, RankingFigures } from "../../../src/domain/metrics/figures.ts";
import type { ExaminedRuns, PartFigures, ReportedComparison } from "../../../src/domain/report/contents.ts";
import type { JudgedPart } from "../../../src/domain/run/predictions.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { someJudgedImages } from "./samples.ts";

const threshold = 0.5;

/** Each run's model is a little worse than that of the run before it. */
function judgedImages(run: Run, part: JudgedPart, place: number) {
  const images = someJudgedImages({ runId: run.id, part });
  const probabilities = images.probabilities.map((p, i) => (i % 23 < place ? 1 - p : p));
  return { ...images, probabilities, threshold };
}

function figuresOf(judged: ReturnType<typeof judgedImages>, run: Run): PartFigures {
  const ranking = new RankingFigures(judged);
  ranking.advance(2000);
  const { labels, probabilities, part } = judged;
  return {
    part,
    images: labels.length,
    threshold,
    confusion: confusionAt(labels, probabilities, threshold),
    figures: { ...figuresAt(judged, threshold), ...ranking.figures() },
    classes: classFigures(judged, threshold, run.classNames),
  };
}

export function someExaminedRuns(runs: readonly Run[]): ExaminedRuns {
  const judged = runs.map((run, place) => ({
    run,
    validation: run.modelId === null ? null : judgedImages(run, "validation", place),
    test: run.modelId === null ? null : judgedImages(run, "test", place),
  }));
  const reported = judged.map(({ run, validation, test }) => ({
    run,
    findings: [],
    validation: validation && figuresOf(validation, run),
    test: test && figuresOf(test, run),
    problem: "",
    weightBytes: run.modelId === null ? null : 1_955_732,
    operations: 4.2e7,
    millisecondsPerImage: validation?.millisecondsPerImage ?? null,
    summary: networkSummary(run.experiment.layers, run.experiment.inputSize, 1, run.experiment.backbone ?? null),
  }));
  return {
    datasetId: "d1",
    datasetName: "archive",
    positiveClass: "Photo",
    classes: [
      { name: "Photo", training: 500, validation: 40, test: 40 },
      { name: "Text", training: 1750, validation: 160, test: 160 },
    ],
    unreadable: 3,
    runs: reported,
    judged,
    proposal: propose(
      reported.flatMap(({ run, validation, operations }) =>
        validation && run.engine
          ? [
              {
                runId: run.id,
                balancedAccuracy: validation.figures.balancedAccuracy,
                parameters: run.engine.parameters,
                operations,
              },
            ]
          : [],
      ),
    ),
  };
}

export function someComparison(runId: string, otherRunId: string, part: JudgedPart): ReportedComparison {
  const images = { ...someJudgedImages(), threshold };
  const worse = { ...images, probabilities: images.probabilities.map((p, i) => (i % 20 === 0 ? 1 - p : p)) };
  const comparison = compareModels(images, worse, 200)!;
  const adjustedP = comparison.accuracy.pValue;
  return {
    runId,
    otherRunId,
    part,
    comparison,
    adjustedP,
    seeds: null,
    isSameSetting: false,
    verdict: verdictOf(comparison, adjustedP, null),
  };
}
