import { succeeded } from "../../../../src/contract/outcome.ts";
import type { ComparisonService } from "../../../../src/ui/services/comparison-service.ts";
import { someComparison, someExaminedRuns } from "../compared-samples.ts";
import { day } from "../samples.ts";
import type { FakeState } from "./state.ts";

export function fakeComparisons(fakes: FakeState): ComparisonService {
  return {
    decisions: fakes.decisions,
    decide: async (decision) => {
      fakes.note(`decide ${decision.runId} ${decision.reason}`);
      const before = fakes.decisions.value;
      fakes.decisions.set([{ ...decision, decidedAt: day }]);
      return async () => fakes.decisions.set(before);
    },
    takeBack: async (datasetId) => {
      fakes.note(`take back ${datasetId}`);
      const before = fakes.decisions.value;
      fakes.decisions.set([]);
      return async () => fakes.decisions.set(before);
    },
    examine: async (runs) => {
      fakes.note(`examine ${runs.map(({ id }) => id).join(" ")}`);
      return fakes.nextExamination ?? succeeded(someExaminedRuns(runs));
    },
    contents: async ({ judged: _judged, ...examined }) => ({
      ...examined,
      version: "0.1.0",
      createdAt: day,
      decision: fakes.decisions.value[0] ?? null,
      finalRunId: fakes.decisions.value[0]?.runId ?? examined.runs[0]!.run.id,
      comparisons: [],
    }),
    against: async (runId, { runs }, part) => {
      fakes.note(`against ${runId} ${part}`);
      return runs.flatMap(({ run }) => (run.id === runId ? [] : [someComparison(runId, run.id, part)]));
    },
  };
}
