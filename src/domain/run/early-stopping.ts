/** Early stopping on the validation loss, as Keras' `EarlyStopping(restore_best_weights=True)` decides. */
import type { EarlyStopping } from "../experiment/experiment.ts";
import type { EpochValues } from "./run.ts";

export interface EarlyStoppingState {
  /** The epoch (from 1) whose weights are kept. */
  readonly keptEpoch: number;
  readonly isOver: boolean;
}

/**
 * What follows from the epochs so far. An epoch improves where its loss is lower than every one before it; the run is over once `patience` epochs
 * in a row did not improve. Without early stopping the last epoch is kept.
 * @param history not empty
 */
export function earlyStoppingState(
  history: readonly Pick<EpochValues, "epoch" | "validationLoss">[],
  earlyStopping: EarlyStopping | null,
): EarlyStoppingState {
  const last = history.at(-1)!;
  if (!earlyStopping) return { keptEpoch: last.epoch, isOver: false };
  let best = history[0]!;
  for (const values of history) if (values.validationLoss < best.validationLoss) best = values;
  return { keptEpoch: best.epoch, isOver: last.epoch - best.epoch >= earlyStopping.patience };
}
