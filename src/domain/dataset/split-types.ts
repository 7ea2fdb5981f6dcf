/** A split as it is saved with its run: image ids, in the order that the split drew them. */
export interface Split {
  /** `keras`: the notebook's; `stratified`: the default; `given`: by whoever started the run. */
  readonly kind: "keras" | "stratified" | "given";
  /** Share of the images held out for validation, 0 to 1. */
  readonly validationShare: number;
  /** Share that is kept for the final judgement alone, 0 to 1; 0 where there is no test part. */
  readonly testShare: number;
  /** Whether every source was kept whole (kind `stratified`). */
  readonly bySource: boolean;
  readonly seed: number;
  readonly training: readonly string[];
  readonly validation: readonly string[];
  /** Looked at by no choice and no training. Empty for splits of before there was one. */
  readonly test: readonly string[];
}

export const splitParts = ["training", "validation", "test"] as const;
export type SplitPart = (typeof splitParts)[number];

/** How a split is to be drawn. The same plan on the same images draws the same split. */
export type SplitPlan =
  /** Exactly as Keras' `image_dataset_from_directory` draws it; there is no test part. */
  | { readonly kind: "keras"; readonly validationShare: number; readonly seed: number }
  /** Every original class by its share, near-duplicates on one side. */
  | {
      readonly kind: "stratified";
      readonly validationShare: number;
      readonly testShare: number;
      readonly seed: number;
      /** Keeps every source whole too, where the files say where they come from. */
      readonly bySource: boolean;
    };

/** What the notebook holds out. */
export const notebookSplit = { kind: "keras", validationShare: 0.2, seed: 42 } as const satisfies SplitPlan;

export const defaultSplit = {
  kind: "stratified",
  validationShare: 0.15,
  testShare: 0.15,
  seed: 42,
  bySource: false,
} as const satisfies SplitPlan;

/** Share of the images that are trained on. */
export function trainingShare(plan: SplitPlan): number {
  return 1 - plan.validationShare - (plan.kind === "stratified" ? plan.testShare : 0);
}

/** Whether both put the very same images into the same parts: only then two results may be compared image by image. */
export function isSameSplit(a: Split, b: Split): boolean {
  return splitParts.every((part) => {
    const ids = new Set(a[part]);
    return ids.size === b[part].length && b[part].every((id) => ids.has(id));
  });
}
