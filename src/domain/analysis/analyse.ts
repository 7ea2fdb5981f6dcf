/** Looks at a run and finds what can be said of it: never more than its numbers bear. */
import type { Experiment, Penalty } from "../experiment/experiment.ts";
import { sampleDeviation, wilson } from "../metrics/statistics.ts";
import type { JudgedImages } from "../run/predictions.ts";
import { type EpochValues, isDivergence, type Run } from "../run/run.ts";
import type { RunFinding } from "./findings.ts";

/** Below this many epochs nothing is said of how a run goes: two points have no trend. */
const leastEpochs = 3;
/** Validation accuracies of the last epochs that lie further apart than this, as a share, are called unstable. */
const unstableSpread = 0.05;
/** A validation loss this much higher than both neighbours' is a spike. */
const spikeFactor = 1.5;
/** The loss has grown where it ends this much above where it began. */
const growthFactor = 1.5;
/** As a share of the images: with more verdicts than this against all others it is no collapse. */
const mostExceptions = 0.05;
/** As a share of a side: with more of its images found it is no collapse. */
const mostFound = 0.1;
/** What the validation loss rises above its lowest value before it is called rising. */
const risingShare = 0.05;

export interface AnalysisInput {
  readonly run: Run;
  /** On the validation images, with the threshold of the model; null where they were not judged. */
  readonly judged: (JudgedImages & { readonly threshold: number }) | null;
  /** Positive images among the validation images, where it is known without judging. */
  readonly validationPositives: number | null;
  /** Runs that this one may be compared with: of the same dataset. */
  readonly others: readonly Run[];
}

export function analyse({ run, judged, validationPositives, others }: AnalysisInput): RunFinding[] {
  const { history, experiment, status } = run;
  const findings: RunFinding[] = [];
  const divergence = divergenceOf(run);
  if (divergence) findings.push(divergence);
  if (history.length === 0) {
    return divergence ? findings : [{ kind: "no-epoch", status, planned: experiment.epochs }];
  }
  const stopping = earlyStoppingOf(run);
  const hasActed = stopping?.kind === "early-stopping" && stopping.hasActed;
  if (history.length < experiment.epochs && !hasActed && !divergence) {
    findings.push({ kind: "cut-short", status, epochs: history.length, planned: experiment.epochs });
  }
  const collapse = collapseOf(run, judged, validationPositives);
  if (collapse) findings.push(collapse);
  if (stopping) findings.push(stopping);
  if (history.length < leastEpochs) {
    const { validationAccuracy, validationLoss } = history.at(-1)!;
    findings.push({ kind: "no-trend", epochs: history.length, validationAccuracy, validationLoss });
  } else if (!divergence) {
    // A network that says the same of every image neither overfits nor swings.
    if (!collapse) {
      findings.push(overfittingOf(run));
      const stability = stabilityOf(run);
      if (stability) findings.push(stability);
    }
  }
  const weights = weightsOf(run, others);
  if (weights) findings.push(weights);
  if (judged && !collapse) findings.push(confusionsOf(run, judged));
  return findings;
}

function divergenceOf({ history, status, problem }: Run): RunFinding | null {
  const finite = history.filter(({ loss, validationLoss }) => Number.isFinite(loss) && Number.isFinite(validationLoss));
  const place = (values: EpochValues | undefined) => (values ? { epoch: values.epoch, loss: values.loss } : null);
  const [first, last] = [place(finite[0]), place(finite.at(-1))];
  const broken = history.find((values) => !finite.includes(values));
  if (broken) return { kind: "diverged", notANumberIn: broken.epoch, first, last };
  if (status === "failed" && isDivergence(problem)) {
    return { kind: "diverged", notANumberIn: history.length + 1, first, last };
  }
  if (finite.length < leastEpochs || !first || !last) return null;
  const isGrowing = last.loss > growthFactor * first.loss && finite.at(-2)!.loss > first.loss;
  return isGrowing ? { kind: "diverged", notANumberIn: null, first, last } : null;
}

function earlyStoppingOf({ history, experiment: { earlyStopping, epochs: planned } }: Run): RunFinding | null {
  if (!earlyStopping) return null;
  const best = lowestLoss(history);
  const { patience } = earlyStopping;
  const epochs = history.length;
  const hasActed = epochs < planned && epochs - best.epoch >= patience;
  return { kind: "early-stopping", patience, epochs, planned, bestEpoch: best.epoch, hasActed };
}

function lowestLoss(history: readonly EpochValues[]): EpochValues {
  return history.reduce((best, values) => (values.validationLoss < best.validationLoss ? values : best));
}

/** The largest penalty on any kernel. */
export function penaltyOf({ layers }: Experiment): Penalty | null {
  const penalties = layers.flatMap((layer) => ("penalty" in layer && layer.penalty ? [layer.penalty] : []));
  if (penalties.length === 0) return null;
  return { l1: Math.max(...penalties.map(({ l1 }) => l1)), l2: Math.max(...penalties.map(({ l2 }) => l2)) };
}

function collapseOf(
  { history, experiment, split }: Run,
  judged: AnalysisInput["judged"],
  validationPositives: number | null,
): RunFinding | null {
  const penalty = penaltyOf(experiment);
  const images = judged?.labels.length ?? split.validation.length;
  const positives = judged ? judged.labels.reduce((sum, label) => sum + label, 0) : validationPositives;
  // With one side only, "every image alike" is what a perfect network says.
  if (positives === null || positives === 0 || positives === images) return null;
  const shares = { positive: positives / images, negative: 1 - positives / images } as const;
  const since = (verdict: "positive" | "negative"): number | null => {
    const isSo = ({ validationAccuracy }: EpochValues) => Math.abs(validationAccuracy - shares[verdict]) < 0.5 / images;
    const lastOther = history.findLast((values) => !isSo(values))?.epoch ?? 0;
    return lastOther < history.length ? lastOther + 1 : null;
  };
  if (judged) return judgedCollapse(judged, positives, since, penalty);
  // An accuracy may be just that by chance; not twice in a row.
  const verdict = (["negative", "positive"] as const).find((side) => {
    const begin = since(side);
    return begin !== null && history.length - begin >= 1;
  });
  if (!verdict) return null;
  return {
    ...{ kind: "collapsed", verdict, images, accuracy: shares[verdict], balancedAccuracy: 0.5 },
    ...{ missed: null, exceptions: 0, sinceEpoch: since(verdict), penalty },
  };
}

/** With the verdicts known, the recalls tell: of all images of one side none is found, or hardly any. */
function judgedCollapse(
  { classNames, labels, probabilities, threshold }: NonNullable<AnalysisInput["judged"]>,
  positives: number,
  since: (verdict: "positive" | "negative") => number | null,
  penalty: Penalty | null,
): RunFinding | null {
  const images = labels.length;
  const called = probabilities.map((p) => (p >= threshold ? 1 : 0));
  const right = { positive: 0, negative: 0 };
  for (const [i, label] of labels.entries()) {
    if (called[i] === label) right[label === 1 ? "positive" : "negative"] += 1;
  }
  const recall = { positive: right.positive / positives, negative: right.negative / (images - positives) };
  const verdict = recall.positive <= mostFound ? "negative" : recall.negative <= mostFound ? "positive" : null;
  if (!verdict) return null;
  const isMissed = (label: number) => (label === 1) === (verdict === "negative");
  const exceptions = called.filter((call) => (call === 1) === (verdict === "negative")).length;
  if (exceptions > mostExceptions * images) return null;
  const missed = new Map<string, { n: number; found: number }>();
  for (const [i, className] of classNames.entries()) {
    if (!isMissed(labels[i]!)) continue;
    const { n, found } = missed.get(className) ?? { n: 0, found: 0 };
    missed.set(className, { n: n + 1, found: found + (called[i] === labels[i] ? 1 : 0) });
  }
  return {
    ...{ kind: "collapsed", verdict, images, penalty, exceptions },
    accuracy: (right.positive + right.negative) / images,
    balancedAccuracy: (recall.positive + recall.negative) / 2,
    missed: [...missed].map(([className, counts]) => ({ className, ...counts })),
    sinceEpoch: exceptions === 0 ? since(verdict) : null,
  };
}

function overfittingOf({ history, split, experiment }: Run): RunFinding {
  const images = split.validation.length;
  const last = history.at(-1)!;
  const best = lowestLoss(history);
  const deviation = (accuracy: number) => Math.sqrt((accuracy * (1 - accuracy)) / images);
  const margin = 2 * deviation(last.validationAccuracy);
  const isOpen = ({ accuracy, validationAccuracy }: EpochValues) =>
    accuracy - validationAccuracy > 2 * deviation(validationAccuracy);
  const lastClosed = history.findLast((values) => !isOpen(values))?.epoch ?? 0;
  const opensIn = lastClosed < last.epoch ? lastClosed + 1 : null;
  const isRising =
    last.validationLoss > (1 + risingShare) * best.validationLoss && last.loss < history[best.epoch - 1]!.loss;
  const degree = opensIn === null ? (isRising ? "loss-only" : "no") : isRising ? "yes" : "gap-only";
  const { layers, augmentation, sampling } = experiment;
  const place = ({ epoch, validationLoss, validationAccuracy }: EpochValues) => ({
    epoch,
    loss: validationLoss,
    accuracy: validationAccuracy,
  });
  return {
    kind: "overfitting",
    degree,
    trainingAccuracy: last.accuracy,
    validationAccuracy: last.validationAccuracy,
    margin,
    images,
    opensIn,
    best: place(best),
    last: place(last),
    isTrainingHandicapped:
      augmentation !== null || sampling.kind !== "shuffle" || layers.some((layer) => layer.type === "dropout"),
  };
}

/** In the later half of a run, where the first learning is over; null where that is too short, and nothing jumps. */
function stabilityOf({ history, split }: Run): RunFinding | null {
  const window = Math.min(5, Math.floor(history.length / 2));
  const accuracies = history.slice(-window).map(({ validationAccuracy }) => validationAccuracy);
  const [lowest, highest] = [Math.min(...accuracies), Math.max(...accuracies)];
  const spikes = history.flatMap(({ epoch, validationLoss }, index) => {
    const [before, after] = [history[index - 1], history[index + 1]];
    if (!before || !after) return [];
    const isSpike = validationLoss > spikeFactor * Math.max(before.validationLoss, after.validationLoss);
    return isSpike ? [{ epoch, loss: validationLoss, before: before.validationLoss }] : [];
  });
  if (window < leastEpochs) return null;
  // One image of a few dozen is already some points.
  const isSpread = highest - lowest > Math.max(unstableSpread, 2.5 / split.validation.length);
  const degree = isSpread || spikes.length > 0 ? "unstable" : "stable";
  return { kind: "stability", degree, window, lowest, highest, deviation: sampleDeviation(accuracies), spikes };
}

function summed({ kernels }: Run): { readonly count: number; readonly nearZeroShare: number; readonly norm: number } {
  const sum = (of: "count" | "nearZeroCount" | "squareSum") =>
    (kernels ?? []).reduce((total, kernel) => total + kernel[of], 0);
  const count = sum("count");
  return { count, nearZeroShare: sum("nearZeroCount") / count, norm: Math.sqrt(sum("squareSum")) };
}

/** The run of the baseline that a run's weights can be held against: same size and split; of several the one with the same seed. */
function baselineFor(run: Run, others: readonly Run[]): Run | undefined {
  const { experiment, split, id } = run;
  const alike = others.filter(
    (other) =>
      other.id !== id &&
      other.experiment.preset === "baseline" &&
      penaltyOf(other.experiment) === null &&
      other.experiment.inputSize === experiment.inputSize &&
      other.kernels !== null &&
      other.split.training.length === split.training.length &&
      other.split.seed === split.seed &&
      other.split.kind === split.kind,
  );
  return alike.find((other) => other.experiment.seed === experiment.seed) ?? alike[0];
}

function weightsOf(run: Run, others: readonly Run[]): RunFinding | null {
  const penalty = penaltyOf(run.experiment);
  const hasDropout = run.experiment.layers.some((layer) => layer.type === "dropout");
  if (!run.kernels || run.kernels.length === 0 || (!penalty && !hasDropout)) return null;
  const own = summed(run);
  const baseline = baselineFor(run, others);
  const reference = baseline && summed(baseline);
  // Another network's norm says nothing of this one's.
  const isSameNetwork = reference?.count === own.count;
  if (!penalty && !isSameNetwork) return null;
  return {
    kind: "weights",
    penalty,
    hasDropout,
    ...own,
    baseline:
      baseline && reference && isSameNetwork
        ? { runId: baseline.id, nearZeroShare: reference.nearZeroShare, norm: reference.norm }
        : null,
  };
}

function confusionsOf(run: Run, judged: NonNullable<AnalysisInput["judged"]>): RunFinding {
  const { classNames, labels, probabilities, threshold, byClass } = judged;
  const counts = new Map<string, { n: number; wrong: number }>();
  for (const [i, className] of classNames.entries()) {
    const count = counts.get(className) ?? { n: 0, wrong: 0 };
    counts.set(className, count);
    count.n += 1;
    if (probabilities[i]! >= threshold !== (labels[i] === 1)) count.wrong += 1;
  }
  const classes = [...counts]
    .map(([className, { n, wrong }]) => ({
      className,
      isPositive: className === run.positiveClass,
      n,
      wrong,
      interval: wilson(wrong, n)!,
    }))
    .filter(({ wrong }) => wrong > 0)
    .sort((a, b) => b.wrong / b.n - a.wrong / a.n);
  const [first, ...rest] = classes;
  return {
    kind: "confusions",
    images: labels.length,
    wrong: classes.reduce((sum, { wrong }) => sum + wrong, 0),
    classes,
    isFirstDistinct: first !== undefined && rest.every(({ interval }) => interval[1] < first.interval[0]),
    pairs: byClass ? commonestPairs(classNames, byClass) : [],
  };
}

function commonestPairs(
  classNames: readonly string[],
  { labels, probabilities }: NonNullable<JudgedImages["byClass"]>,
): { readonly className: string; readonly as: string; readonly count: number }[] {
  const pairs = new Map<string, { className: string; as: string; count: number }>();
  for (const [i, className] of classNames.entries()) {
    const row = probabilities.subarray(i * labels.length, (i + 1) * labels.length);
    const as = labels[row.indexOf(row.reduce((a, b) => Math.max(a, b)))]!;
    if (as === className) continue;
    const key = `${className}/${as}`;
    const pair = pairs.get(key) ?? { className, as, count: 0 };
    pairs.set(key, pair);
    pair.count += 1;
  }
  return [...pairs.values()].sort((a, b) => b.count - a.count).slice(0, 3);
}
