/** A batch is captures that came in together and are judged by one model. */
import { type Capture, effectiveVerdict } from "./capture.ts";

/** Where a batch comes from: loose files, a folder, the camera, a folder that is watched for new files, another app. */
export const batchSources = ["files", "folder", "camera", "watched", "shared"] as const;
export type BatchSource = (typeof batchSources)[number];

/** `interrupted`: its tab was closed, or the engine died, before it was done. A watched folder's batch is `running` while it is watched. */
export type BatchStatus = "running" | "paused" | "interrupted" | "finished";

/** By what counts (see `effectiveVerdict`), except the last four. */
export interface BatchCounts {
  /** Captures that have a probability. */
  readonly pages: number;
  readonly photo: number;
  readonly notPhoto: number;
  readonly toReview: number;
  /** Files, or pages of files, that could not be read. */
  readonly unreadable: number;
  /** Captures that a person decided. */
  readonly decided: number;
  /** Of those, the ones that the model had a verdict of its own for: only these can agree or not. */
  readonly compared: number;
  /** Of those, the ones where the person said otherwise. */
  readonly overruled: number;
  /** Captures that the model itself left to the person. */
  readonly doubtful: number;
}

export interface Batch {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly changedAt: number;
  readonly modelId: string;
  /** As it was called then: the model may be deleted since. */
  readonly modelName: string;
  readonly source: BatchSource;
  readonly status: BatchStatus;
  /** Files that were handed in so far. */
  readonly files: number;
  /** Of those, the files that are classified or known to be unreadable. */
  readonly doneFiles: number;
  /** Spent classifying. */
  readonly seconds: number;
  readonly counts: BatchCounts;
}

export const noCounts: BatchCounts = {
  pages: 0,
  photo: 0,
  notPhoto: 0,
  toReview: 0,
  unreadable: 0,
  decided: 0,
  compared: 0,
  overruled: 0,
  doubtful: 0,
};

export function countsOf(captures: Iterable<Capture>): BatchCounts {
  const counts = { ...noCounts };
  for (const capture of captures) {
    const { verdict, decision } = capture;
    if (verdict === null) {
      counts.unreadable += 1;
      continue;
    }
    counts.pages += 1;
    if (verdict === "to-review") counts.doubtful += 1;
    if (decision) {
      counts.decided += 1;
      if (verdict !== "to-review") counts.compared += 1;
      if (verdict !== "to-review" && verdict !== decision.verdict) counts.overruled += 1;
    }
    const effective = effectiveVerdict(capture);
    if (effective === "photo") counts.photo += 1;
    else if (effective === "not-photo") counts.notPhoto += 1;
    else counts.toReview += 1;
  }
  return counts;
}

/** Files among captures: a file of several pages counts once. */
export function filesAmong(captures: Iterable<Pick<Capture, "file">>): number {
  return new Set(Array.from(captures, ({ file }) => file)).size;
}

/** Whether more loose captures go into this batch: it is of the same kind, and by the model that classifies now. */
export function takesMore(batch: Batch, source: BatchSource, modelId: string): boolean {
  const isLoose = (kind: BatchSource): boolean => kind === "files" || kind === "camera" || kind === "shared";
  return batch.modelId === modelId && isLoose(batch.source) && isLoose(source);
}
