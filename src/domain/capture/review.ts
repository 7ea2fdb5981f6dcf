/** Which captures a person looks at, and in which order. */
import type { Capture } from "./capture.ts";

/** `doubtful`: what the model left to the person. `sample`: drawn from what it was sure of. */
export type ReviewKind = "doubtful" | "sample";

/** Whether the model left it to the person, and the person has not decided yet. */
export function isToReview({ verdict, decision }: Pick<Capture, "verdict" | "decision">): boolean {
  return verdict === "to-review" && decision === null;
}

/**
 * What is left to look at, in the order the captures came in; skipped ones are left out.
 * @param sample ids, for the kind `sample`
 */
export function reviewQueue(
  captures: readonly Capture[],
  kind: ReviewKind,
  skipped: ReadonlySet<string>,
  sample: ReadonlySet<string>,
): Capture[] {
  return captures.filter((capture) => {
    if (skipped.has(capture.id)) return false;
    return kind === "doubtful" ? isToReview(capture) : sample.has(capture.id) && capture.decision === null;
  });
}
