/** What a comparison is called in words. */
import { msg, str } from "@lit/localize";
import type { Incomparability } from "../../../domain/comparison/comparable.ts";
import type { Figure } from "../../../domain/metrics/figures.ts";
import type { ReportedComparison } from "../../../domain/report/contents.ts";
import type { Run } from "../../../domain/run/run.ts";
import { experimentWord } from "../../text/experiment-words.ts";
import { formatFixed, formatShare } from "../../text/format.ts";
import { intervalText } from "../evaluation/words.ts";

/** What a run is called among others: its network, with what was changed in it, and its seed. */
export function runWord({ experiment }: Pick<Run, "experiment">): string {
  const seed = String(experiment.seed);
  const name = experimentWord(experiment);
  return msg(str`${name}, seed ${seed}`);
}

export function incomparabilityWord(reason: Incomparability): string {
  switch (reason) {
    case "other-dataset":
      return msg("It was judged on the images of another dataset.");
    case "other-class":
      return msg("It takes another class for the photos, so it answers another question.");
    case "other-split":
      return msg(
        "Its images were shared out otherwise: it was judged on other images, or learnt from those that the others were judged on.",
      );
  }
}

/** `87.1%`, or a dash where the figure is undefined. */
export function shareWord({ value }: Figure): string {
  return value === null ? "–" : formatShare(value, 1);
}

/** `85.0% to 89.2%`, of shares; empty where there is none. */
export function shareIntervalWord({ interval }: Pick<Figure, "interval">): string {
  return interval ? intervalText(formatShare(interval[0], 1), formatShare(interval[1], 1)) : "";
}

/** A difference of shares in percentage points, with its sign. */
export function pointsWord(value: number): string {
  const points = formatFixed(Math.abs(100 * value), 1);
  return Number(Math.abs(100 * value).toFixed(1)) === 0 ? points : `${value > 0 ? "+" : "−"}${points}`;
}

/** `+1.2 points (−0.4 to +2.9)` */
export function differenceWord(value: number | null, interval: readonly [number, number] | null): string {
  if (value === null) return "–";
  const points = pointsWord(value);
  if (!interval) return msg(str`${points} points`);
  const low = pointsWord(interval[0]);
  const high = pointsWord(interval[1]);
  return msg(str`${points} points (${low} to ${high})`);
}

/** The verdict in plain words, never more than the images bear. @param name of the run that the others are held against */
export function verdictSentence({ verdict, isSameSetting, comparison }: ReportedComparison, name: string): string {
  if (isSameSetting && verdict === "noise") {
    return msg("The same setting with another seed: these images show no difference.");
  }
  switch (verdict) {
    case "a-better":
      return msg(str`${name} is better.`);
    case "b-better":
      return msg("This one is better.");
    case "noise":
      return comparison.accuracy.onlyA + comparison.accuracy.onlyB === 0
        ? msg("Both say the same of every image.")
        : msg("No difference that these images can show.");
    case "unclear":
      return msg("Not settled: the tests disagree, or another seed makes as large a difference.");
  }
}
