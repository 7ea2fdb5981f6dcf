/** Leakage: what a held-out part has in common with the images before it, so that a network does better on it than it should. */
import { type DatasetImage, knownSourceOf } from "./dataset.ts";
import type { Split } from "./split-types.ts";

/** Images that show the same, as groups of image ids. */
export interface KnownDuplicates {
  /** The same bytes. */
  readonly exact: readonly (readonly string[])[];
  /** The same picture: rescaled, re-encoded, turned, slightly cropped. Holds the exact ones too. */
  readonly near: readonly (readonly string[])[];
  /** The near ones, joined by images that are too much alike to be told from them: a split keeps these on one side. Earlier searches told none. */
  readonly alike?: readonly (readonly string[])[];
}

/** How many images of a part have their like in a part before it. */
export interface PartLeakage {
  /** Null where nobody looked for duplicates. */
  readonly exact: number | null;
  readonly near: number | null;
  /** Whose source has images there too; null where the files do not say where they come from. */
  readonly source: number | null;
}

export interface Leakage {
  /** Against the training part. */
  readonly validation: PartLeakage;
  /** Against the training and the validation part; null where there is no test part. */
  readonly test: PartLeakage | null;
}

/** @param duplicates null where nobody looked for them */
export function leakageOf(
  split: Split,
  images: readonly Pick<DatasetImage, "imageId" | "path">[],
  duplicates: KnownDuplicates | null,
): Leakage {
  const pathOf = new Map(images.map(({ imageId, path }) => [imageId, path]));
  const sources = new Map<string, string>();
  for (const id of [...split.training, ...split.validation, ...split.test]) {
    const source = knownSourceOf(pathOf.get(id) ?? id);
    if (source !== null) sources.set(id, source);
  }
  const exact = duplicates && keysOf(duplicates.exact);
  const near = duplicates && keysOf(duplicates.near);
  const measure = (part: readonly string[], before: readonly string[]): PartLeakage => ({
    exact: exact && sharing(part, before, exact),
    near: near && sharing(part, before, near),
    source: sources.size > 0 ? sharing(part, before, sources) : null,
  });
  return {
    validation: measure(split.validation, split.training),
    test: split.test.length > 0 ? measure(split.test, [...split.training, ...split.validation]) : null,
  };
}

function keysOf(groups: readonly (readonly string[])[]): Map<string, string> {
  return new Map(groups.flatMap((group, index) => group.map((id) => [id, String(index)] as const)));
}

/** How many of `part` have a key that one of `before` has. */
function sharing(part: readonly string[], before: readonly string[], keys: ReadonlyMap<string, string>): number {
  const known = new Set(before.map((id) => keys.get(id)).filter((key) => key !== undefined));
  return part.filter((id) => known.has(keys.get(id) ?? "")).length;
}
