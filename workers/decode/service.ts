/** What a decode worker answers, to the page and (by `connect`) to the engine. */
import { expose, transfer } from "comlink";
import type { DecodeService } from "../../src/contract/decode.ts";
import { augmentedViews } from "./augmented-views.ts";
import { decodeFile } from "./decode-file.ts";
import { importChunk } from "./import-chunk.ts";

export const decodeService: DecodeService = {
  async decode(request) {
    const decoded = await decodeFile(request);
    if (!decoded.ok) return decoded;
    return transfer(
      decoded,
      decoded.pages.map((page) => page.rgb.buffer),
    );
  },
  augmentedViews,
  importChunk,
  async findDuplicates(request, onEvent, signal) {
    // Loaded once a data set is there to search.
    const { findDuplicates } = await import("./duplicates.ts");
    return findDuplicates(request, onEvent, signal);
  },
  // Few imports have an archive.
  listArchive: async (...call) => (await import("./archive/list.ts")).listArchive(...call),
  connect(port) {
    expose(decodeService, port);
    return Promise.resolve();
  },
};
