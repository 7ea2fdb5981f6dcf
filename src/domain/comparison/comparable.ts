/** Which runs may be compared image by image: those that were judged on the very same images, and learnt from the very same ones. */
import { isSameSplit } from "../dataset/split-types.ts";
import type { Run } from "../run/run.ts";

/** Why a run cannot be compared with the others, the first that holds: other images, another question, or other parts of the same images. */
export type Incomparability = "other-dataset" | "other-class" | "other-split";

export interface Comparability {
  readonly comparable: readonly Run[];
  readonly others: readonly { readonly run: Run; readonly reason: Incomparability }[];
}

function incomparability(a: Run, b: Run): Incomparability | null {
  if (a.datasetId !== b.datasetId) return "other-dataset";
  if (a.positiveClass !== b.positiveClass) return "other-class";
  return isSameSplit(a.split, b.split) ? null : "other-split";
}

/** Takes the largest group of runs that may be compared; of several that large, the one whose run stands first. Keeps the order of the runs. */
export function comparableRuns(runs: readonly Run[]): Comparability {
  const groups: Run[][] = [];
  for (const run of runs) {
    const group = groups.find(([first]) => first && incomparability(first, run) === null);
    if (group) group.push(run);
    else groups.push([run]);
  }
  const comparable = groups.reduce<Run[]>((largest, group) => (group.length > largest.length ? group : largest), []);
  const [first] = comparable;
  const others = runs.flatMap((run) => {
    const reason = first ? incomparability(first, run) : null;
    return reason ? [{ run, reason }] : [];
  });
  return { comparable, others };
}

/** Everything that makes a run but its seed: runs of one setting are told apart by chance alone. */
export function settingOf({ experiment }: Pick<Run, "experiment">): string {
  return JSON.stringify({ ...experiment, seed: 0 });
}
