/** What was measured of a model, as it travels with it: figures with intervals, on which images. */
import type { SplitPart } from "../dataset/split-types.ts";
import type { ClassFigures, FiguresOf } from "../metrics/figures.ts";
import { rankingFigures, verdictFigures } from "../metrics/measures.ts";

export const measuredFigures = [...verdictFigures, ...rankingFigures] as const;
export type MeasuredFigure = (typeof measuredFigures)[number];

export interface MeasuredPart {
  readonly part: Exclude<SplitPart, "training">;
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
