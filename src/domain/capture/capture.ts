/** A capture is an image to classify: a page of a file, or a camera shot. */
import type { ImageStatistics } from "../drift/image-statistics.ts";
import type { FindingReason } from "../dataset/dataset.ts";

export type Verdict = "photo" | "not-photo" | "to-review";

/** What a person said of a capture. It overrides the model's verdict and is kept apart from it. */
export interface Decision {
  readonly verdict: "photo" | "not-photo";
  /** Milliseconds since 1970. */
  readonly decidedAt: number;
}

/** A classified capture, or one that could not be read (`verdict` null, `error` set). */
export interface Capture {
  readonly id: string;
  readonly batchId: string;
  /** Name or path of the file as the operator knows it. */
  readonly file: string;
  /** Of the file, in bytes; with path and `lastModified` it tells whether a file was classified before. Null where it was not kept (version 2). */
  readonly byteLength: number | null;
  /** Of the file, in milliseconds since 1970. */
  readonly lastModified: number | null;
  /** From 0. */
  readonly page: number;
  readonly createdAt: number;
  readonly modelId: string;
  /** P(positive), 0 to 1. */
  readonly probability: number | null;
  /** The model's. */
  readonly verdict: Verdict | null;
  /** The person's; null where nobody decided. */
  readonly decision: Decision | null;
  readonly error: { readonly reason: FindingReason; readonly detail: string } | null;
  /** What its pixels are like. Not there: it could not be read, or was classified before this was kept. */
  readonly statistics?: ImageStatistics;
}

/**
 * The verdict for a probability: inside the review band [low, high) a person decides, else photo where p ≥ threshold.
 */
export function verdictOf(
  probability: number,
  model: { readonly threshold: number; readonly reviewBand: { readonly low: number; readonly high: number } | null },
): Verdict {
  const band = model.reviewBand;
  if (band && probability >= band.low && probability < band.high) return "to-review";
  return probability >= model.threshold ? "photo" : "not-photo";
}

/** What counts: the person's verdict where there is one, else the model's; null where the file could not be read. */
export function effectiveVerdict({ decision, verdict }: Pick<Capture, "decision" | "verdict">): Verdict | null {
  return decision?.verdict ?? verdict;
}

/** Tells a file from its other versions: the same path, length and time of change are the same file. */
export function fileKey(path: string, byteLength: number | null, lastModified: number | null): string {
  return `${path}\n${byteLength ?? ""}\n${lastModified ?? ""}`;
}

/** The file's own name, without its folders. */
export function fileNameOf({ file }: Pick<Capture, "file">): string {
  return file.split("/").at(-1) ?? file;
}
