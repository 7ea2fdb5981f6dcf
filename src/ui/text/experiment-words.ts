/** What experiments are called, with what they change in their preset. */
import { msg, str } from "@lit/localize";
import { changesOf, type ExperimentChange } from "../../domain/experiment/changes.ts";
import type { Experiment, Penalty } from "../../domain/experiment/experiment.ts";
import type { Balance } from "../../domain/experiment/regularization.ts";
import { formatNumber } from "./format.ts";
import { presetWord } from "./words.ts";

export function balanceWord(balance: Balance): string {
  switch (balance) {
    case "none":
      return msg("Images as they are");
    case "oversample":
      return msg("Oversampling of the smaller side");
    case "class-weights":
      return msg("Class weights");
    case "own":
      return msg("Sampling by class and source");
  }
}

function penaltyWords({ l1, l2 }: Penalty): string {
  return `L1 ${formatNumber(l1, 6)}, L2 ${formatNumber(l2, 6)}`;
}

/** Null for what the lists show in columns of their own. */
function changeWord(change: ExperimentChange): string | null {
  switch (change.what) {
    case "size":
    case "epochs":
      return null;
    case "batch":
      return msg(str`batches of ${formatNumber(change.value)}`);
    case "rate":
      return msg(str`learning rate ${formatNumber(change.value, 6)}`);
    case "weight-decay":
      return msg(str`weight decay ${formatNumber(change.value, 6)}`);
    case "feature-dropout":
      return msg(str`dropout ${formatNumber(change.value, 3)} after pooling`);
    case "hidden-dropout":
      return msg(str`dropout ${formatNumber(change.value, 3)} before the output`);
    case "convolution-penalty":
      return msg(str`convolutions ${penaltyWords(change.value)}`);
    case "dense-penalty":
      return msg(str`dense layer ${penaltyWords(change.value)}`);
    case "patience":
      return change.value === null
        ? msg("no early stopping")
        : msg(str`early stopping, patience ${formatNumber(change.value)}`);
    case "balance":
      return balanceWord(change.value);
    case "augmentation":
      return change.value === null ? msg("no augmentation") : msg("augmentation changed");
    case "other":
      return msg("changed");
  }
}

/** The preset's name, and what was changed in it: “Baseline (batches of 16)”. */
export function experimentWord(experiment: Experiment): string {
  const preset = presetWord(experiment.preset);
  const changes = changesOf(experiment).flatMap((change) => changeWord(change) ?? []);
  return changes.length === 0 ? preset : `${preset} (${changes.join(", ")})`;
}
