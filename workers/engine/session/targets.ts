/** What the network is to say of each image. */
import type { OutputKind } from "../../../src/domain/experiment/experiment.ts";
import type { ModelOutput } from "../../../src/domain/model/model.ts";
import type { Run } from "../../../src/domain/run/run.ts";

/** The outputs of a run's network. A sigmoid's negative label is the one other class, or "not" the positive one. */
export function outputOf(run: Pick<Run, "classNames" | "positiveClass">, kind: OutputKind): ModelOutput {
  const { classNames, positiveClass } = run;
  if (kind === "original-classes") {
    return { kind: "softmax", labels: classNames, positive: classNames.indexOf(positiveClass) };
  }
  const others = classNames.filter((name) => name !== positiveClass);
  const negative = others.length === 1 ? others[0]! : `not ${positiveClass}`;
  return { kind: "sigmoid", labels: [negative, positiveClass], positive: 1 };
}

/** Numbers that the network puts out for an image. */
export function outputCount(output: ModelOutput): number {
  return output.kind === "sigmoid" ? 1 : output.labels.length;
}

/** Index of the true output of an image of this class; for a sigmoid 1 where it is positive. */
export function targetOf(output: ModelOutput, className: string): number {
  return output.kind === "sigmoid"
    ? Number(className === output.labels[output.positive])
    : output.labels.indexOf(className);
}

/** Whether an image of this target is positive. */
export function isPositive(output: ModelOutput, target: number): boolean {
  return target === output.positive;
}
