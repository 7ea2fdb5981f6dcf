import { expose } from "comlink";
import type { DecodeService } from "../../../src/contract/decode.ts";
import { failed, succeeded } from "../../../src/contract/outcome.ts";
import { exposeService } from "../../../src/contract/worker-endpoint.ts";

const self = crypto.randomUUID();

/** The dataset id says what to do; `decode` answers which worker it is. */
const service: DecodeService = {
  async decode({ file }) {
    if ((await (file as Blob).text()) === "killer") {
      globalThis.close();
      return new Promise(() => undefined);
    }
    return { ok: false, reason: "damaged", detail: self };
  },
  async importChunk({ datasetId, files }, onEvent, signal) {
    if (datasetId === "killer") {
      globalThis.close();
      return new Promise(() => undefined);
    }
    onEvent({ files: files.length, bytes: 0 });
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 40);
      signal.addEventListener("abort", () => resolve());
    });
    return signal.aborted ? failed("cancelled", "Cancelled.") : succeeded({ images: files.length, unreadable: 0 });
  },
  findDuplicates: () => Promise.resolve(succeeded({ exact: [], near: [] })),
  listArchive: () => Promise.resolve(succeeded({ entries: [], problems: [] })),
  augmentedViews: () => Promise.resolve(succeeded([])),
  connect(port) {
    expose(service, port);
    return Promise.resolve();
  },
};

exposeService(service);
