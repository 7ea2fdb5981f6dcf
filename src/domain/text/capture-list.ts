/** Classified captures as a list to hand on. */
import type { Capture } from "../capture/capture.ts";
import { toCsv } from "./csv.ts";

type ListedCapture = Pick<Capture, "file" | "page" | "probability" | "verdict" | "decision" | "error">;

/** Spreadsheets take a CSV for UTF-8 only where this stands before it; programs rather do without. */
export const byteOrderMark = "\ufeff";

/**
 * Columns file, page (from 0), probability, verdict (the model's), error, decision (the person's); the last two are empty where the file could be
 * read and where nobody decided.
 */
export function capturesToCsv(captures: readonly ListedCapture[]): string {
  return toCsv([
    ["file", "page", "probability", "verdict", "error", "decision"],
    ...captures.map((capture) => [
      capture.file,
      capture.page,
      capture.probability,
      capture.verdict,
      capture.error ? errorText(capture.error) : null,
      capture.decision?.verdict ?? null,
    ]),
  ]);
}

/**
 * A list of `{ file, page, probability, verdict }`; where a file could not be read both are null and `error` says why, and where a person decided
 * `decision` says what.
 */
export function capturesToJson(captures: readonly ListedCapture[]): string {
  const items = captures.map(({ file, page, probability, verdict, decision, error }) => ({
    file,
    page,
    probability,
    verdict,
    ...(error ? { error: errorText(error) } : {}),
    ...(decision ? { decision: decision.verdict } : {}),
  }));
  return `${JSON.stringify(items, null, 2)}\n`;
}

function errorText({ reason, detail }: NonNullable<Capture["error"]>): string {
  return detail === "" ? reason : `${reason}: ${detail}`;
}
