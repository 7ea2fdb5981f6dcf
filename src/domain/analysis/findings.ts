/** What can be told from a run: structured, with every number that a sentence about it needs. The words are in sentences.ts. */
import type { Interval } from "../metrics/statistics.ts";
import type { Penalty } from "../experiment/experiment.ts";
import type { RunStatus } from "../run/run.ts";

export type RunFinding =
  /** Nothing to analyse. */
  | { readonly kind: "no-epoch"; readonly status: RunStatus; readonly planned: number }
  /** It ended before its last epoch, and not by early stopping. */
  | {
      readonly kind: "cut-short";
      readonly status: RunStatus;
      readonly epochs: number;
      readonly planned: number;
    }
  /** One epoch is a point; two are a line through two points. */
  | {
      readonly kind: "no-trend";
      readonly epochs: number;
      readonly validationAccuracy: number;
      readonly validationLoss: number;
    }
  /** The loss was no number any more, or grew. */
  | {
      readonly kind: "diverged";
      /** The epoch in which the loss was no number; null where it stayed one and grew. */
      readonly notANumberIn: number | null;
      readonly first: { readonly epoch: number; readonly loss: number } | null;
      readonly last: { readonly epoch: number; readonly loss: number } | null;
    }
  /** One side is as good as never found: every validation image, or all but a few, gets the same verdict. */
  | {
      readonly kind: "collapsed";
      readonly verdict: "positive" | "negative";
      readonly images: number;
      /** Share of the images whose verdict is right. */
      readonly accuracy: number;
      /** Mean of both sides' recalls. */
      readonly balancedAccuracy: number;
      /** Images of the other side by original class, and how few of them are found; null where only the history says so. */
      readonly missed: readonly { readonly className: string; readonly n: number; readonly found: number }[] | null;
      /** Images that get the other verdict. */
      readonly exceptions: number;
      /** Epochs, up to the last, in which the validation accuracy was just that; null where only the final verdicts are known. */
      readonly sinceEpoch: number | null;
      readonly penalty: Penalty | null;
    }
  | {
      readonly kind: "early-stopping";
      readonly patience: number;
      readonly epochs: number;
      readonly planned: number;
      readonly bestEpoch: number;
      /** Whether it was the patience that ended the run. */
      readonly hasActed: boolean;
    }
  | {
      readonly kind: "overfitting";
      /** `yes`: the validation loss rises again while the training loss falls, and the accuracies are further apart than chance puts them. */
      readonly degree: "yes" | "gap-only" | "loss-only" | "no";
      readonly trainingAccuracy: number;
      readonly validationAccuracy: number;
      /** How far chance moves the validation accuracy: two standard errors for so many images. */
      readonly margin: number;
      readonly images: number;
      /** The first epoch from which on the gap is larger than the margin to the end; null where there is none. */
      readonly opensIn: number | null;
      readonly best: { readonly epoch: number; readonly loss: number; readonly accuracy: number };
      readonly last: { readonly epoch: number; readonly loss: number; readonly accuracy: number };
      /** The training accuracy is that of a network with dropout, of changed pictures, or of a drawn mixture: lower than on the images as they are. */
      readonly isTrainingHandicapped: boolean;
    }
  | {
      readonly kind: "stability";
      readonly degree: "stable" | "unstable";
      /** How many of the last epochs were looked at. */
      readonly window: number;
      readonly lowest: number;
      readonly highest: number;
      readonly deviation: number;
      /** Epochs whose validation loss was more than half higher than both of its neighbours'. */
      readonly spikes: readonly { readonly epoch: number; readonly loss: number; readonly before: number }[];
    }
  | {
      readonly kind: "weights";
      readonly penalty: Penalty | null;
      readonly hasDropout: boolean;
      /** Weights of all kernels. */
      readonly count: number;
      readonly nearZeroShare: number;
      readonly norm: number;
      /** Of a run of the baseline on the same split and size; null where there is none. */
      readonly baseline: { readonly runId: string; readonly nearZeroShare: number; readonly norm: number } | null;
    }
  | {
      readonly kind: "confusions";
      readonly images: number;
      readonly wrong: number;
      /** Classes with mistakes, the highest share of wrong verdicts first. */
      readonly classes: readonly {
        readonly className: string;
        readonly isPositive: boolean;
        readonly n: number;
        readonly wrong: number;
        readonly interval: Interval;
      }[];
      /** Whether the first class's share is higher than that of every other beyond what chance explains. */
      readonly isFirstDistinct: boolean;
      /** Of a network that tells the original classes apart: the commonest mistakes. */
      readonly pairs: readonly { readonly className: string; readonly as: string; readonly count: number }[];
    };
