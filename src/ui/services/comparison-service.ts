import type { Outcome } from "../../contract/outcome.ts";
import type { FinalDecision } from "../../domain/comparison/decision.ts";
import type { ExaminedRuns, ReportContents, ReportedComparison } from "../../domain/report/contents.ts";
import type { JudgedPart } from "../../domain/run/predictions.ts";
import type { Run } from "../../domain/run/run.ts";
import type { Progress } from "./progress.ts";
import type { Store } from "./store.ts";

/** Runs against each other. */
export interface ComparisonService {
  /** One a dataset at most. That of a run that was deleted stays. */
  readonly decisions: Store<readonly FinalDecision[]>;
  /** Keeps what was decided, in the place of what was decided for the dataset before. Returns a function that undoes it (until the page is left). */
  decide(decision: Omit<FinalDecision, "decidedAt">): Promise<() => Promise<void>>;
  /** The dataset has no decision then. Returns a function that undoes it (until the page is left). */
  takeBack(datasetId: string): Promise<() => Promise<void>>;
  /**
   * Judges each run's model where it was not yet, and measures it: seconds for a few runs, more for large datasets.
   * @param runs all on one split of one dataset; others are refused with `bad-input`
   */
  examine(
    runs: readonly Run[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ExaminedRuns>>;
  /** One run against each other one on the images of a part, corrected for how many these are; empty where its model was not judged on it. */
  against(
    runId: string,
    examined: ExaminedRuns,
    part: JudgedPart,
    signal: AbortSignal,
  ): Promise<readonly ReportedComparison[]>;
  /** What a report is written from, with what was decided. */
  contents(examined: ExaminedRuns, signal: AbortSignal): Promise<ReportContents>;
}
