/** What a report of experiments is written from: everything measured, with where it was measured. */
import type { RunFinding } from "../analysis/findings.ts";
import type { Proposal } from "../analysis/proposal.ts";
import type { ComparisonVerdict, ModelComparison } from "../comparison/comparison.ts";
import type { FinalDecision } from "../comparison/decision.ts";
import type { SummaryRow } from "../experiment/network-size.ts";
import type { Confusion } from "../metrics/confusion.ts";
import type { ClassFigures, FiguresOf } from "../metrics/figures.ts";
import type { RankingFigure, VerdictFigure } from "../metrics/measures.ts";
import type { PairedRuns } from "../metrics/paired-tests.ts";
import type { JudgedImages, JudgedPart } from "../run/predictions.ts";
import type { Run } from "../run/run.ts";

/** A run's model on one part of its split. */
export interface PartFigures {
  readonly part: JudgedPart;
  readonly images: number;
  readonly threshold: number;
  readonly confusion: Confusion;
  readonly figures: FiguresOf<VerdictFigure | RankingFigure>;
  readonly classes: readonly ClassFigures[];
}

export interface ReportedRun {
  readonly run: Run;
  readonly findings: readonly RunFinding[];
  /** Null where the run has no model, or its model could not be judged. */
  readonly validation: PartFigures | null;
  readonly test: PartFigures | null;
  /** Why its model could not be judged, in English; empty where it was, or where there is none. */
  readonly problem: string;
  readonly weightBytes: number | null;
  /** Floating-point operations for a scan, all views; null where they are not known. */
  readonly operations: number | null;
  /** From pixels to a verdict, all views, as measured where the run's model was judged; null where it was not. */
  readonly millisecondsPerImage: number | null;
  /** Null where the network cannot be listed (one that is built on an imported backbone). */
  readonly summary: readonly SummaryRow[] | null;
}

/** What a run's model says of the images of each part, and where it decides; null where there is no model, or no image. */
export interface JudgedRun extends Readonly<
  Record<JudgedPart, (JudgedImages & { readonly threshold: number }) | null>
> {
  readonly run: Run;
}

/** One run's model against another's, on the same images. */
export interface ReportedComparison {
  readonly runId: string;
  readonly otherRunId: string;
  readonly part: JudgedPart;
  readonly comparison: ModelComparison;
  /** McNemar's p-value after Holm's correction over all comparisons with this run on this part. */
  readonly adjustedP: number;
  /** Over the seeds that both settings were trained with; null where these are fewer than two, or the settings are the same. */
  readonly seeds: PairedRuns | null;
  readonly isSameSetting: boolean;
  readonly verdict: ComparisonVerdict;
}

export interface ClassCounts {
  readonly name: string;
  /** Null where the dataset is not there any more. */
  readonly training: number | null;
  readonly validation: number;
  readonly test: number;
}

/** Runs on one split of one dataset, with all that is measured of each. */
export interface ExaminedRuns {
  readonly datasetId: string;
  readonly datasetName: string;
  readonly positiveClass: string;
  /** Images of each original class in each part of the split. */
  readonly classes: readonly ClassCounts[];
  /** Files that could not be read. */
  readonly unreadable: number;
  /** Oldest first. */
  readonly runs: readonly ReportedRun[];
  /** The same runs in the same order, to compare them by. */
  readonly judged: readonly JudgedRun[];
  readonly proposal: Proposal | null;
}

export interface ReportContents extends Omit<ExaminedRuns, "judged"> {
  /** Tamis' version. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** What the lead decided; null where nobody did, or for a run that is not one of these. */
  readonly decision: FinalDecision | null;
  /** What the lead decided for; else the proposed one. */
  readonly finalRunId: string | null;
  /** The final model against each other one. */
  readonly comparisons: readonly ReportedComparison[];
}
