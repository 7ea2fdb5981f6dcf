/** What became of each file of a sorting. */
import { toCsv } from "./csv.ts";

export interface SortingLogRow {
  readonly file: string;
  /** Where it lies now, below the chosen folder; empty where it was not found. */
  readonly target: string;
  readonly outcome: "copied" | "moved" | "already-there" | "missing";
}

/** Columns file, target, outcome. */
export function sortingLogToCsv(rows: readonly SortingLogRow[]): string {
  return toCsv([["file", "target", "outcome"], ...rows.map(({ file, target, outcome }) => [file, target, outcome])]);
}
