/** The comparison of runs, as screens ask for it. What it takes is loaded when somebody compares: the first screen does without. */
import { version } from "../../../../package.json";
import { failureOf, type Outcome } from "../../../contract/outcome.ts";
import type { FinalDecision } from "../../../domain/comparison/decision.ts";
import type { ExaminedRuns, ReportContents, ReportedComparison } from "../../../domain/report/contents.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import type { Run } from "../../../domain/run/run.ts";
import { deleteDecision, getDecision, listDecisions, putDecision } from "../../../storage/decisions.ts";
import type { ComparisonService } from "../../../ui/services/comparison-service.ts";
import type { Progress } from "../../../ui/services/progress.ts";
import { MutableStore } from "../mutable-store.ts";
import type { Tabs } from "../tabs.ts";
import type { ExaminationParts } from "./examine.ts";

export interface ComparisonParts extends ExaminationParts {
  readonly tabs: Tabs;
}

export class Comparisons implements ComparisonService {
  readonly decisions = new MutableStore<readonly FinalDecision[]>([]);
  readonly #parts: ComparisonParts;

  constructor(parts: ComparisonParts) {
    this.#parts = parts;
    parts.tabs.listen((news) => {
      if (news.type === "changed" && news.what === "decisions") void this.load();
    });
  }

  /** Reads what is stored. */
  async load(): Promise<void> {
    this.decisions.set(await listDecisions());
  }

  async decide(decision: Omit<FinalDecision, "decidedAt">): Promise<() => Promise<void>> {
    return this.#replace(decision.datasetId, { ...decision, decidedAt: Date.now() });
  }

  takeBack(datasetId: string): Promise<() => Promise<void>> {
    return this.#replace(datasetId, null);
  }

  async #replace(datasetId: string, decision: FinalDecision | null): Promise<() => Promise<void>> {
    const before = await getDecision(datasetId);
    await (decision ? putDecision(decision) : deleteDecision(datasetId));
    this.#parts.tabs.tell({ type: "changed", what: "decisions" });
    await this.load();
    return async () => {
      await this.#replace(datasetId, before ?? null);
    };
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

  async contents(examined: ExaminedRuns, signal: AbortSignal): Promise<ReportContents> {
    const { reportContents } = await import("./contents.ts");
    const decision = this.decisions.value.find(({ datasetId }) => datasetId === examined.datasetId) ?? null;
    return reportContents(examined, { version, decision }, signal);
  }
}
