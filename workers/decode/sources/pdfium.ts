/** PDFium, started when it is needed, its memory limited; and started anew after a defect. */
import { init, type WrappedPdfiumModule } from "@embedpdf/pdfium";
import wasmUrl from "@embedpdf/pdfium/pdfium.wasm?url";
import { messageOf, Refusal } from "../refusal.ts";
import { limitedWasm } from "./limited-wasm.ts";

/** The file, what is inflated of it, and one page as RGBA. */
export const mostMemory = 280 * 1024 * 1024;
/** With more than this in its memory, which never shrinks, PDFium is started anew. */
const retiredMemory = 96 * 1024 * 1024;

let started: Promise<WrappedPdfiumModule> | null = null;

export function pdfium(): Promise<WrappedPdfiumModule> {
  started ??= start().catch((error: unknown) => {
    started = null;
    throw error;
  });
  return started;
}

async function start(): Promise<WrappedPdfiumModule> {
  const wasmBinary = (await limitedWasm(wasmUrl, mostMemory)).buffer;
  const module = await init({ wasmBinary, print: () => undefined, printErr: () => undefined });
  module.PDFiumExt_Init();
  return module;
}

/** To be called when a file is done with. */
export function retireIfLarge(pdf: WrappedPdfiumModule): void {
  if (pdf.pdfium.HEAPU8.length > retiredMemory) started = null;
}

/** A trap (out of memory, or a defect that the file found) leaves the module in pieces: the next file gets a new one. */
export function guarded<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    started = null;
    throw new Refusal("damaged", `PDFium gave up: ${messageOf(error)}`);
  }
}

/** A document in PDFium's memory; 0 as its handle where it cannot be read, the reason by `FPDF_GetLastError`. */
export interface LoadedDocument {
  readonly handle: number;
  close(): void;
}

export function loadDocument(pdf: WrappedPdfiumModule, file: Uint8Array): LoadedDocument {
  const { malloc, free } = pdf.pdfium.wasmExports;
  const content = malloc(file.length);
  pdf.pdfium.HEAPU8.set(file, content);
  try {
    // The password is a pointer for PDFium, a string for its wrapper: none.
    const handle = guarded(() => pdf.FPDF_LoadMemDocument(content, file.length, ""));
    const close = () =>
      guarded(() => {
        if (handle) pdf.FPDF_CloseDocument(handle);
        free(content);
      });
    return { handle, close };
  } catch (error) {
    free(content);
    throw error;
  }
}
