/** Where the evidence lies, in words that need no eyes. */
import type { HeatMap } from "./heat-map.ts";

export const placeRows = ["top", "middle", "bottom"] as const;
export const placeColumns = ["left", "centre", "right"] as const;
export type PlaceRow = (typeof placeRows)[number];
export type PlaceColumn = (typeof placeColumns)[number];

/** What speaks for: a photo (the positive numbers of a map), or against it (the negative ones). */
export const evidenceSides = ["photo", "not-photo"] as const;
export type EvidenceSide = (typeof evidenceSides)[number];

export interface EvidencePlace {
  readonly row: PlaceRow;
  readonly column: PlaceColumn;
  /** Of the strong evidence of that side, in this ninth of the picture. */
  readonly share: number;
}

/** What a cell says for a side; 0 where it says nothing for it, or is not seen. */
export function evidenceAt(value: number, side: EvidenceSide): number {
  return Math.max(0, side === "photo" ? value : -value) || 0;
}

/** What is at least half as strong as the strongest cell is strong evidence: what the eye is drawn to. */
const strong = 0.5;
/** Where at least this share of the strong evidence lies in one ninth of the picture, that ninth is named. */
const concentrated = 0.4;

/** The strongest cell of a side, and of both: what colours stand for is the same on both sides, so that little evidence looks like little. */
export function mostEvidence({ lowest, highest }: HeatMap, side: EvidenceSide): { own: number; either: number } {
  const [forPhoto, against] = [Math.max(0, highest) || 0, Math.max(0, -lowest) || 0];
  return { own: side === "photo" ? forPhoto : against, either: Math.max(forPhoto, against) };
}

/** A side whose strongest cell is below this share of the other side's has hardly any evidence. */
const hardly = 0.1;

/**
 * The ninth of the picture with the most of the strong evidence.
 * @returns `spread` where none stands out, `hardly` where the other side has ten times as much, null where nothing speaks for that side
 */
export function placeOfEvidence(map: HeatMap, side: EvidenceSide): EvidencePlace | "spread" | "hardly" | null {
  const { columns, rows, values } = map;
  const { own: most, either } = mostEvidence(map, side);
  if (most === 0) return null;
  if (most < hardly * either) return "hardly";
  const sums = new Float64Array(9);
  for (const [i, value] of values.entries()) {
    const row = Math.floor(((Math.floor(i / columns) + 0.5) / rows) * 3);
    const column = Math.floor((((i % columns) + 0.5) / columns) * 3);
    const evidence = evidenceAt(value, side);
    if (evidence >= strong * most) sums[row * 3 + column]! += evidence;
  }
  const total = sums.reduce((sum, part) => sum + part, 0);
  const strongest = sums.indexOf(Math.max(...sums));
  const share = sums[strongest]! / total;
  if (share < concentrated) return "spread";
  return { row: placeRows[Math.floor(strongest / 3)]!, column: placeColumns[strongest % 3]!, share };
}
