/** What a report of experiments is written from: everything measured, with where it was measured. */
import type { RunFinding } from "../analysis/findings.ts";
import type { Proposal } from "../analysis/proposal.ts";
import type { ComparisonVerdict, ModelComparison } from "../comparison/comparison.ts";
import type { SummaryRow } from "../experiment/network-size.ts";
import type { Confusion } from "../metrics/confusion.ts";
import type { ClassFigures, FiguresOf } from "../metrics/figures.ts";
import type { RankingFigure, VerdictFigure } from "../metrics/measures.ts";
import type { PairedRuns } from "../metrics/paired-tests.ts";
import type { JudgedPart } from "../run/predictions.ts";
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
  readonly weightBytes: number | null;
  /** Floating-point operations for a scan, all views; null where they are not known. */
  readonly operations: number | null;
  /** Null where the network cannot be listed (one that is built on an imported backbone). */
  readonly summary: readonly SummaryRow[] | null;
}

/** The final model against another one, on the same images. */
export interface ReportedComparison {
  readonly finalRunId: string;
  readonly otherRunId: string;
  readonly part: JudgedPart;
  readonly comparison: ModelComparison;
  /** McNemar's p-value after Holm's correction over all comparisons of the report. */
  readonly adjustedP: number;
  readonly seeds: PairedRuns | null;
  readonly verdict: ComparisonVerdict;
}

export interface ReportContents {
  /** Tamis' version. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly datasetName: string;
  readonly positiveClass: string;
  /** Images of each original class in each part of the split. */
  readonly classes: readonly {
    readonly name: string;
    readonly training: number;
    readonly validation: number;
    readonly test: number;
  }[];
  /** Files that could not be read. */
  readonly unreadable: number;
  /** All on one split; oldest first. */
  readonly runs: readonly ReportedRun[];
  readonly proposal: Proposal | null;
  /** What the lead decided for; the proposed one where nobody did. */
  readonly finalRunId: string | null;
  readonly isDecided: boolean;
  readonly comparisons: readonly ReportedComparison[];
}
