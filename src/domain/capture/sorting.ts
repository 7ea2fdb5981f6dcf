/** Sorting a batch's files into folders: what goes where, under which name. Nothing is touched here; this is the dry run. */
import { safeFileName } from "../text/file-name.ts";
import { type Capture, effectiveVerdict, type Verdict } from "./capture.ts";

/** Where files may go; `unreadable` for those that no verdict was possible for. */
export const sortingGroups = ["photo", "not-photo", "to-review", "unreadable"] as const;
export type SortingGroup = (typeof sortingGroups)[number];

export interface SortingOptions {
  /** The folder of each group that is wanted; groups without one stay where they are. */
  readonly folders: Readonly<Partial<Record<SortingGroup, string>>>;
  /** Whether the folders that a file lies in are made again below its group's. */
  readonly keepsFolders: boolean;
}

export interface SortedFile {
  /** `Capture.file` */
  readonly file: string;
  readonly byteLength: number | null;
  readonly group: SortingGroup;
  /** Below the chosen folder, `/` between parts. Another name is taken where this one is not free. */
  readonly target: string;
}

/**
 * A file's verdict from those of its pages: theirs where they agree, to review where they do not, unreadable where none could be read.
 */
export function groupOf(pages: readonly Pick<Capture, "decision" | "verdict">[]): SortingGroup {
  const verdicts = new Set(pages.map(effectiveVerdict).filter((verdict): verdict is Verdict => verdict !== null));
  const [only] = verdicts;
  if (only === undefined) return "unreadable";
  return verdicts.size === 1 ? only : "to-review";
}

/** Files in the order of their first page. */
export function planSorting(captures: readonly Capture[], options: SortingOptions): SortedFile[] {
  const pagesOf = new Map<string, Capture[]>();
  for (const capture of captures) {
    const pages = pagesOf.get(capture.file);
    if (pages) pages.push(capture);
    else pagesOf.set(capture.file, [capture]);
  }
  const planned: SortedFile[] = [];
  for (const [file, pages] of pagesOf) {
    const group = groupOf(pages);
    const folder = options.folders[group];
    if (folder === undefined) continue;
    const parts = file.split("/").filter((part) => part !== "" && part !== "." && part !== "..");
    const name = parts.pop() ?? "file";
    const below = options.keepsFolders ? parts.map((part) => safeFileName(part, "folder")) : [];
    planned.push({
      file,
      byteLength: pages[0]!.byteLength,
      group,
      target: [safeFileName(folder, group), ...below, safeTarget(name)].join("/"),
    });
  }
  return planned;
}

/** The name as every system takes it, with its ending whatever its length. */
function safeTarget(name: string): string {
  const { stem, ending } = partsOf(name);
  return `${safeFileName(stem, "file")}${ending}`;
}

function partsOf(name: string): { readonly stem: string; readonly ending: string } {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? "";
  return { stem: name.slice(0, name.length - ending.length), ending };
}

/** `scan.jpg`, `scan (2).jpg`, `scan (3).jpg`, …: `attempt` counts from 1. */
export function alternativeName(name: string, attempt: number): string {
  if (attempt === 1) return name;
  const { stem, ending } = partsOf(name);
  return `${stem} (${attempt})${ending}`;
}

/** How many files of a plan each group has. */
export function groupCounts(plan: readonly SortedFile[]): Readonly<Record<SortingGroup, number>> {
  const counts = { photo: 0, "not-photo": 0, "to-review": 0, unreadable: 0 };
  for (const { group } of plan) counts[group] += 1;
  return counts;
}
