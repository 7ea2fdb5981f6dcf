/** The split of a stored dataset. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { drawSplit } from "../../domain/dataset/draw-split.ts";
import type { Split, SplitPlan } from "../../domain/dataset/split-types.ts";
import { listUsedImages } from "../../storage/datasets.ts";
import { getDuplicates } from "../../storage/vetting.ts";
import { duplicatesLock, whenFree } from "./tabs.ts";

/** Of the images that take part; waits for the search for duplicates where one runs. */
export async function drawSplitOf(datasetId: string, plan: SplitPlan): Promise<Outcome<Split>> {
  await whenFree(duplicatesLock(datasetId));
  const [images, duplicates] = await Promise.all([listUsedImages(datasetId), getDuplicates(datasetId)]);
  const split = drawSplit(images, plan, duplicates?.alike ?? duplicates?.near ?? []);
  return split ? succeeded(split) : cannotSplit(images.length, plan);
}

function cannotSplit(images: number, plan: SplitPlan): Outcome<never> {
  const isBySource = plan.kind === "stratified" && plan.bySource;
  return failed(
    "too-few-images",
    `${images} images cannot be split into ${plan.kind === "keras" ? "training and validation" : "training, validation and test"} images${isBySource ? " by whole sources" : ""}.`,
    isBySource ? "Import images of more sources, or let sources be divided." : "Import a folder with more images.",
  );
}
