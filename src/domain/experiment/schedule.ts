/** How the learning rate goes over a run. */
import type { LearningRateSchedule } from "./experiment.ts";

/**
 * The learning rate of a step.
 * @param step from 0, below `steps`, over the whole run.
 * @returns `base` for a constant schedule; for warm-up and cosine a line from 0 up to `base`, then half a cosine down to (nearly) 0.
 */
export function learningRateAt(schedule: LearningRateSchedule, base: number, step: number, steps: number): number {
  if (schedule.kind === "constant") return base;
  const warmup = schedule.warmup * steps;
  // From the first step on something is learnt: a rate of exactly 0 would waste it.
  if (step + 1 < warmup) return (base * (step + 1)) / warmup;
  const rest = Math.max(steps - warmup, 1);
  const share = Math.min(Math.max((step + 1 - warmup) / rest, 0), 1);
  return base * 0.5 * (1 + Math.cos(Math.PI * share));
}

/** Side of the training views in an epoch (from 0), in pixels. */
export function trainingSizeAt(
  experiment: {
    readonly inputSize: number;
    readonly epochs: number;
    readonly earlySize: { readonly size: number; readonly untilShare: number } | null;
  },
  epoch: number,
): number {
  const { earlySize } = experiment;
  return earlySize && epoch < earlySize.untilShare * experiment.epochs ? earlySize.size : experiment.inputSize;
}
