/** A split as it is saved with its run: image ids, in the order that the split drew them. */
export interface Split {
  readonly kind: "keras" | "given";
  /** Share of the images held out for validation, 0 to 1 (kind `keras`). */
  readonly validationShare: number;
  readonly seed: number;
  readonly training: readonly string[];
  readonly validation: readonly string[];
}
