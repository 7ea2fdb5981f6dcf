/** The default split: every original class by its share, what shows the same on one side. */
import { SeededRandom } from "../random/seeded-random.ts";
import { type DatasetImage, knownSourceOf } from "./dataset.ts";
import { Groups } from "./groups.ts";
import { compareByCodePoint } from "./listing.ts";
import { type Split, type SplitPart, type SplitPlan, splitParts } from "./split-types.ts";

/** What a split looks at. */
export type SplitImage = Pick<DatasetImage, "imageId" | "path" | "className">;

type StratifiedPlan = Extract<SplitPlan, { kind: "stratified" }>;

/** Images that stay together. */
interface Unit {
  readonly ids: string[];
  readonly classes: Map<string, number>;
}

/**
 * Deals units (an image, or images that belong together) to the parts, largest first, each to the part that lacks most images of its classes. The
 * order among equals is the seed's, so that single images are drawn at random. A class ends up within the size of its largest unit of each share,
 * where no unit holds two classes.
 * @param images in any order
 * @param duplicates groups of image ids that show the same: kept on one side, as are the pages of a file
 * @returns `null` where nothing would be left to train or validate on, or to test on where a test part was asked for
 * @throws RangeError where the shares leave nothing to train on
 */
export function stratifiedSplit(
  images: readonly SplitImage[],
  plan: StratifiedPlan,
  duplicates: readonly (readonly string[])[] = [],
): Split | null {
  const { validationShare, testShare, seed, bySource } = plan;
  if (!(validationShare > 0 && testShare >= 0 && validationShare + testShare < 1)) {
    throw new RangeError(`Shares of ${validationShare} and ${testShare} leave nothing to train on.`);
  }
  const shares: Readonly<Record<SplitPart, number>> = {
    training: 1 - validationShare - testShare,
    validation: validationShare,
    test: testShare,
  };
  const lacking = new Map<string, Record<SplitPart, number>>();
  for (const { className } of images) {
    const lacks = lacking.get(className) ?? { training: 0, validation: 0, test: 0 };
    lacking.set(className, lacks);
    for (const part of splitParts) lacks[part] += shares[part];
  }
  const parts: Record<SplitPart, string[]> = { training: [], validation: [], test: [] };
  const units = unitsOf(images, duplicates, bySource);
  new SeededRandom(seed).shuffle(units);
  // A stable sort: the shuffled order stays among equals.
  for (const { ids, classes } of units.sort((a, b) => b.ids.length - a.ids.length)) {
    const part = neediest(classes, lacking);
    parts[part].push(...ids);
    for (const [className, count] of classes) lacking.get(className)![part] -= count;
  }
  if (parts.training.length === 0 || parts.validation.length === 0) return null;
  if (testShare > 0 && parts.test.length === 0) return null;
  return { kind: "stratified", validationShare, testShare, bySource, seed, ...parts };
}

/** In an order that hangs on nothing but the ids. */
function unitsOf(images: readonly SplitImage[], duplicates: readonly (readonly string[])[], bySource: boolean): Unit[] {
  const groups = new Groups();
  for (const group of duplicates) groups.join(group);
  const firstOf = new Map<string, string>();
  const joinBy = (key: string, imageId: string): void => {
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, imageId);
    else groups.join([first, imageId]);
  };
  for (const { imageId, path } of images) {
    joinBy(`file ${path}`, imageId);
    const source = bySource ? knownSourceOf(path) : null;
    if (source !== null) joinBy(`source ${source}`, imageId);
  }
  const units = new Map<string, Unit>();
  for (const { imageId, className } of [...images].sort((a, b) => compareByCodePoint(a.imageId, b.imageId))) {
    const root = groups.rootOf(imageId);
    const unit = units.get(root) ?? { ids: [], classes: new Map<string, number>() };
    units.set(root, unit);
    unit.ids.push(imageId);
    unit.classes.set(className, (unit.classes.get(className) ?? 0) + 1);
  }
  return [...units.values()];
}

/** The part that lacks most of these classes; of equals the first. */
function neediest(
  classes: ReadonlyMap<string, number>,
  lacking: ReadonlyMap<string, Readonly<Record<SplitPart, number>>>,
): SplitPart {
  let best: SplitPart = "training";
  let most = Number.NEGATIVE_INFINITY;
  for (const part of splitParts) {
    let need = 0;
    for (const [className, count] of classes) need += count * lacking.get(className)![part];
    if (need > most) [best, most] = [part, need];
  }
  return best;
}
