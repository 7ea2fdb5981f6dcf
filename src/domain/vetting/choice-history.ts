/** Choices in the order that they were made, so that each can be undone and done again. */
import type { Choices } from "./decisions.ts";

export interface ChoiceStep {
  /** What was decided about the step's images before it. */
  readonly before: Choices;
  readonly after: Choices;
}

export interface ChoiceHistory {
  /** Oldest first. */
  readonly done: readonly ChoiceStep[];
  /** What was undone, the last one last. */
  readonly undone: readonly ChoiceStep[];
}

export const emptyHistory: ChoiceHistory = { done: [], undone: [] };

/** Steps that are remembered. */
const mostSteps = 100;

/** After a step: what was undone before it can no longer be done again. */
export function withStep({ done }: ChoiceHistory, step: ChoiceStep): ChoiceHistory {
  return { done: [...done, step].slice(-mostSteps), undone: [] };
}

/** @returns null where there is nothing to undo */
export function undoLast({ done, undone }: ChoiceHistory): { history: ChoiceHistory; choices: Choices } | null {
  const step = done.at(-1);
  return step ? { history: { done: done.slice(0, -1), undone: [...undone, step] }, choices: step.before } : null;
}

/** @returns null where nothing was undone */
export function redoLast({ done, undone }: ChoiceHistory): { history: ChoiceHistory; choices: Choices } | null {
  const step = undone.at(-1);
  return step ? { history: { done: [...done, step], undone: undone.slice(0, -1) }, choices: step.after } : null;
}
