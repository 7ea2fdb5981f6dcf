/** What an experiment changes in the preset that it was copied from. */
import type { Augmentation, Experiment, Penalty } from "./experiment.ts";
import { presetNamed } from "./presets.ts";
import { type Balance, balanceOf, regularizationOf } from "./regularization.ts";

export type ExperimentChange =
  /** Numbers, as they are now. */
  | {
      readonly what: "size" | "epochs" | "batch" | "rate" | "weight-decay" | "feature-dropout" | "hidden-dropout";
      readonly value: number;
    }
  | { readonly what: "convolution-penalty" | "dense-penalty"; readonly value: Penalty }
  /** Null: no early stopping. */
  | { readonly what: "patience"; readonly value: number | null }
  | { readonly what: "balance"; readonly value: Balance }
  | { readonly what: "augmentation"; readonly value: Augmentation["kind"] | null }
  /** Something that only a configuration file sets. */
  | { readonly what: "other" };

/** In the order in which a form would ask for them; the seed is no change. Empty for the preset itself, and for one that is not known. */
export function changesOf(experiment: Experiment): ExperimentChange[] {
  const preset = presetNamed(experiment.preset);
  if (!preset) return [];
  const changes: ExperimentChange[] = [];
  const number = (what: "size" | "epochs" | "batch" | "rate" | "weight-decay", value: number, old: number): void => {
    if (value !== old) changes.push({ what, value });
  };
  number("size", experiment.inputSize, preset.inputSize);
  number("epochs", experiment.epochs, preset.epochs);
  number("batch", experiment.batchSize, preset.batchSize);
  number("rate", experiment.optimizer.learningRate, preset.optimizer.learningRate);
  number("weight-decay", experiment.optimizer.weightDecay, preset.optimizer.weightDecay);
  const now = regularizationOf(experiment);
  const then = regularizationOf(preset);
  const { featureDropout, hiddenDropout, convolutionPenalty, densePenalty, patience } = now;
  if (featureDropout !== null && featureDropout !== then.featureDropout) {
    changes.push({ what: "feature-dropout", value: featureDropout });
  }
  if (hiddenDropout !== null && hiddenDropout !== then.hiddenDropout) {
    changes.push({ what: "hidden-dropout", value: hiddenDropout });
  }
  if (convolutionPenalty && !isSame(convolutionPenalty, then.convolutionPenalty)) {
    changes.push({ what: "convolution-penalty", value: convolutionPenalty });
  }
  if (densePenalty && !isSame(densePenalty, then.densePenalty)) {
    changes.push({ what: "dense-penalty", value: densePenalty });
  }
  if (patience !== then.patience) changes.push({ what: "patience", value: patience });
  if (balanceOf(experiment) !== balanceOf(preset)) changes.push({ what: "balance", value: balanceOf(experiment) });
  if (!isSame(experiment.augmentation, preset.augmentation)) {
    changes.push({ what: "augmentation", value: experiment.augmentation?.kind ?? null });
  }
  if (changes.length === 0 && !isSame(withoutSeed(experiment), withoutSeed(preset))) changes.push({ what: "other" });
  return changes;
}

function withoutSeed(experiment: Experiment): unknown {
  return { ...experiment, seed: 0 };
}

/** Plain data that was made the same way. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
