/** A capture is an image to classify: a page of a file, or a camera shot. */
import type { FindingReason } from "../dataset/dataset.ts";

export type Verdict = "photo" | "not-photo" | "to-review";

/** A classified capture, or one that could not be read (`verdict` null, `error` set). */
export interface Capture {
  readonly id: string;
  readonly batchId: string;
  /** Name or path of the file as the operator knows it. */
  readonly file: string;
  /** From 0. */
  readonly page: number;
  readonly createdAt: number;
  readonly modelId: string;
  /** P(positive), 0 to 1. */
  readonly probability: number | null;
  readonly verdict: Verdict | null;
  readonly error: { readonly reason: FindingReason; readonly detail: string } | null;
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
