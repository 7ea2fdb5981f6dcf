/** The kinds of findings in the order of their lists: what is to be decided about images first, then files that are no images of the dataset. */
import type { Finding, FindingReason } from "../../../../domain/dataset/dataset.ts";
import {
  type ImageFinding,
  type ImageFindingKind,
  imageFindingKinds,
} from "../../../../domain/vetting/image-findings.ts";

export const fileFindingKinds = ["unreadable", "empty", "not-an-image", "unplaced", "already-there"] as const;
export type FileFindingKind = (typeof fileFindingKinds)[number];

export type FindingKind = ImageFindingKind | FileFindingKind;
export const findingKinds = [...imageFindingKinds, ...fileFindingKinds] as const satisfies readonly FindingKind[];

export function isImageKind(kind: FindingKind): kind is ImageFindingKind {
  return (imageFindingKinds as readonly FindingKind[]).includes(kind);
}

export function fileKindOf(reason: FindingReason): FileFindingKind {
  switch (reason) {
    case "empty":
    case "not-an-image":
    case "already-there":
      return reason;
    case "system-file":
      return "not-an-image";
    case "without-class":
    case "unsafe-path":
      return "unplaced";
    case "unsupported-format":
    case "damaged":
    case "too-large":
    case "unreadable":
    case "encrypted":
      return "unreadable";
  }
}

/** Everything that was found of one dataset, by kind. */
export interface FindingLists {
  readonly images: Readonly<Record<ImageFindingKind, readonly ImageFinding[]>>;
  readonly files: Readonly<Record<FileFindingKind, readonly Finding[]>>;
}

export function listsOf(images: readonly ImageFinding[], files: readonly Finding[]): FindingLists {
  const imagesOf = (kind: ImageFindingKind) => images.filter((finding) => finding.kind === kind);
  const filesOf = (kind: FileFindingKind) => files.filter(({ reason }) => fileKindOf(reason) === kind);
  return {
    images: {
      "label-conflict": imagesOf("label-conflict"),
      "exact-duplicates": imagesOf("exact-duplicates"),
      "near-duplicates": imagesOf("near-duplicates"),
      "too-small": imagesOf("too-small"),
    },
    files: {
      unreadable: filesOf("unreadable"),
      empty: filesOf("empty"),
      "not-an-image": filesOf("not-an-image"),
      unplaced: filesOf("unplaced"),
      "already-there": filesOf("already-there"),
    },
  };
}

export function countOf(lists: FindingLists, kind: FindingKind): number {
  return isImageKind(kind) ? lists.images[kind].length : lists.files[kind].length;
}

/** Images lie in one group of duplicates at most, so the first tells a finding of its kind apart. */
export function keyOf({ kind, images }: ImageFinding): string {
  return `${kind} ${images[0]?.image.imageId ?? ""}`;
}
