/** A dataset's images as a person looks through them: each with all that is known of it, filtered and in an order. Computed without any pixels. */
import type { KnownDuplicates } from "../dataset/leakage.ts";
import { type Split, type SplitPart, splitParts } from "../dataset/split-types.ts";
import type { ImageChoice, VettedImage } from "../vetting/choices.ts";
import { type ImageFinding, type ImageFindingKind, imageFindings } from "../vetting/image-findings.ts";

export interface CatalogueImage extends VettedImage {
  readonly isPositive: boolean;
  /** Null where the split has no place for it (it is left out, or came later), or no split is known. */
  readonly part: SplitPart | null;
  /** Those that nobody settled yet. */
  readonly findings: readonly ImageFindingKind[];
  /** Null for images of an old import. */
  readonly colourfulness: number | null;
  /** What a search looks in: path and classes, folded. */
  readonly words: string;
}

export interface CatalogueSources {
  readonly images: readonly VettedImage[];
  readonly positiveClass: string;
  readonly duplicates: KnownDuplicates | null;
  readonly colourfulness: ReadonlyMap<string, number>;
  readonly split: Split | null;
}

/** In the order of `images`. */
export function catalogueOf(sources: CatalogueSources): CatalogueImage[] {
  const { images, positiveClass, duplicates, colourfulness, split } = sources;
  const partOf = new Map<string, SplitPart>();
  if (split) for (const part of splitParts) for (const id of split[part]) partOf.set(id, part);
  const findingsOf = openFindings(imageFindings(images, duplicates));
  return images.map(({ image, folderClass, choice }) => ({
    ...{ image, folderClass, choice },
    isPositive: image.className === positiveClass,
    part: choice?.verdict === "left-out" ? null : (partOf.get(image.imageId) ?? null),
    findings: findingsOf.get(image.imageId) ?? [],
    colourfulness: colourfulness.get(image.imageId) ?? null,
    words: folded(image.className === folderClass ? image.path : `${image.path} ${image.className}`),
  }));
}

function openFindings(findings: readonly ImageFinding[]): Map<string, ImageFindingKind[]> {
  const kinds = new Map<string, ImageFindingKind[]>();
  for (const { kind, images, isSettled } of findings) {
    if (isSettled) continue;
    for (const { image } of images) {
      const known = kinds.get(image.imageId);
      if (!known) kinds.set(image.imageId, [kind]);
      else if (!known.includes(kind)) known.push(kind);
    }
  }
  return kinds;
}

const isAscii = /^[\0-\x7f]*$/;

/** Without case and accents: « Dégâts » is found by “degats”. */
function folded(text: string): string {
  // Most paths have no accents, and there are tens of thousands of them.
  if (isAscii.test(text)) return text.toLowerCase();
  return text
    .normalize("NFD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase();
}

export function isLeftOut({ choice }: { readonly choice: ImageChoice | null }): boolean {
  return choice?.verdict === "left-out";
}

/** `null`: not filtered by. */
export interface CatalogueFilter {
  /** Words that must all occur in the path, in any order; empty for any image. */
  readonly text: string;
  readonly className: string | null;
  readonly isPositive: boolean | null;
  readonly part: SplitPart | null;
  readonly finding: ImageFindingKind | "any" | null;
  readonly state: CatalogueState | null;
}

/** `moved`: trained as another class than its folder's. */
export const catalogueStates = ["used", "left-out", "moved"] as const;
export type CatalogueState = (typeof catalogueStates)[number];

export const noFilter: CatalogueFilter = {
  text: "",
  className: null,
  isPositive: null,
  part: null,
  finding: null,
  state: null,
};

/** `size`: pixels of the image as decoded. */
export const catalogueOrders = ["name", "largest", "smallest", "most-colourful", "least-colourful"] as const;
export type CatalogueOrder = (typeof catalogueOrders)[number];

/** The images that pass the filter, in this order; equals, and all under `name`, in the order of `images`, which is that of their paths. */
export function selectImages(
  images: readonly CatalogueImage[],
  filter: CatalogueFilter,
  order: CatalogueOrder,
): CatalogueImage[] {
  const words = folded(filter.text).split(/\s+/).filter(Boolean);
  const passing = images.filter((candidate) => passes(candidate, filter, words));
  if (order === "name") return passing;
  const sign = order === "largest" || order === "most-colourful" ? -1 : 1;
  const valueOf = (candidate: CatalogueImage): number | null =>
    order === "largest" || order === "smallest"
      ? candidate.image.width * candidate.image.height
      : candidate.colourfulness;
  // What is not known comes last either way.
  return passing
    .map((candidate) => ({ candidate, key: sign * (valueOf(candidate) ?? sign * Number.POSITIVE_INFINITY) }))
    .sort((a, b) => (a.key === b.key ? 0 : a.key - b.key))
    .map(({ candidate }) => candidate);
}

function passes(candidate: CatalogueImage, filter: CatalogueFilter, words: readonly string[]): boolean {
  const { className, isPositive, part, finding, state } = filter;
  if (className !== null && candidate.image.className !== className) return false;
  if (isPositive !== null && candidate.isPositive !== isPositive) return false;
  if (part !== null && candidate.part !== part) return false;
  if (finding === "any" && candidate.findings.length === 0) return false;
  if (finding !== null && finding !== "any" && !candidate.findings.includes(finding)) return false;
  if (state !== null && !isInState(candidate, state)) return false;
  return words.every((word) => candidate.words.includes(word));
}

function isInState(candidate: CatalogueImage, state: CatalogueState): boolean {
  switch (state) {
    case "used":
      return !isLeftOut(candidate);
    case "left-out":
      return isLeftOut(candidate);
    case "moved":
      return candidate.image.className !== candidate.folderClass;
  }
}
