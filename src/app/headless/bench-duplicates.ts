/** Measures the search for duplicates: copies are made of images of a folder, imported with it, searched for, and the folder is split. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { compareByCodePoint } from "../../domain/dataset/listing.ts";
import { defaultSplit, splitParts } from "../../domain/dataset/split-types.ts";
import { baseline } from "../../domain/experiment/presets.ts";
import { SeededRandom } from "../../domain/random/seeded-random.ts";
import type { PickedFile } from "../../ui/services/picked-files.ts";
import type { Services } from "../services/services.ts";
import { drawSplitOf } from "../services/splits.ts";
import { duplicatesLock, whenFree } from "../services/tabs.ts";
import type { Inputs } from "./inputs.ts";
import { copyKinds, plantedCopy } from "./planted-copy.ts";
import type { PlantedPair, PlantingReport, PlantingRequest } from "./planting-protocol.ts";
import { importData } from "./requests.ts";
import { report, watchProgress } from "./watch.ts";

/** Splits that are looked at for pairs that lie on two sides. */
const splitSeeds = [42, 1, 2, 3, 4];

export async function benchDuplicates(
  { datasets, vetting }: Pick<Services, "datasets" | "vetting">,
  inputs: Inputs,
  { data, plant, seed }: PlantingRequest,
): Promise<Outcome<PlantingReport>> {
  const folder = inputs.folder(data);
  const { pairs, copies } = await planted(folder.files, plant, seed);
  const unwatch = watchProgress("searching", vetting.searching);
  const files = [...folder.files, ...copies];
  const imported = await importData(datasets, { ...folder, files }, baseline.pixels, null);
  if (!imported.ok) return imported;
  const { id } = imported.value;
  const begin = performance.now();
  // It began with the import's end.
  await whenFree(duplicatesLock(id));
  const seconds = (performance.now() - begin) / 1000;
  unwatch();
  const { images, duplicates } = await vetting.of(id);
  if (!duplicates) return failed("unexpected", "The search for duplicates did not end.");
  const groupOf = keysOf(duplicates.near);
  const isFound = ({ original, copy }: PlantedPair) => groupOf.has(copy) && groupOf.get(copy) === groupOf.get(original);
  const kinds = copyKinds.map((kind) => {
    const ofKind = pairs.filter((pair) => pair.kind === kind);
    const found = ofKind.filter(isFound).length;
    return [kind, { planted: ofKind.length, found, recall: found / ofKind.length }] as const;
  });
  const unplanted = unplantedGroups(duplicates.near, keysOf(duplicates.exact), new Set(pairs.map(({ copy }) => copy)));
  const unplantedImages = unplanted.flat().length;
  return succeeded({
    task: "duplicates",
    seed,
    images: images.length,
    seconds_searching: seconds,
    kinds: Object.fromEntries(kinds),
    missed: pairs.filter((pair) => !isFound(pair)),
    unplanted_groups: unplanted,
    unplanted_images: unplantedImages,
    unplanted_share: unplantedImages / (images.length - pairs.length),
    straddling: await straddling(id, pairs),
  });
}

/** Copies of images that are drawn by the seed; files that are no image of the browser's are passed over. */
async function planted(
  files: readonly PickedFile[],
  count: number,
  seed: number,
): Promise<{ pairs: PlantedPair[]; copies: PickedFile[] }> {
  const random = new SeededRandom(seed);
  const drawn = [...files].sort((a, b) => compareByCodePoint(a.path, b.path));
  random.shuffle(drawn);
  const total = count * copyKinds.length;
  const pairs: PlantedPair[] = [];
  const copies: PickedFile[] = [];
  for (const { path, file } of drawn) {
    if (copies.length === total) break;
    const kind = copyKinds[copies.length % copyKinds.length]!;
    const name = `${path.slice(0, path.lastIndexOf("/") + 1)}planted-${kind}__${copies.length}.jpg`;
    const copy = await plantedCopy(file, kind, random, name.slice(name.lastIndexOf("/") + 1));
    if (!copy) continue;
    pairs.push({ kind, original: path, copy: name });
    copies.push({ path: name, file: copy });
    report("preparing", { done: copies.length, total, rate: null, secondsLeft: null });
  }
  return { pairs, copies };
}

function keysOf(groups: readonly (readonly string[])[]): Map<string, number> {
  return new Map(groups.flatMap((group, index) => group.map((id) => [id, index] as const)));
}

/** Of each group the folder's own images, one of each content, where several are left. */
function unplantedGroups(
  groups: readonly (readonly string[])[],
  exact: ReadonlyMap<string, number>,
  copies: ReadonlySet<string>,
): string[][] {
  return groups
    .map((group) => {
      const contents = new Map<number | string, string>();
      for (const id of group) if (!copies.has(id)) contents.set(exact.get(id) ?? id, id);
      return [...contents.values()];
    })
    .filter((own) => own.length > 1);
}

async function straddling(datasetId: string, pairs: readonly PlantedPair[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const seed of splitSeeds) {
    const split = await drawSplitOf(datasetId, { ...defaultSplit, seed });
    if (!split.ok) continue;
    const partOf = new Map(splitParts.flatMap((part) => split.value[part].map((id) => [id, part] as const)));
    counts[seed] = pairs.filter(({ original, copy }) => partOf.get(original) !== partOf.get(copy)).length;
  }
  return counts;
}
