import { failed, succeeded } from "../../../../src/contract/outcome.ts";
import type { ModelService } from "../../../../src/ui/services/model-service.ts";
import { someModel } from "../samples.ts";
import type { FakeState } from "./state.ts";

export function fakeModels(fakes: FakeState): ModelService {
  return {
    models: fakes.modelList,
    defaultModelId: fakes.defaultModelId,
    awaitsStarter: fakes.awaitsStarter,
    setDefault: async (id) => {
      fakes.note(`default ${id}`);
      fakes.defaultModelId.set(id);
    },
    setDeciding: async (id, { threshold, reviewBand }) => {
      fakes.note(`deciding ${id} ${threshold} ${reviewBand?.low ?? "-"}`);
      return async () => fakes.note(`undo deciding ${id}`);
    },
    rename: async (id, name) => fakes.note(`rename ${id} ${name}`),
    remove: async (id) => {
      fakes.note(`remove ${id}`);
      const before = fakes.modelList.value;
      fakes.modelList.set(before.filter((model) => model.id !== id));
      return async () => fakes.modelList.set(before);
    },
    answer: async (id, { positive, preprocessing: { scale, offset } }) =>
      fakes.note(`answer ${id}: ${positive}, ${scale} ${offset}`),
    tryOut: async (_id, files, candidates) => {
      fakes.note(`try ${files.length} in ${candidates.length} ways`);
      return fakes.nextTrial ?? failed("bad-input", "No trial was made up.");
    },
    exportBundle: async (id) => {
      fakes.note(`export ${id}`);
      return failed("not-found", "There is no such model.");
    },
    precisionChange: async ({ modelId, datasetId, precision }) => {
      fakes.note(`precision ${precision} of ${modelId} on ${datasetId}`);
      return succeeded({ images: 480, isValidation: true, before: 0.912, after: 0.91, changedVerdicts: 3 });
    },
    importFiles: async (files) => {
      const name = files[0]?.path ?? "";
      fakes.note(`import ${name}`);
      const model = someModel({ id: "imported", name, origin: "imported" });
      fakes.modelList.set([model, ...fakes.modelList.value]);
      return succeeded(model);
    },
  };
}
