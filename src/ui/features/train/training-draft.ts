/** The form's texts before they are an experiment: what was typed, whether it makes sense, and why not. */
import { msg, str } from "@lit/localize";
import type { Experiment } from "../../../domain/experiment/experiment.ts";
import { withOverrides } from "../../../domain/experiment/overrides.ts";
import {
  type Balance,
  balanceOf,
  regularizationOf,
  withBalance,
  withRegularization,
} from "../../../domain/experiment/regularization.ts";
import { formatNumber } from "../../text/format.ts";

const numberFields = ["size", "epochs", "batchSize", "learningRate", "seed"] as const;
/** Those of them that a preset's network has no place for are absent from its draft. */
const regularizationFields = [
  "featureDropout",
  "hiddenDropout",
  "convolutionL1",
  "convolutionL2",
  "denseL1",
  "denseL2",
  "patience",
] as const;
export const draftFields = [...numberFields, ...regularizationFields] as const;
export type DraftField = (typeof draftFields)[number];
export type Draft = Readonly<Record<(typeof numberFields)[number] | "patience", string>> &
  Readonly<Partial<Record<DraftField, string>>> & { readonly balance: Balance };

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
  featureDropout: { low: 0, high: 0.95, whole: false },
  hiddenDropout: { low: 0, high: 0.95, whole: false },
  convolutionL1: { low: 0, high: 10, whole: false },
  convolutionL2: { low: 0, high: 10, whole: false },
  denseL1: { low: 0, high: 10, whole: false },
  denseL2: { low: 0, high: 10, whole: false },
  patience: { low: 1, high: 100, whole: true },
};

/** Fields that may be left empty: without a patience no run ends early. */
function mayBeEmpty(field: DraftField): boolean {
  return field === "patience";
}

/** The draft that a preset begins with. */
export function draftOf(preset: Experiment): Draft {
  const { featureDropout, hiddenDropout, convolutionPenalty, densePenalty, patience } = regularizationOf(preset);
  return {
    size: String(preset.inputSize),
    epochs: String(preset.epochs),
    batchSize: String(preset.batchSize),
    learningRate: String(preset.optimizer.learningRate),
    seed: String(preset.seed),
    ...(featureDropout === null ? {} : { featureDropout: String(featureDropout) }),
    ...(hiddenDropout === null ? {} : { hiddenDropout: String(hiddenDropout) }),
    ...(convolutionPenalty
      ? { convolutionL1: String(convolutionPenalty.l1), convolutionL2: String(convolutionPenalty.l2) }
      : {}),
    ...(densePenalty ? { denseL1: String(densePenalty.l1), denseL2: String(densePenalty.l2) } : {}),
    patience: patience === null ? "" : String(patience),
    balance: balanceOf(preset),
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
  if (mayBeEmpty(field) && text.trim() === "") return "";
  const value = numberOf(text);
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return "";
  const from = formatNumber(low, 6);
  const to = formatNumber(high, 6);
  return whole
    ? msg(str`Enter a whole number from ${from} to ${to}.`)
    : msg(str`Enter a number from ${from} to ${to}.`);
}

/** The first field that is refused; null where all are fine. */
export function wrongField(draft: Draft): DraftField | null {
  return draftFields.find((field) => problemOf(field, draft[field] ?? String(bounds[field].low)) !== "") ?? null;
}

/** The experiment that the form describes, or null while a field is refused. */
export function experimentOf(preset: Experiment, draft: Draft): Experiment | null {
  if (wrongField(draft)) return null;
  const resized = withOverrides(preset, {
    size: numberOf(draft.size),
    epochs: numberOf(draft.epochs),
    batchSize: numberOf(draft.batchSize),
    learningRate: numberOf(draft.learningRate),
    seed: numberOf(draft.seed),
  });
  const optional = (text: string | undefined): number | null => (text === undefined ? null : numberOf(text));
  const penalty = (l1: string | undefined, l2: string | undefined) =>
    l1 === undefined || l2 === undefined ? null : { l1: numberOf(l1), l2: numberOf(l2) };
  const regularized = withRegularization(resized, {
    featureDropout: optional(draft.featureDropout),
    hiddenDropout: optional(draft.hiddenDropout),
    convolutionPenalty: penalty(draft.convolutionL1, draft.convolutionL2),
    densePenalty: penalty(draft.denseL1, draft.denseL2),
    patience: draft.patience.trim() === "" ? null : numberOf(draft.patience),
  });
  return withBalance(regularized, draft.balance);
}

const mostSeeds = 20;

/**
 * Seeds as people list them: `42`, `1, 2, 3`, `1-5`. Each counts once.
 * @returns null where it is no such list, or longer than 20
 */
export function seedsOf(text: string): number[] | null {
  const seeds = new Set<number>();
  for (const part of text.split(/[,;\s]+/).filter((piece) => piece !== "")) {
    const [, first, last] = /^(\d+)(?:[-–](\d+))?$/.exec(part) ?? [];
    if (first === undefined) return null;
    const [from, to] = [Number(first), Number(last ?? first)];
    if (to < from || to - from >= mostSeeds || to > bounds.seed.high) return null;
    for (let seed = from; seed <= to; seed++) seeds.add(seed);
  }
  return seeds.size > 0 && seeds.size <= mostSeeds ? [...seeds] : null;
}
