/** What is read from counts of right and wrong verdicts. As scikit-learn has it; 0 where 0 is divided by 0, if nothing else is said. */

/** Of two classes. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

export interface ConfusionFigures {
  readonly accuracy: number;
  /** Mean recall over the classes that occur. */
  readonly balancedAccuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly specificity: number;
  readonly f1: number;
  /** Matthews' correlation coefficient. */
  readonly mcc: number;
  /** Cohen's; `null` where chance alone would be right everywhere. */
  readonly kappa: number | null;
}

/** Of any number of classes: rows are what images are, columns what the network says. */
export type ConfusionMatrix = readonly (readonly number[])[];

export interface MatrixFigures {
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly precisionByClass: readonly number[];
  readonly recallByClass: readonly number[];
  readonly f1ByClass: readonly number[];
  readonly f1Macro: number;
  /** By how often a class occurs. */
  readonly f1Weighted: number;
  readonly mcc: number;
  readonly kappa: number | null;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** Predicted positive where p ≥ threshold. */
export function confusionAt(labels: ArrayLike<number>, probabilities: ArrayLike<number>, threshold: number): Confusion {
  let [tp, fp, tn, fn] = [0, 0, 0, 0];
  for (let i = 0; i < labels.length; i++) {
    const saysPositive = probabilities[i]! >= threshold;
    if (labels[i] === 1) {
      if (saysPositive) tp++;
      else fn++;
    } else if (saysPositive) fp++;
    else tn++;
  }
  return { tp, fp, tn, fn };
}

export function confusionFigures({ tp, fp, tn, fn }: Confusion): ConfusionFigures {
  const { accuracy, balancedAccuracy, mcc, kappa } = matrixFigures([
    [tn, fp],
    [fn, tp],
  ]);
  return {
    accuracy,
    balancedAccuracy,
    precision: ratio(tp, tp + fp),
    recall: ratio(tp, tp + fn),
    specificity: ratio(tn, tn + fp),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    mcc,
    kappa,
  };
}

/** @param predicted and `labels`: class indices below `classes` */
export function confusionMatrix(labels: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) matrix[labels[i]!]![predicted[i]!]! += 1;
  return matrix;
}

export function matrixFigures(matrix: ConfusionMatrix): MatrixFigures {
  const rows = matrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = matrix.map((_, j) => matrix.reduce((sum, row) => sum + row[j]!, 0));
  const n = rows.reduce((sum, count) => sum + count, 0);
  const right = matrix.map((row, j) => row[j]!);
  const hits = right.reduce((sum, count) => sum + count, 0);
  const recallByClass = right.map((count, j) => ratio(count, rows[j]!));
  const f1ByClass = right.map((count, j) => ratio(2 * count, rows[j]! + columns[j]!));
  const present = recallByClass.filter((_, j) => rows[j]! > 0);
  const chance = rows.reduce((sum, row, j) => sum + row * columns[j]!, 0);
  const squares = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count * count, 0);
  const root = Math.sqrt((n * n - squares(columns)) * (n * n - squares(rows)));
  return {
    accuracy: hits / n,
    balancedAccuracy: present.reduce((sum, recall) => sum + recall, 0) / present.length,
    precisionByClass: right.map((count, j) => ratio(count, columns[j]!)),
    recallByClass,
    f1ByClass,
    f1Macro: f1ByClass.reduce((sum, f1) => sum + f1, 0) / matrix.length,
    f1Weighted: f1ByClass.reduce((sum, f1, j) => sum + f1 * rows[j]!, 0) / n,
    mcc: ratio(hits * n - chance, root),
    kappa: n * n === chance ? null : (hits * n - chance) / (n * n - chance),
  };
}
