/** Splits by a plan, or by a list of images. */
import { kerasSplit } from "./split.ts";
import { type SplitImage, stratifiedSplit } from "./stratified-split.ts";
import type { Split, SplitPlan } from "./split-types.ts";

/**
 * @param images those that take part, with the classes that they are trained as
 * @param duplicates groups of image ids that show the same; of no effect on Keras' split, which knows nothing of them
 * @returns `null` where a part would be empty
 */
export function drawSplit(
  images: readonly SplitImage[],
  plan: SplitPlan,
  duplicates: readonly (readonly string[])[],
): Split | null {
  return plan.kind === "keras"
    ? kerasSplit(images, plan.validationShare, plan.seed)
    : stratifiedSplit(images, plan, duplicates);
}

/** Validates on these images and trains on all others. */
export function givenSplit(images: readonly SplitImage[], validation: readonly string[], seed: number): Split {
  const held = new Set(validation);
  const ids = images.map((image) => image.imageId);
  return {
    kind: "given",
    validationShare: validation.length / ids.length,
    testShare: 0,
    bySource: false,
    seed,
    training: ids.filter((id) => !held.has(id)),
    validation,
    test: [],
  };
}
