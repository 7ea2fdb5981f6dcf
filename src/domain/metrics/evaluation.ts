/** How good a model is on images whose classes are known. */

export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

export interface Evaluation {
  /** Images judged. */
  readonly n: number;
  readonly threshold: number;
  /** Predicted positive where p ≥ threshold. */
  readonly confusion: Confusion;
  readonly accuracy: number;
  /** Mean recall over the classes that occur. */
  readonly balancedAccuracy: number;
  /** Area under the ROC curve, ties counting half; null where only one class occurs. */
  readonly auroc: number | null;
  /** By original class: how many there are, and how many of them got the wrong verdict. */
  readonly byClass: Readonly<Record<string, { readonly n: number; readonly wrong: number }>>;
}
