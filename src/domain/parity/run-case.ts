/** Computes what a reference case asks for, through the functions that the app uses. */
import { runAugmentCase, runMatrixCase } from "./augment-case.ts";
import { runMetricsCase } from "./metrics-case.ts";
import { type ReferenceCase, type ReferenceValue, UnsupportedCaseError } from "./reference-case.ts";
import { runResizeCase } from "./resize-case.ts";
import { runMersenneTwisterCase, runSplitCase } from "./split-case.ts";

type Runner = (reference: ReferenceCase) => Readonly<Record<string, ReferenceValue>>;

/** By `group/kind`. */
const runners: Readonly<Record<string, Runner>> = {
  "augment/compose": runAugmentCase,
  "augment/flip": runAugmentCase,
  "augment/matrix-rotation": runMatrixCase,
  "augment/matrix-zoom": runMatrixCase,
  "augment/rotation": runAugmentCase,
  "augment/zoom": runAugmentCase,
  "resize/resize": runResizeCase,
  "split/split": runSplitCase,
  "split/mt19937": runMersenneTwisterCase,
};

/**
 * The outputs by name.
 * @throws UnsupportedCaseError for a group or kind that Tamis does not compute (yet)
 */
export function runReferenceCase(reference: ReferenceCase): Readonly<Record<string, ReferenceValue>> {
  const { group, attributes } = reference;
  if (group === "metrics") return runMetricsCase(reference);
  if (!Object.keys(runners).some((known) => known.startsWith(`${group}/`))) {
    throw new UnsupportedCaseError(`Tamis does not compute the group "${group}" yet.`);
  }
  const kind = `${group}/${String(attributes.kind)}`;
  const run = Object.hasOwn(runners, kind) ? runners[kind] : undefined;
  if (!run) throw new UnsupportedCaseError(`Tamis does not compute "${kind}" yet.`);
  return run(reference);
}
