/** One run against each other one on the same images, corrected for how many these are. */
import {
  compareModels,
  compareSeeds,
  correctedPValues,
  type ModelComparison,
  scoreOf,
  type ScoresBySeed,
  verdictOf,
} from "../../../domain/comparison/comparison.ts";
import { settingOf } from "../../../domain/comparison/comparable.ts";
import type { JudgedRun, ReportedComparison } from "../../../domain/report/contents.ts";
import type { JudgedPart } from "../../../domain/run/predictions.ts";
import type { Run } from "../../../domain/run/run.ts";
import { breathe } from "./breathe.ts";

/** @returns in the order of `judged`; empty where the run's model was not judged on this part. What is done when the signal aborts is dropped. */
export async function compareAgainst(
  runId: string,
  judged: readonly JudgedRun[],
  part: JudgedPart,
  signal: AbortSignal,
): Promise<ReportedComparison[]> {
  const one = judged.find(({ run }) => run.id === runId);
  const own = one?.[part];
  if (!one || !own) return [];
  const compared: { readonly other: JudgedRun; readonly comparison: ModelComparison }[] = [];
  for (const other of judged) {
    const theirs = other[part];
    if (other === one || !theirs) continue;
    await breathe();
    if (signal.aborted) return [];
    const comparison = compareModels(own, theirs);
    if (comparison) compared.push({ other, comparison });
  }
  const adjusted = correctedPValues(compared.map(({ comparison }) => comparison));
  const scores = scoresBySeed(one.run, judged, part);
  return compared.map(({ other, comparison }, index) => {
    const isSameSetting = settingOf(other.run) === settingOf(one.run);
    const seeds = isSameSetting ? null : compareSeeds(scores, scoresBySeed(other.run, judged, part));
    const adjustedP = adjusted[index]!;
    const verdict = verdictOf(comparison, adjustedP, seeds);
    return { runId, otherRunId: other.run.id, part, comparison, adjustedP, seeds, isSameSetting, verdict };
  });
}

function scoresBySeed(run: Run, judged: readonly JudgedRun[], part: JudgedPart): ScoresBySeed {
  const alike = judged.filter((other) => settingOf(other.run) === settingOf(run));
  return new Map(
    alike.flatMap((other) => {
      const images = other[part];
      return images ? [[other.run.experiment.seed, scoreOf(images)] as const] : [];
    }),
  );
}
