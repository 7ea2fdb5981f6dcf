/** run.json and eval.json. */
import type { EngineMemory } from "../../contract/engine.ts";
import type { Dataset, Finding } from "../../domain/dataset/dataset.ts";
import type { Evaluation } from "../../domain/metrics/evaluation.ts";
import type { EpochValues, Run } from "../../domain/run/run.ts";
import type { EvaluationFigures, EvaluationReport, ReportedEpoch, RunReport, UnreadableFile } from "./protocol.ts";

/** run.json, of a run as stored. */
export function runReport(
  name: string,
  run: Run,
  dataset: Dataset,
  memory: EngineMemory,
  findings: readonly Finding[],
): RunReport {
  const { experiment, engine, history, split } = run;
  return {
    name,
    preset: experiment.preset,
    status: run.status,
    problem: run.problem,
    backend: engine?.backend ?? null,
    threads: engine?.threads ?? null,
    simd: engine?.simd ?? null,
    parameters: engine?.parameters ?? null,
    seed: experiment.seed,
    size: experiment.inputSize,
    batch: experiment.batchSize,
    epochs: experiment.epochs,
    positive: run.positiveClass,
    classes: Object.fromEntries(
      dataset.classNames.map((className, index) => [className, dataset.classCounts[index] ?? 0]),
    ),
    split: {
      kind: split.kind,
      training: split.training.length,
      validation: split.validation.length,
      test: split.test.length,
    },
    leakage: run.leakage,
    history: reportedHistory(history),
    milliseconds_per_step: engine?.millisecondsPerStep ?? null,
    stopped_early: history.length < experiment.epochs,
    best_epoch: bestEpoch(history),
    data_wait_share: engine?.waitingShare ?? null,
    peak_heap_bytes: engine?.peakHeapBytes ?? null,
    memory: { tensors: memory.tensors, tensor_bytes: memory.tensorBytes, heap_bytes: memory.heapBytes },
    unreadable: unreadableFiles(findings),
    experiment,
  };
}

/** Epochs in Keras' names. */
export function reportedHistory(history: readonly EpochValues[]): ReportedEpoch[] {
  return history.map((values) => ({
    epoch: values.epoch,
    loss: values.loss,
    accuracy: values.accuracy,
    val_loss: values.validationLoss,
    val_accuracy: values.validationAccuracy,
    seconds: values.seconds,
  }));
}

/** The figures of a model on a data set, with what of that could not be read. */
export function evaluationReport(
  model: string,
  positive: string,
  evaluation: Evaluation,
  findings: readonly Finding[],
): EvaluationReport {
  return { model, ...evaluationFigures(evaluation), positive, unreadable: unreadableFiles(findings) };
}

/** An evaluation in the names of the JSON files. */
export function evaluationFigures(evaluation: Evaluation): EvaluationFigures {
  const { n, threshold, accuracy, balancedAccuracy, auroc, confusion, byClass } = evaluation;
  return { n, threshold, accuracy, balanced_accuracy: balancedAccuracy, auroc, confusion, by_class: byClass };
}

/** The first of the epochs with the lowest validation loss. */
function bestEpoch(history: readonly EpochValues[]): number | null {
  let best: EpochValues | null = null;
  for (const values of history) if (!best || values.validationLoss < best.validationLoss) best = values;
  return best?.epoch ?? null;
}

/** Files that are no image of the data set, with the reason. */
export function unreadableFiles(findings: readonly Finding[]): UnreadableFile[] {
  return findings.map(({ path, reason, detail }) => ({ file: path, reason, detail }));
}
