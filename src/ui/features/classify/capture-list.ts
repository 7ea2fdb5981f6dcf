/** Which captures are shown, and in which order. */
import { type Capture, effectiveVerdict, type Verdict } from "../../../domain/capture/capture.ts";

export const captureFilters = ["all", "photo", "not-photo", "to-review", "unreadable"] as const;
export type CaptureFilter = (typeof captureFilters)[number];

export const captureOrders = ["newest", "oldest", "most-photo", "least-photo", "name"] as const;
export type CaptureOrder = (typeof captureOrders)[number];

function filterOf(capture: Capture): Verdict | "unreadable" {
  return effectiveVerdict(capture) ?? "unreadable";
}

/** How many captures each filter shows. */
export function countCaptures(captures: readonly Capture[]): Readonly<Record<CaptureFilter, number>> {
  const counts = { all: captures.length, photo: 0, "not-photo": 0, "to-review": 0, unreadable: 0 };
  for (const capture of captures) counts[filterOf(capture)] += 1;
  return counts;
}

/** The captures of a filter in an order; unreadable ones come last where the order is by probability. */
export function arrangeCaptures(
  captures: readonly Capture[],
  filter: CaptureFilter,
  order: CaptureOrder,
  locale: string,
): Capture[] {
  const shown = filter === "all" ? [...captures] : captures.filter((capture) => filterOf(capture) === filter);
  switch (order) {
    case "oldest":
      return shown;
    case "newest":
      return shown.reverse();
    case "most-photo":
      return shown.sort((a, b) => (b.probability ?? -1) - (a.probability ?? -1));
    case "least-photo":
      return shown.sort((a, b) => (a.probability ?? 2) - (b.probability ?? 2));
    case "name": {
      const collator = new Intl.Collator(locale, { numeric: true });
      return shown.sort((a, b) => collator.compare(a.file, b.file) || a.page - b.page);
    }
  }
}
