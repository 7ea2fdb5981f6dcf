/** PDF pages at 150 dpi, by PDFium. */
import type { WrappedPdfiumModule } from "@embedpdf/pdfium";
import { Refusal, refusePages, refuseSize } from "../refusal.ts";
import type { PagePicture, PageSource } from "./page-source.ts";
import { guarded, loadDocument, mostMemory, pdfium, retireIfLarge } from "./pdfium.ts";
import { rasterPicture } from "./raster.ts";

const pixelsPerPoint = 150 / 72;
const formatRgbx = 3;
const drawAnnotations = 0x01;
/** RGB, not BGR. */
const reverseByteOrder = 0x10;
const errorPassword = 4;
const errorSecurity = 5;

export async function pdfSource(file: Uint8Array): Promise<PageSource> {
  if (file.length > mostMemory / 2) throw new Refusal("too-large", `A PDF of ${file.length} bytes is not read.`);
  const pdf = await pdfium();
  const loaded = loadDocument(pdf, file);
  const document = loaded.handle;
  const close = () => {
    loaded.close();
    retireIfLarge(pdf);
  };
  try {
    if (!document) throw refusalOf(pdf.FPDF_GetLastError());
    const pages = pdf.FPDF_GetPageCount(document);
    if (pages === 0) throw new Refusal("damaged", "The PDF has no page.");
    refusePages(pages);
    const sizes = Array.from({ length: pages }, (_, page) => sizeOf(pdf, document, page));
    for (const { width, height } of sizes) refuseSize(width, height);
    const pixels = Math.max(...sizes.map(({ width, height }) => width * height));
    return { pages, pixels, close, page: (page) => Promise.resolve().then(() => render(pdf, document, page)) };
  } catch (error) {
    close();
    throw error;
  }
}

function refusalOf(error: number): Refusal {
  return error === errorPassword || error === errorSecurity
    ? new Refusal("unreadable", "The PDF is encrypted: it opens with a password only.")
    : new Refusal("damaged", "The PDF is damaged: its structure cannot be read.");
}

/** Without loading the page: its box alone is looked at. */
function sizeOf(pdf: WrappedPdfiumModule, document: number, page: number): { width: number; height: number } {
  const { malloc, free } = pdf.pdfium.wasmExports;
  const size = malloc(8);
  try {
    if (!guarded(() => pdf.FPDF_GetPageSizeByIndexF(document, page, size))) return { width: 0, height: 0 };
    const [width, height] = new Float32Array(pdf.pdfium.HEAPU8.slice(size, size + 8).buffer);
    return { width: Math.round(width! * pixelsPerPoint), height: Math.round(height! * pixelsPerPoint) };
  } finally {
    free(size);
  }
}

function render(pdf: WrappedPdfiumModule, document: number, index: number): PagePicture {
  const { width, height } = sizeOf(pdf, document, index);
  if (width < 1 || height < 1) throw new Refusal("damaged", `Page ${index + 1} has no size.`);
  const page = guarded(() => pdf.FPDF_LoadPage(document, index));
  if (!page) throw new Refusal("damaged", `Page ${index + 1} cannot be read.`);
  const bitmap = guarded(() => pdf.FPDFBitmap_CreateEx(width, height, formatRgbx, 0, 0));
  const close = () =>
    guarded(() => {
      if (bitmap) pdf.FPDFBitmap_Destroy(bitmap);
      pdf.FPDF_ClosePage(page);
    });
  try {
    if (!bitmap) throw new Refusal("too-large", `Page ${index + 1} does not fit into the memory.`);
    guarded(() => {
      pdf.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
      pdf.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, drawAnnotations | reverseByteOrder);
    });
    const stride = pdf.FPDFBitmap_GetStride(bitmap);
    const start = pdf.FPDFBitmap_GetBuffer(bitmap);
    const data = pdf.pdfium.HEAPU8.subarray(start, start + stride * height);
    return rasterPicture({ width, height, channels: 4, hasAlpha: false, stride, data }, close);
  } catch (error) {
    close();
    throw error;
  }
}
