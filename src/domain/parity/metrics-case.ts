/** Cases of the group `metrics`: scikit-learn, SciPy and statsmodels. */
import { countsOf, differenceOf, type Measure, summarize } from "../metrics/bootstrap.ts";
import { confusionAt, confusionFigures, confusionMatrix, matrixFigures } from "../metrics/confusion.ts";
import { rankingMeasure, verdictCells, verdictMeasure } from "../metrics/measures.ts";
import { holm, mcnemar, pairedDifference, pairedRuns } from "../metrics/paired-tests.ts";
import { brierScore, classScores, logLoss } from "../metrics/probability-scores.ts";
import { areaUnderRoc, averagePrecision, precisionRecallCurve, rank, rocCurve } from "../metrics/ranking.ts";
import { type Binning, reliability } from "../metrics/reliability.ts";
import { wilson } from "../metrics/statistics.ts";
import { fitTemperature } from "../metrics/temperature.ts";
import { cheapestThresholds, thresholdForRate } from "../metrics/threshold-choice.ts";
import {
  type ReferenceArray,
  type ReferenceCase,
  type ReferenceValue,
  UnsupportedCaseError,
} from "./reference-case.ts";

type Answer = Readonly<Record<string, unknown>>;

/** By `attributes.kind`. */
const kinds: Readonly<Record<string, (reference: ReferenceCase) => Answer>> = {
  binary,
  multiclass,
  calibration,
  temperature,
  "mcnemar-table": mcnemarTable,
  "paired-difference": paired,
  "paired-runs": runs,
  wilson: wilsonTable,
  holm: holmTable,
  bootstrap: resampled,
  "bootstrap-difference": resampled,
  "threshold-cost": cost,
  "threshold-precision": rate,
  "threshold-recall": rate,
};

export function runMetricsCase(reference: ReferenceCase): Readonly<Record<string, ReferenceValue>> {
  const kind = String(reference.attributes.kind);
  const run = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!run) throw new UnsupportedCaseError(`Tamis does not compute "metrics/${kind}" yet.`);
  const entries = Object.entries(run(reference)).map(([name, value]) => [name, likeExpected(reference, name, value)]);
  return Object.fromEntries(entries) as Record<string, ReferenceValue>;
}

/** Long lists are stored as raw numbers, short ones in the case itself. */
function likeExpected({ outputs }: ReferenceCase, name: string, value: unknown): ReferenceValue {
  if (outputs[name]?.value.kind !== "array" || !Array.isArray(value)) return { kind: "json", value };
  return { kind: "array", shape: [value.length], data: Float64Array.from(value as number[]) };
}

function array({ inputs }: ReferenceCase, name: string): ReferenceArray["data"] {
  const value = inputs[name];
  if (value?.kind !== "array") throw new UnsupportedCaseError(`There is no array ${name}.`);
  return value.data;
}

/** A list, however it is stored. */
function list({ inputs }: ReferenceCase, name: string): readonly number[] {
  const value = inputs[name];
  if (value?.kind === "array") return [...value.data];
  if (!Array.isArray(value?.value)) throw new UnsupportedCaseError(`There is no list ${name}.`);
  return value.value as number[];
}

function number({ attributes }: ReferenceCase, name: string): number {
  const value = attributes[name];
  if (typeof value !== "number") throw new UnsupportedCaseError(`There is no number ${name}.`);
  return value;
}

/** Intervals and percentiles are those of 95 %. */
function require95(reference: ReferenceCase): void {
  if (reference.attributes.confidence !== 0.95) throw new UnsupportedCaseError("Intervals are of 95 %.");
}

function binary(reference: ReferenceCase): Answer {
  const labels = array(reference, "labels");
  const probabilities = array(reference, "probabilities");
  const confusion = confusionAt(labels, probabilities, number(reference, "threshold"));
  const { tp, fp, tn, fn } = confusion;
  const figures = confusionFigures(confusion);
  const ranking = rank(labels, probabilities);
  const roc = rocCurve(ranking);
  const pr = precisionRecallCurve(ranking);
  return {
    confusion: [
      [tn, fp],
      [fn, tp],
    ],
    accuracy: figures.accuracy,
    balanced_accuracy: figures.balancedAccuracy,
    precision: figures.precision,
    recall: figures.recall,
    specificity: figures.specificity,
    f1: figures.f1,
    mcc: figures.mcc,
    kappa: figures.kappa,
    brier: brierScore(labels, probabilities),
    log_loss: logLoss(labels, probabilities),
    auroc: areaUnderRoc(ranking),
    roc_fpr: roc?.falsePositiveRate ?? null,
    roc_tpr: roc?.truePositiveRate ?? null,
    roc_thresholds: roc?.thresholds ?? null,
    pr_precision: pr?.precision ?? null,
    pr_recall: pr?.recall ?? null,
    pr_thresholds: pr?.thresholds ?? null,
    average_precision: averagePrecision(ranking),
  };
}

function multiclass(reference: ReferenceCase): Answer {
  const labels = array(reference, "labels");
  const classes = number(reference, "classes");
  const scores = classScores(labels, array(reference, "probabilities"), classes);
  const confusion = confusionMatrix(labels, scores.predicted, classes);
  const figures = matrixFigures(confusion);
  return {
    confusion,
    accuracy: figures.accuracy,
    balanced_accuracy: figures.balancedAccuracy,
    precision_by_class: figures.precisionByClass,
    recall_by_class: figures.recallByClass,
    f1_by_class: figures.f1ByClass,
    f1_macro: figures.f1Macro,
    f1_weighted: figures.f1Weighted,
    mcc: figures.mcc,
    kappa: figures.kappa,
    log_loss: scores.logLoss,
    auroc_by_class: scores.aurocByClass,
    confidence_error: scores.confidenceError,
  };
}

function calibration(reference: ReferenceCase): Answer {
  const answer = (binning: Binning) => {
    const [labels, probabilities] = [array(reference, "labels"), array(reference, "probabilities")];
    const { bins, error, maximumError } = reliability(labels, probabilities, binning, number(reference, "bins"));
    return {
      [`${binning}_count`]: bins.map(({ count }) => count),
      [`${binning}_mean_predicted`]: bins.map(({ meanPredicted }) => meanPredicted),
      [`${binning}_share_positive`]: bins.map(({ sharePositive }) => sharePositive),
      [`${binning}_error`]: error,
      [`${binning}_maximum_error`]: maximumError,
    };
  };
  return { ...answer("width"), ...answer("mass") };
}

function temperature(reference: ReferenceCase): Answer {
  const { bounds, form } = reference.attributes;
  const logits = reference.inputs.logits;
  if (logits?.kind !== "array" || (form !== "sigmoid" && form !== "softmax")) {
    throw new UnsupportedCaseError("There are no logits of a sigmoid or softmax.");
  }
  const classes = form === "sigmoid" ? 1 : logits.shape[1]!;
  const fit = fitTemperature(array(reference, "labels"), logits.data, classes, bounds as [number, number]);
  return { temperature: fit.temperature, nll_before: fit.lossBefore, nll_after: fit.lossAfter };
}

function mcnemarTable(reference: ReferenceCase): Answer {
  const onlyB = list(reference, "only_b_right");
  return { p_value: list(reference, "only_a_right").map((onlyA, i) => mcnemar(onlyA, onlyB[i]!)) };
}

function paired(reference: ReferenceCase): Answer {
  require95(reference);
  const labels = array(reference, "labels");
  const threshold = number(reference, "threshold");
  const right = (name: string) =>
    Array.from(array(reference, name), (p, i) => (p >= threshold === (labels[i] === 1) ? 1 : 0));
  const found = pairedDifference(right("probabilities_a"), right("probabilities_b"));
  return {
    accuracy_a: found.accuracyA,
    accuracy_b: found.accuracyB,
    both_right: found.bothRight,
    only_a_right: found.onlyA,
    only_b_right: found.onlyB,
    both_wrong: found.bothWrong,
    mcnemar_p_value: found.pValue,
    difference: found.difference,
    standard_error: found.standardError,
    interval: found.interval,
  };
}

function runs(reference: ReferenceCase): Answer {
  const confidence = number(reference, "confidence");
  const found = pairedRuns(list(reference, "scores_a"), list(reference, "scores_b"), confidence);
  return {
    mean_difference: found?.meanDifference ?? null,
    standard_deviation: found?.standardDeviation ?? null,
    standard_error: found?.standardError ?? null,
    t: found?.t ?? null,
    degrees_of_freedom: found?.degreesOfFreedom ?? null,
    p_value: found?.pValue ?? null,
    interval: found?.interval ?? null,
  };
}

function wilsonTable(reference: ReferenceCase): Answer {
  const trials = list(reference, "trials");
  const z = number(reference, "z");
  const intervals = list(reference, "successes").map((successes, i) => wilson(successes, trials[i]!, z));
  return {
    low: intervals.map((interval) => interval?.[0] ?? null),
    high: intervals.map((interval) => interval?.[1] ?? null),
  };
}

function holmTable(reference: ReferenceCase): Answer {
  const alpha = number(reference, "alpha");
  const adjusted = holm(list(reference, "p_values"));
  return { adjusted, reject: adjusted.map((p) => p <= alpha) };
}

function resampled(reference: ReferenceCase): Answer {
  require95(reference);
  const labels = array(reference, "labels");
  const threshold = number(reference, "threshold");
  const measureOf = (name: string): Measure<"accuracy" | "balanced_accuracy" | "auroc"> => {
    const judged = { labels, probabilities: array(reference, name) };
    const cells = verdictCells(judged, threshold);
    const ranks = rankingMeasure(judged);
    return (counts) => {
      const table = new Uint32Array(4);
      cells.forEach((cell, image) => (table[cell]! += counts[image]!));
      const { accuracy, balancedAccuracy } = verdictMeasure(table);
      return { accuracy, balanced_accuracy: balancedAccuracy, auroc: ranks(counts).auroc };
    };
  };
  const measure =
    reference.attributes.kind === "bootstrap"
      ? measureOf("probabilities")
      : differenceOf(measureOf("probabilities_a"), measureOf("probabilities_b"));
  const n = labels.length;
  const indices = array(reference, "indices");
  const samples = Array.from({ length: indices.length / n }, (_, k) =>
    measure(countsOf(indices.subarray(k * n, (k + 1) * n), n)),
  );
  const whole = measure(new Uint32Array(n).fill(1));
  const answer: Record<string, unknown> = {};
  for (const name of ["accuracy", "balanced_accuracy", "auroc"] as const) {
    const values = samples.map((sample) => sample[name]);
    const summary = summarize(values);
    answer[name] = whole[name];
    answer[`${name}_samples`] = values;
    answer[`${name}_undefined`] = summary.undefined;
    answer[`${name}_interval`] = summary.interval;
    answer[`${name}_standard_error`] = summary.standardError;
  }
  return answer;
}

function cost(reference: ReferenceCase): Answer {
  const ranking = rank(array(reference, "labels"), array(reference, "probabilities"));
  const costs = { falsePositive: number(reference, "cost_fp"), falseNegative: number(reference, "cost_fn") };
  const { cost: least, thresholds } = cheapestThresholds(ranking, costs);
  return { cost: least, thresholds, smallest: thresholds[0], largest: thresholds.at(-1) };
}

function rate(reference: ReferenceCase): Answer {
  const ranking = rank(array(reference, "labels"), array(reference, "probabilities"));
  const which = reference.attributes.kind === "threshold-precision" ? "precision" : "recall";
  const found = thresholdForRate(ranking, which, number(reference, "wanted"));
  return {
    threshold: found?.threshold ?? null,
    precision: found?.precision ?? null,
    recall: found?.recall ?? null,
  };
}
