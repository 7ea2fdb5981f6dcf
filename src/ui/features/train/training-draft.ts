/** The form's texts before they are an experiment: what was typed, whether it makes sense, and why not. */
import { msg, str } from "@lit/localize";
import type { Experiment } from "../../../domain/experiment/experiment.ts";
import { withOverrides } from "../../../domain/experiment/overrides.ts";
import { formatNumber } from "../../text/format.ts";

export const draftFields = ["size", "epochs", "batchSize", "learningRate", "seed"] as const;
export type DraftField = (typeof draftFields)[number];
export type Draft = Readonly<Record<DraftField, string>>;

interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

/** What a screen accepts: narrower than what an experiment may be, since a slip of the finger costs hours here. */
export const bounds: Readonly<Record<DraftField, Bounds>> = {
  size: { low: 16, high: 512, whole: true },
  epochs: { low: 1, high: 500, whole: true },
  batchSize: { low: 1, high: 256, whole: true },
  learningRate: { low: 1e-6, high: 1, whole: false },
  seed: { low: 0, high: 2 ** 32 - 1, whole: true },
};

/** The draft that a preset begins with. */
export function draftOf(preset: Experiment): Draft {
  return {
    size: String(preset.inputSize),
    epochs: String(preset.epochs),
    batchSize: String(preset.batchSize),
    learningRate: String(preset.optimizer.learningRate),
    seed: String(preset.seed),
  };
}

/** Reads a number as people type it: a comma is a decimal point too. NaN where it is none. */
export function numberOf(text: string): number {
  const trimmed = text.trim().replace(",", ".");
  return trimmed === "" ? Number.NaN : Number(trimmed);
}

/** Why a field is refused, in the interface's language; empty where it is fine. */
export function problemOf(field: DraftField, text: string): string {
  const { low, high, whole } = bounds[field];
  const value = numberOf(text);
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return "";
  const from = formatNumber(low, 6);
  const to = formatNumber(high, 6);
  return whole
    ? msg(str`Enter a whole number from ${from} to ${to}.`)
    : msg(str`Enter a number from ${from} to ${to}.`);
}

/** The experiment that the form describes, or null while a field is refused. */
export function experimentOf(preset: Experiment, draft: Draft): Experiment | null {
  if (draftFields.some((field) => problemOf(field, draft[field]) !== "")) return null;
  return withOverrides(preset, {
    size: numberOf(draft.size),
    epochs: numberOf(draft.epochs),
    batchSize: numberOf(draft.batchSize),
    learningRate: numberOf(draft.learningRate),
    seed: numberOf(draft.seed),
  });
}
