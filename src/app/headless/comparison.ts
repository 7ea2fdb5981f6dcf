/** Several presets with several seeds on one split, compared and reported. */
import { version } from "../../../package.json";
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { needsBackbone } from "../../domain/experiment/backbone.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import type { ReportContents, ReportedRun } from "../../domain/report/contents.ts";
import { reportPage } from "../../domain/report/report.ts";
import { sentenceOf } from "../../domain/analysis/sentences.ts";
import { Writer } from "../../domain/text/writer.ts";
import type { Run } from "../../domain/run/run.ts";
import { reportContents } from "../services/comparison/contents.ts";
import { examineRuns } from "../services/comparison/examine.ts";
import type { Services } from "../services/services.ts";
import type { Inputs } from "./inputs.ts";
import type { CompareRequest, ComparisonReport } from "./protocol.ts";
import { experimentOf, importData, splitPlanOf, withBackbone } from "./requests.ts";
import { reportedHistory } from "./reports.ts";
import { report, watchTraining } from "./watch.ts";

export async function compare(
  services: Services,
  inputs: Inputs,
  request: CompareRequest,
): Promise<Outcome<ComparisonReport>> {
  const { training, datasets, models, runtime } = services;
  const started = await runtime.engine.start(request.backend);
  if (!started.ok) return started;
  const experiments = await experimentsOf(services, inputs, request);
  if (!experiments.ok) return experiments;
  const [first] = experiments.value;
  if (!first) return failed("bad-input", "There is nothing to compare.", "Name presets and seeds.");
  const imported = await importData(datasets, inputs.folder(request.data), first.pixels, request.positive);
  if (!imported.ok) return imported;
  // One split for all, whatever the seeds: only then can they be compared image by image.
  const split = await training.drawSplit(imported.value.id, splitPlanOf(request.split, { ...first, seed: 42 }));
  if (!split.ok) return split;

  const runs: Run[] = [];
  for (const [index, experiment] of experiments.value.entries()) {
    const name = `${experiment.preset}, seed ${experiment.seed}`;
    const total = experiments.value.length;
    report("comparing", { done: index, total, rate: null, secondsLeft: null }, name, true);
    const unwatch = watchTraining(training.active);
    const outcome = await training.train(imported.value.id, experiment, split.value);
    unwatch();
    // What failed is part of the comparison, where it got as far as a run.
    const run = outcome.ok ? outcome.value : training.runs.value.find((known) => known.experiment === experiment);
    const stored = run ?? training.runs.value.find((known) => isOf(known, experiment) && !runs.includes(known));
    if (!stored) return outcome.ok ? failed("unexpected", "The run is not there any more.") : outcome;
    runs.push(stored);
    if (stored.status === "stopped") break;
  }

  const { signal } = new AbortController();
  const examined = await examineRuns(runs, { training, models }, (progress) => report("judging", progress), signal);
  if (!examined.ok) return examined;
  const contents = await reportContents(examined.value, { version, decision: null }, signal);
  const html = Object.fromEntries(
    request.languages.map((language) => [language, reportPage(contents, new Writer(language))]),
  );
  return succeeded({ ...reportOf(contents), html });
}

function isOf(run: Run, experiment: Experiment): boolean {
  return run.experiment.preset === experiment.preset && run.experiment.seed === experiment.seed;
}

/** Preset by preset, each with all seeds. */
async function experimentsOf(
  services: Services,
  inputs: Inputs,
  request: CompareRequest,
): Promise<Outcome<readonly Experiment[]>> {
  const experiments: Experiment[] = [];
  for (const preset of request.presets) {
    const known = experimentOf({ preset, overrides: request.overrides, config: request.config });
    if (!known.ok) return known;
    const isBuiltOn = needsBackbone(known.value.backbone);
    const experiment = isBuiltOn ? await withBackbone(known.value, request.backbone, services, inputs) : known;
    if (!experiment.ok) return experiment;
    for (const seed of request.seeds) experiments.push({ ...experiment.value, seed });
  }
  return succeeded(experiments);
}

function reportOf(contents: ReportContents): Omit<ComparisonReport, "html"> {
  const { runs, comparisons, proposal, finalRunId, datasetName, positiveClass, classes } = contents;
  const split = runs[0]!.run.split;
  return {
    dataset: datasetName,
    positive: positiveClass,
    classes,
    split: {
      kind: split.kind,
      seed: split.seed,
      training: split.training.length,
      validation: split.validation.length,
      test: split.test.length,
    },
    runs: runs.map(runOf),
    final: finalRunId,
    proposal,
    comparisons,
  };
}

function runOf(reported: ReportedRun) {
  const { run, findings, validation, test, problem, weightBytes, operations, millisecondsPerImage } = reported;
  const words = new Writer("en");
  return {
    id: run.id,
    preset: run.experiment.preset,
    seed: run.experiment.seed,
    size: run.experiment.inputSize,
    epochs: run.experiment.epochs,
    status: run.status,
    problem: run.problem,
    kept_epoch: run.keptEpoch,
    parameters: run.engine?.parameters ?? null,
    weight_bytes: weightBytes,
    operations,
    milliseconds_per_step: run.engine?.millisecondsPerStep ?? null,
    milliseconds_per_image: millisecondsPerImage,
    history: reportedHistory(run.history),
    validation,
    test,
    judging_problem: problem,
    findings,
    sentences: findings.map((finding) => sentenceOf(finding, words)),
  };
}
