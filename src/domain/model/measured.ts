/** What was measured of a model, as it travels with it: figures with intervals, on which images. */
import { bootstrapResamples } from "../metrics/bootstrap.ts";
import { classFigures, type ClassFigures, figuresAt, type FiguresOf, RankingFigures } from "../metrics/figures.ts";
import { rankingFigures, verdictFigures } from "../metrics/measures.ts";
import type { JudgedImages, JudgedPart } from "../run/predictions.ts";

export const measuredFigures = [...verdictFigures, ...rankingFigures] as const;
export type MeasuredFigure = (typeof measuredFigures)[number];

export interface MeasuredPart {
  readonly part: JudgedPart;
  readonly images: number;
  /** How many of them are of the positive class. */
  readonly positives: number;
  /** At which the verdicts were made. */
  readonly threshold: number;
  /** With 95 % bootstrap intervals. */
  readonly figures: FiguresOf<MeasuredFigure>;
  /** Each original class on its own. */
  readonly classes: readonly ClassFigures[];
}

/** @param classNames in which order the original classes are listed */
export function measuredPart(judged: JudgedImages, threshold: number, classNames: readonly string[]): MeasuredPart {
  const ranking = new RankingFigures(judged);
  ranking.advance(bootstrapResamples);
  return {
    part: judged.part,
    images: judged.labels.length,
    positives: judged.labels.reduce((sum, label) => sum + label, 0),
    threshold,
    figures: { ...figuresAt(judged, threshold), ...ranking.figures() },
    classes: classFigures(judged, threshold, classNames),
  };
}
