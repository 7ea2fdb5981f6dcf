import { succeeded } from "../../../../src/contract/outcome.ts";
import type { ClassificationService } from "../../../../src/ui/services/classification-service.ts";
import { day, someCapture } from "../samples.ts";
import type { FakeState } from "./state.ts";

export function fakeClassification(fakes: FakeState): ClassificationService {
  return {
    batches: fakes.batchList,
    openBatch: fakes.openBatch,
    captures: fakes.captures,
    progress: fakes.classifying,
    open: async (id) => {
      fakes.note(`open ${id}`);
      fakes.openBatch.set(fakes.batchList.value.find((batch) => batch.id === id) ?? null);
    },
    classify: async (files, origin) => {
      fakes.note(`classify ${files.length} ${origin.source}`);
      fakes.classified = files;
      const start = fakes.captures.value.length;
      fakes.show([
        ...fakes.captures.value,
        ...files.map((file, index) => someCapture(start + index, { file: file.path })),
      ]);
      return succeeded({ pages: files.length, unreadable: 0 });
    },
    watch: async (handle) => {
      fakes.note(`watch ${handle.name}`);
      return succeeded({ pages: 0, unreadable: 0 });
    },
    findFiles: async () => fakes.filesAgain,
    resume: async (id, files) => {
      fakes.note(`resume ${id} ${files.length}`);
      return succeeded({ pages: files.length, unreadable: 0 });
    },
    pause: (id) => fakes.note(`pause ${id}`),
    stop: async (id) => fakes.note(`stop ${id}`),
    judge: async () => ({ probability: 0.87, verdict: "photo" }),
    decide: async (captures, verdict) => {
      fakes.note(`decide ${captures.map(({ id }) => id).join(" ")} ${verdict}`);
      const before = fakes.captures.value;
      const ids = new Set(captures.map(({ id }) => id));
      const decision = verdict && { verdict, decidedAt: day };
      fakes.show(before.map((capture) => (ids.has(capture.id) ? { ...capture, decision } : capture)));
      return async () => fakes.show(before);
    },
    thumbnail: async (capture) => fakes.picture(capture.file),
    picture: async (capture) => fakes.picture(capture.file),
    original: async () => undefined,
    rename: async (id, name) => fakes.note(`rename ${id} ${name}`),
    remove: async (captures) => {
      fakes.note(`remove ${captures.length}`);
      const before = fakes.captures.value;
      fakes.show(before.filter((capture) => !captures.includes(capture)));
      return async () => fakes.show(before);
    },
    removeBatches: async (ids) => {
      fakes.note(`remove batches ${ids.join(" ")}`);
      const before = fakes.batchList.value;
      fakes.batchList.set(before.filter(({ id }) => !ids.includes(id)));
      return async () => fakes.batchList.set(before);
    },
    exportList: (format) => {
      fakes.note(`export ${format}`);
      return new File(["file"], `tamis.${format}`);
    },
  };
}
