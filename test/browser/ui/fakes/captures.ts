/** What is done with captures that are there: explained, sorted, learnt from. */
import { failed, succeeded } from "../../../../src/contract/outcome.ts";
import type { ExplanationService } from "../../../../src/ui/services/explanation-service.ts";
import type { LabellingService } from "../../../../src/ui/services/labelling-service.ts";
import type { SortingService } from "../../../../src/ui/services/sorting-service.ts";
import { explained } from "../samples.ts";
import type { FakeState } from "./state.ts";

export function fakeExplanations(fakes: FakeState): ExplanationService {
  return {
    ofImage: (modelId, datasetId, imageId) => async (onStep) => {
      fakes.note(`explain ${modelId} ${datasetId} ${imageId}`);
      return explained(onStep);
    },
    ofCapture: (capture) => async (onStep) => {
      fakes.note(`explain ${capture.id}`);
      return explained(onStep);
    },
  };
}

export function fakeSorting(fakes: FakeState): SortingService {
  return {
    canMove: async () => true,
    takenNames: async () => 2,
    sortInto: async (_batchId, plan, target, { moves }) => {
      fakes.note(`sort ${plan.length} into ${target.name} ${moves ? "moving" : "copying"}`);
      return succeeded({ copied: plan.length - 1, moved: 0, alreadyThere: 0, missing: [plan[0]!.file] });
    },
    zip: async (_batchId, plan) => {
      fakes.note(`zip ${plan.length}`);
      return failed("cancelled", "Cancelled.");
    },
  };
}

export function fakeLabelling(fakes: FakeState): LabellingService {
  return {
    addToDataset: async (datasetId, labelled) => {
      fakes.note(
        `add to ${datasetId}: ${labelled.map(({ capture, className }) => `${capture.id} ${className}`).join(", ")}`,
      );
      const report = { added: labelled.length, known: 0, relabelled: 0, missing: [] };
      return succeeded({ report, undo: async () => fakes.note("take back") });
    },
  };
}
