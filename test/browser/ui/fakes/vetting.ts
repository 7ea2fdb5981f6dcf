import { succeeded } from "../../../../src/contract/outcome.ts";
import {
  type ChoiceHistory,
  emptyHistory,
  redoLast,
  undoLast,
  withStep,
} from "../../../../src/domain/vetting/choice-history.ts";
import { type ImageChoice, withChoices } from "../../../../src/domain/vetting/choices.ts";
import type { Choices } from "../../../../src/domain/vetting/decisions.ts";
import type { VettingService } from "../../../../src/ui/services/vetting-service.ts";
import type { FakeState } from "./state.ts";

function describeChoice(imageId: string, choice: ImageChoice | null): string {
  return choice ? [imageId, choice.verdict, choice.className].filter(Boolean).join(" ") : `${imageId} back`;
}

function choose(fakes: FakeState, id: string, choices: Choices, history: ChoiceHistory): void {
  for (const [imageId, choice] of choices) {
    if (choice) fakes.choices.set(imageId, choice);
    else fakes.choices.delete(imageId);
  }
  fakes.histories.set(new Map([[id, history]]));
  // As the app does after every change: the same datasets, as new objects.
  fakes.datasetList.set(fakes.datasetList.value.map((dataset) => ({ ...dataset })));
}

export function fakeVetting(fakes: FakeState): VettingService {
  const service: VettingService = {
    searching: fakes.searching,
    of: async (id) => ({
      images: withChoices(
        fakes.images.get(id) ?? [],
        [...fakes.choices].map(([imageId, choice]) => ({ imageId, ...choice })),
      ),
      duplicates: fakes.duplicates.get(id) ?? null,
      unsearched: fakes.duplicates.has(id) ? 0 : (fakes.images.get(id) ?? []).length,
      colourfulness: new Map(),
    }),
    choose: async (id, choices) => {
      fakes.note(`choose ${id} ${[...choices].map(([imageId, choice]) => describeChoice(imageId, choice)).join(", ")}`);
      const before = new Map([...choices.keys()].map((imageId) => [imageId, fakes.choices.get(imageId) ?? null]));
      const history = fakes.histories.value.get(id) ?? emptyHistory;
      choose(fakes, id, choices, withStep(history, { before, after: choices }));
      return () => service.undo(id);
    },
    histories: fakes.histories,
    undo: async (id) => {
      const undone = undoLast(fakes.histories.value.get(id) ?? emptyHistory);
      if (undone) choose(fakes, id, undone.choices, undone.history);
    },
    redo: async (id) => {
      const redone = redoLast(fakes.histories.value.get(id) ?? emptyHistory);
      if (redone) choose(fakes, id, redone.choices, redone.history);
    },
    search: async (id) => {
      fakes.note(`search ${id}`);
      return succeeded({ exact: [], near: [] });
    },
    cancelSearch: () => fakes.note("cancel search"),
  };
  return service;
}
