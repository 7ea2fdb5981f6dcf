/** The comparison of runs, as screens ask for it. What it takes is loaded when somebody compares: the first screen does without. */
import { failureOf, type Outcome } from "../../../contract/outcome.ts";
import type { ExaminedRuns, ReportedComparison } from "../../../domain/report/contents.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import type { Run } from "../../../domain/run/run.ts";
import type { ComparisonService } from "../../../ui/comparison-service.ts";
import type { Progress } from "../../../ui/services.ts";
import type { ExaminationParts } from "./examine.ts";

export class Comparisons implements ComparisonService {
  readonly #parts: ExaminationParts;

  constructor(parts: ExaminationParts) {
    this.#parts = parts;
  }

  async examine(
    runs: readonly Run[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ExaminedRuns>> {
    try {
      const { examineRuns } = await import("./examine.ts");
      return await examineRuns(runs, this.#parts, onProgress, signal);
    } catch (error) {
      return failureOf(error);
    }
  }

  async against(
    runId: string,
    { judged }: ExaminedRuns,
    part: JudgedPart,
    signal: AbortSignal,
  ): Promise<readonly ReportedComparison[]> {
    const { compareAgainst } = await import("./against.ts");
    return compareAgainst(runId, judged, part, signal);
  }
}
