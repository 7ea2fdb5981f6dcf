/** `inspect`: a data set in numbers, by the very code that splits it and draws its epochs. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Dataset, DatasetImage } from "../../domain/dataset/dataset.ts";
import { leakageOf } from "../../domain/dataset/leakage.ts";
import { defaultSplit, notebookSplit, type Split, type SplitPlan } from "../../domain/dataset/split-types.ts";
import { baseline } from "../../domain/experiment/presets.ts";
import { rebalancedEpochs } from "../../domain/look/rebalancing.ts";
import { imageFindings } from "../../domain/vetting/image-findings.ts";
import type { PickedFolder } from "../../ui/services/picked-files.ts";
import { classCountsOf } from "../services/class-counts.ts";
import type { Services } from "../services/services.ts";
import { drawSplitOf } from "../services/splits.ts";
import { duplicatesLock, whenFree } from "../services/tabs.ts";
import type { Inputs } from "./inputs.ts";
import type { InspectionReport, InspectionRequest } from "./protocol.ts";
import { unreadableFiles } from "./reports.ts";
import { importData } from "./requests.ts";
import { watchProgress } from "./watch.ts";

export async function inspect(
  { datasets, vetting }: Pick<Services, "datasets" | "vetting">,
  inputs: Inputs,
  { data, positive, seed, batch }: InspectionRequest,
): Promise<Outcome<InspectionReport>> {
  const folder = together(data.map((key) => inputs.folder(key)));
  const unwatch = watchProgress("searching", vetting.searching);
  const imported = await importData(datasets, folder, baseline.pixels, positive);
  if (!imported.ok) return imported;
  const dataset = imported.value;
  const begin = performance.now();
  // It began with the import's end.
  await whenFree(duplicatesLock(dataset.id));
  const seconds = (performance.now() - begin) / 1000;
  unwatch();
  const { images: vetted, duplicates } = await vetting.of(dataset.id);
  if (!duplicates) return failed("unexpected", "The search for duplicates did not end.");
  const images = vetted.map(({ image }) => image);
  const found = imageFindings(vetted, duplicates);
  const groups = (kind: string) =>
    found.filter((one) => one.kind === kind).map((one) => one.images.map(({ image }) => image.imageId));
  const plans: SplitPlan[] = [
    { ...notebookSplit, seed },
    { ...defaultSplit, seed },
    { ...defaultSplit, seed, bySource: true },
  ];
  const splits = await Promise.all(
    plans.map(async (plan) => {
      const drawn = await drawSplitOf(dataset.id, plan);
      const shared = { kind: plan.kind, by_source: plan.kind === "stratified" && plan.bySource, seed };
      if (!drawn.ok)
        return { ...shared, parts: null, images: null, leakage: null, problem: drawn.message, drawn: null };
      const { training, validation, test } = drawn.value;
      return {
        ...shared,
        parts: partCounts(dataset, images, drawn.value),
        images: { training, validation, test },
        leakage: leakageOf(drawn.value, images, duplicates),
        problem: "",
        drawn: drawn.value,
      };
    }),
  );
  const trained = new Set(splits[1]?.drawn?.training ?? []);
  const trainingImages = images.filter(({ imageId }) => trained.has(imageId));
  return succeeded({
    name: dataset.name,
    positive: dataset.positiveClass,
    images: images.length,
    classes: counted(dataset, images),
    formats: tally(images.map(({ mediaType }) => mediaType)),
    findings: {
      unreadable: unreadableFiles(await datasets.findings(dataset.id)),
      too_small: groups("too-small").flat(),
      exact_duplicates: duplicates.exact,
      near_duplicates: groups("near-duplicates"),
      label_conflicts: groups("label-conflict"),
    },
    seconds_searching: seconds,
    splits: splits.map(({ drawn: _drawn, ...reported }) => reported),
    epochs: epochsOf(dataset, trainingImages, seed, batch),
  });
}

/** Several folders as one: each keeps its name, which may be a class. */
function together(folders: readonly PickedFolder[]): PickedFolder {
  const [first, ...rest] = folders;
  if (!first || rest.length === 0) return first!;
  return {
    name: folders.map(({ name }) => name).join(", "),
    files: folders.flatMap(({ name, files }) => files.map(({ path, file }) => ({ path: `${name}/${path}`, file }))),
    handles: [],
  };
}

function epochsOf(
  dataset: Dataset,
  images: readonly DatasetImage[],
  seed: number,
  batch: number,
): InspectionReport["epochs"] {
  const epochs = rebalancedEpochs(images, dataset.positiveClass, seed);
  return epochs.map(({ way, order, positives, negatives, weights }) => {
    const drawn = Array.from(order, (index) => images[index]!);
    return {
      rebalancing: way,
      draws: drawn.length,
      classes: counted(dataset, drawn),
      positives,
      negatives,
      largest_difference_in_a_batch: largestDifference(drawn, dataset.positiveClass, batch),
      weights,
    };
  });
}

/** By how many images the two sides of a batch differ at the most. */
function largestDifference(drawn: readonly DatasetImage[], positiveClass: string, batch: number): number {
  let largest = 0;
  for (let at = 0; at < drawn.length; at += batch) {
    const part = drawn.slice(at, at + batch);
    const positives = part.filter(({ className }) => className === positiveClass).length;
    largest = Math.max(largest, Math.abs(part.length - 2 * positives));
  }
  return largest;
}

function partCounts(dataset: Dataset, images: readonly DatasetImage[], split: Split) {
  const count = (ids: readonly string[]) => {
    const members = new Set(ids);
    return counted(
      dataset,
      images.filter(({ imageId }) => members.has(imageId)),
    );
  };
  return { training: count(split.training), validation: count(split.validation), test: count(split.test) };
}

function counted({ classNames }: Dataset, images: readonly DatasetImage[]): Record<string, number> {
  const counts = classCountsOf(classNames, images);
  return Object.fromEntries(classNames.map((name, index) => [name, counts[index]!]));
}

function tally(items: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
