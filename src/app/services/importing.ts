/** What brings images in, loaded together when a folder is picked or a remembered one is gone through. */
export { cacheFormat } from "./format-cache.ts";
export { gather } from "./gathering.ts";
export { discardImport, finishImport, runImport } from "./importer.ts";
