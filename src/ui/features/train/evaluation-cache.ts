/** Evaluations made since the page was opened: going back to a run need not judge its images again. */
import type { Run } from "../../../domain/run/run.ts";
import type { RunEvaluation } from "../../services.ts";

const evaluations = new Map<string, RunEvaluation>();

/** A run that went on since has other weights. The verdicts hang on its positive class too. */
function keyOf(run: Run): string {
  return `${run.id} ${run.history.length} ${run.positiveClass}`;
}

export function knownEvaluation(run: Run): RunEvaluation | null {
  return evaluations.get(keyOf(run)) ?? null;
}

export function rememberEvaluation(run: Run, evaluation: RunEvaluation): void {
  evaluations.set(keyOf(run), evaluation);
}
