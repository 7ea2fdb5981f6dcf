/** Classified captures as a list to hand on. */
import type { Capture } from "../capture/capture.ts";
import { toCsv } from "./csv.ts";

type ListedCapture = Pick<Capture, "file" | "page" | "probability" | "verdict" | "error">;

/** Spreadsheets take a CSV for UTF-8 only where this stands before it; programs rather do without. */
export const byteOrderMark = "\ufeff";

/** Columns file, page (from 0), probability, verdict, error; the last is empty where the file could be read. */
export function capturesToCsv(captures: readonly ListedCapture[]): string {
  return toCsv([
    ["file", "page", "probability", "verdict", "error"],
    ...captures.map((capture) => [
      capture.file,
      capture.page,
      capture.probability,
      capture.verdict,
      capture.error ? errorText(capture.error) : null,
    ]),
  ]);
}

/** A list of `{ file, page, probability, verdict }`; where a file could not be read both are null and `error` says why. */
export function capturesToJson(captures: readonly ListedCapture[]): string {
  const items = captures.map(({ file, page, probability, verdict, error }) => ({
    file,
    page,
    probability,
    verdict,
    ...(error ? { error: errorText(error) } : {}),
  }));
  return `${JSON.stringify(items, null, 2)}\n`;
}

function errorText({ reason, detail }: NonNullable<Capture["error"]>): string {
  return detail === "" ? reason : `${reason}: ${detail}`;
}
