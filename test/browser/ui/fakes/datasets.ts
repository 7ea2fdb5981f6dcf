import { succeeded } from "../../../../src/contract/outcome.ts";
import type { DatasetService } from "../../../../src/ui/services/dataset-service.ts";
import { someDataset } from "../samples.ts";
import type { FakeState } from "./state.ts";

export function fakeDatasets(fakes: FakeState): DatasetService {
  return {
    datasets: fakes.datasetList,
    importing: fakes.importing,
    importFolder: async (folder, target = {}) => {
      fakes.note(
        ["import", folder.name, folder.files.length, target.datasetId, target.looseClass].filter(Boolean).join(" "),
      );
      fakes.imported = folder;
      const outcome = fakes.nextImport ?? succeeded(someDataset({ name: folder.name }));
      if (outcome.ok) fakes.datasetList.set([outcome.value, ...fakes.datasetList.value]);
      return outcome;
    },
    interrupted: fakes.interrupted,
    resumeImport: async (id, folder) => {
      fakes.note(`resume ${id} ${folder?.name ?? "alone"}`);
      return fakes.nextImport ?? succeeded(someDataset({ id }));
    },
    keepImported: async (id) => {
      fakes.note(`keep ${id}`);
      return succeeded(someDataset({ id }));
    },
    discardImport: async (id) => fakes.note(`discard ${id}`),
    cancelImport: () => fakes.note("cancel import"),
    setPositiveClass: async (id, name) => {
      fakes.note(`positive ${id} ${name}`);
      fakes.datasetList.set(
        fakes.datasetList.value.map((dataset) => (dataset.id === id ? { ...dataset, positiveClass: name } : dataset)),
      );
    },
    rename: async (id, name) => {
      fakes.note(`rename ${id} ${name}`);
      fakes.datasetList.set(
        fakes.datasetList.value.map((dataset) => (dataset.id === id ? { ...dataset, name } : dataset)),
      );
    },
    remove: async (id) => {
      fakes.note(`remove ${id}`);
      fakes.datasetList.set(fakes.datasetList.value.filter((dataset) => dataset.id !== id));
    },
    images: async (id) => fakes.images.get(id) ?? [],
    findings: async (id) => fakes.findings.get(id) ?? [],
    thumbnail: async (_, imageId) => fakes.picture(imageId),
    picture: async ({ imageId }, mayAsk) => {
      const picture = await fakes.picture(imageId);
      return picture && { picture, isOriginal: mayAsk };
    },
    augmentedViews: async ({ imageId }, { augmentation }, { count, seed }) => {
      fakes.note(`views ${imageId} ${augmentation?.kind ?? "none"} ${count} ${seed}`);
      const picture = (await fakes.picture(imageId)) ?? new Blob();
      return succeeded(Array.from({ length: count }, () => picture));
    },
  };
}
