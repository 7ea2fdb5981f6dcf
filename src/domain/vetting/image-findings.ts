/** What vetting finds among readable images: each finding is a list of images with a reason, to be decided about by a person. */
import type { KnownDuplicates } from "../dataset/leakage.ts";
import type { VettedImage } from "./choices.ts";

export const imageFindingKinds = ["label-conflict", "exact-duplicates", "near-duplicates", "too-small"] as const;
export type ImageFindingKind = (typeof imageFindingKinds)[number];

export interface ImageFinding {
  readonly kind: ImageFindingKind;
  readonly images: readonly VettedImage[];
  /** Somebody decided: at most one image is left, or each that is left was said to stay. */
  readonly isSettled: boolean;
}

/** An image with a shorter side below this shows a network little, in pixels. */
export const smallestSide = 32;

/** In the order of the kinds; of a group of duplicates only what weighs most is told: a conflict before the same bytes before likeness. */
export function imageFindings(images: readonly VettedImage[], duplicates: KnownDuplicates | null): ImageFinding[] {
  const byId = new Map(images.map((vetted) => [vetted.image.imageId, vetted]));
  const groupOf = (ids: readonly string[]): VettedImage[] => ids.flatMap((id) => byId.get(id) ?? []);
  const exactIds = new Set((duplicates?.exact ?? []).map(keyOf));
  const findings: ImageFinding[] = [];
  const add = (kind: ImageFindingKind, group: readonly VettedImage[]): void => {
    findings.push({ kind, images: group, isSettled: isSettled(kind, group) });
  };
  for (const ids of duplicates?.near ?? []) {
    const group = groupOf(ids);
    if (group.length < 2) continue;
    const classes = new Set(group.map(({ folderClass }) => folderClass));
    if (classes.size > 1) add("label-conflict", group);
    else add(exactIds.has(keyOf(ids)) ? "exact-duplicates" : "near-duplicates", group);
  }
  for (const vetted of images) {
    if (Math.min(vetted.image.width, vetted.image.height) < smallestSide) add("too-small", [vetted]);
  }
  const rank = (kind: ImageFindingKind) => imageFindingKinds.indexOf(kind);
  return findings.sort((a, b) => rank(a.kind) - rank(b.kind));
}

function isSettled(kind: ImageFindingKind, group: readonly VettedImage[]): boolean {
  const left = group.filter(({ choice }) => choice?.verdict !== "left-out");
  if (left.every(({ choice }) => choice?.verdict === "kept")) return true;
  if (kind === "label-conflict") return new Set(left.map(({ image }) => image.className)).size < 2;
  return kind !== "too-small" && left.length < 2;
}

function keyOf(ids: readonly string[]): string {
  return [...ids].sort().join("\n");
}
