/** Folds that keep every source whole: what a model does on sources it never saw. */
import { compareByCodePoint } from "./listing.ts";
import { type DatasetImage, sourceOf } from "./dataset.ts";

/**
 * Deals the sources of each class out to folds, largest first, each to the fold that has the fewest images of the class so far (then the fewest
 * images at all, then the first). A source that occurs in several classes is dealt with once for each. Depends on nothing but the images.
 * @param count from 2.
 * @returns image ids by fold; a fold can lack a class that has fewer sources than there are folds.
 */
export function sourceFolds(
  images: readonly Pick<DatasetImage, "imageId" | "path" | "className">[],
  count: number,
): string[][] {
  const classes = new Map<string, Map<string, string[]>>();
  for (const { imageId, path, className } of images) {
    const sources = classes.get(className) ?? new Map<string, string[]>();
    classes.set(className, sources);
    const source = sourceOf(path);
    sources.set(source, [...(sources.get(source) ?? []), imageId]);
  }
  const folds: string[][] = Array.from({ length: count }, () => []);
  for (const [, sources] of [...classes].sort(([a], [b]) => compareByCodePoint(a, b))) {
    const load = new Array<number>(count).fill(0);
    const largestFirst = [...sources].sort(([a, x], [b, y]) => y.length - x.length || compareByCodePoint(a, b));
    for (const [, ids] of largestFirst) {
      const fold = indexOfLeast(load, (index) => folds[index]!.length);
      folds[fold]!.push(...ids);
      load[fold]! += ids.length;
    }
  }
  return folds;
}

function indexOfLeast(load: readonly number[], tie: (index: number) => number): number {
  let best = 0;
  for (let index = 1; index < load.length; index++) {
    const difference = load[index]! - load[best]! || tie(index) - tie(best);
    if (difference < 0) best = index;
  }
  return best;
}
