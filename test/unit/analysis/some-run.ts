/** Runs made up for the analysis. */
import { baseline } from "../../../src/domain/experiment/presets.ts";
import type { EpochValues, Run } from "../../../src/domain/run/run.ts";

/** Accuracy and loss of training and validation, epoch by epoch. */
export function historyOf(...rows: readonly (readonly [number, number, number, number])[]): EpochValues[] {
  return rows.map(([accuracy, loss, validationAccuracy, validationLoss], index) => ({
    epoch: index + 1,
    loss,
    accuracy,
    validationLoss,
    validationAccuracy,
    seconds: 10,
  }));
}

export function runWith(history: readonly EpochValues[], change: Partial<Run> = {}): Run {
  const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  return {
    id: "run-1",
    datasetId: "d",
    datasetName: "archive",
    classNames: ["Painting", "Photo", "Text"],
    positiveClass: "Photo",
    experiment: { ...baseline, inputSize: 64, epochs: history.length },
    split: {
      kind: "stratified",
      validationShare: 0.15,
      testShare: 0.15,
      bySource: false,
      seed: 42,
      training: ids("t", 700),
      validation: ids("v", 100),
      test: ids("x", 100),
    },
    leakage: null,
    createdAt: 1,
    status: "finished",
    problem: "",
    history,
    modelId: "m",
    keptEpoch: history.length,
    checkpointEpoch: null,
    checkpointProblem: "",
    engine: null,
    queue: null,
    kernels: null,
    ...change,
  };
}
