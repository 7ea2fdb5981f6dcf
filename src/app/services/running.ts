/** What begins, computes and judges runs, loaded together when there is a run to deal with. */
export { newRun, splitDataset } from "./new-run.ts";
export { predictionsOf, storedPredictions } from "./predictions.ts";
export { computeRun } from "./run-computing.ts";
export { drawSplitOf } from "./splits.ts";
