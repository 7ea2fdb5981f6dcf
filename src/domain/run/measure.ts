/** Measures what a run's model says of its images, as it travels with the model. */
import { bootstrapResamples } from "../metrics/bootstrap.ts";
import { classFigures, figuresAt, RankingFigures } from "../metrics/figures.ts";
import type { MeasuredPart } from "../model/measured.ts";
import type { JudgedImages } from "./predictions.ts";

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
