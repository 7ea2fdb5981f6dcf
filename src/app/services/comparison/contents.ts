/** What a report is written from: runs as they were examined, with what was decided, and the final model against each other one. */
import type { FinalDecision } from "../../../domain/comparison/decision.ts";
import type { ExaminedRuns, ReportContents } from "../../../domain/report/contents.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import { compareAgainst } from "./against.ts";

export interface ReportOptions {
  /** Of Tamis. */
  readonly version: string;
  /** The lead's; left out of the report where it is for a run that is not one of these. */
  readonly decision: FinalDecision | null;
}

export async function reportContents(
  { judged, ...examined }: ExaminedRuns,
  { version, decision }: ReportOptions,
  signal: AbortSignal,
): Promise<ReportContents> {
  const decided = judged.some(({ run }) => run.id === decision?.runId) ? decision : null;
  const finalRunId = decided?.runId ?? examined.proposal?.proposed.runId ?? null;
  // On the test images where there are any, which the choice has not looked at.
  const final = judged.find(({ run }) => run.id === finalRunId);
  const part: JudgedPart = final?.test ? "test" : "validation";
  const comparisons = finalRunId === null ? [] : await compareAgainst(finalRunId, judged, part, signal);
  return { ...examined, version, createdAt: Date.now(), decision: decided, finalRunId, comparisons };
}
