/** The model that the lead decided for, of the runs that were compared. One a dataset: deciding again takes the place of it. */
export interface FinalDecision {
  readonly datasetId: string;
  readonly runId: string;
  /** In the lead's own words. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly decidedAt: number;
  /** What was on the table, the chosen one included. */
  readonly comparedRunIds: readonly string[];
  /** What Tamis proposed then; null where it proposed nothing. */
  readonly proposedRunId: string | null;
}
