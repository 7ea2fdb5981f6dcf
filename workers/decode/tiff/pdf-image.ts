/** JPEG blocks of a TIFF, by PDFium: a PDF holds JPEGs in just the same way (also with four inks), so a block becomes the one picture of a PDF. */
import { Bytes } from "../formats/bytes.ts";
import { readJpeg } from "../formats/jpeg.ts";
import { messageOf, Refusal } from "../refusal.ts";
import { guarded, loadDocument, pdfium, retireIfLarge } from "../sources/pdfium.ts";

export interface DecodedBlock {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Row after row without gaps. */
  readonly data: Uint8Array;
  /** Rows that cannot be read, where the encoding tells. */
  readonly damagedRows: number;
}

interface PdfImage {
  readonly width: number;
  readonly height: number;
  /** The rest of the picture's dictionary. */
  readonly entries: string;
  readonly data: Uint8Array;
}

export interface JpegBlock {
  /** What all blocks of the page have in common; empty where each is whole. */
  readonly tables: Uint8Array;
  readonly samples: number;
  /** Whether three samples are red, green and blue as they are. */
  readonly isRgb: boolean;
  readonly mostWidth: number;
  readonly mostHeight: number;
}

const markerLength = 2;

/** @throws Refusal where the JPEG declares more than its block holds */
export async function decodeJpeg(
  block: Uint8Array,
  { tables, samples, isRgb, mostWidth, mostHeight }: JpegBlock,
): Promise<DecodedBlock> {
  // The tables without their end marker, then the block without its start marker.
  const data =
    tables.length > 2 * markerLength
      ? joined(tables.subarray(0, tables.length - markerLength), block.subarray(markerLength))
      : block;
  const { width, height } = readJpeg(new Bytes(data));
  // A picture's edge may be filled up to whole blocks of 16.
  if (!(width <= mostWidth + 16 && height <= mostHeight + 16))
    throw new Refusal("too-large", `A JPEG within the TIFF declares ${width} × ${height} pixels.`);
  const colours = ["", "/DeviceGray", "", "/DeviceRGB", "/DeviceCMYK"][samples] ?? "";
  if (colours === "") throw new Refusal("unsupported-format", `TIFF with a JPEG of ${samples} channels`);
  const parameters = isRgb ? "/DecodeParms << /ColorTransform 0 >>" : "";
  const entries = `/BitsPerComponent 8 /ColorSpace ${colours} /Filter /DCTDecode ${parameters}`;
  return decodeImage({ width, height, entries, data });
}

const formatGrey = 1;
const formatBgr = 2;

async function decodeImage(image: PdfImage): Promise<DecodedBlock> {
  const pdf = await pdfium();
  const document = loadDocument(pdf, pdfOf(image));
  let page = 0;
  let bitmap = 0;
  try {
    if (document.handle) page = guarded(() => pdf.FPDF_LoadPage(document.handle, 0));
    if (page) bitmap = guarded(() => pdf.FPDFImageObj_GetBitmap(pdf.FPDFPage_GetObject(page, 0)));
    if (!bitmap) throw new Refusal("damaged", "A part of the picture cannot be decoded.");
    const format = pdf.FPDFBitmap_GetFormat(bitmap);
    const stride = pdf.FPDFBitmap_GetStride(bitmap);
    const start = pdf.FPDFBitmap_GetBuffer(bitmap);
    const rows = pdf.pdfium.HEAPU8.subarray(start, start + stride * image.height);
    return { width: image.width, height: image.height, damagedRows: 0, ...withoutGaps(rows, image, stride, format) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("damaged", messageOf(error));
  } finally {
    guarded(() => {
      if (bitmap) pdf.FPDFBitmap_Destroy(bitmap);
      if (page) pdf.FPDF_ClosePage(page);
      document.close();
    });
    retireIfLarge(pdf);
  }
}

/** From PDFium's rows, whose colours stand in reverse. */
function withoutGaps(
  rows: Uint8Array,
  { width, height }: PdfImage,
  stride: number,
  format: number,
): Pick<DecodedBlock, "channels" | "data"> {
  const channels = format === formatGrey ? 1 : 3;
  const step = format === formatGrey ? 1 : format === formatBgr ? 3 : 4;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, out = 0; y < height; y++) {
    if (channels === 1) {
      data.set(rows.subarray(y * stride, y * stride + width), out);
      out += width;
      continue;
    }
    for (let x = 0, at = y * stride; x < width; x++, at += step, out += 3) {
      data[out] = rows[at + 2]!;
      data[out + 1] = rows[at + 1]!;
      data[out + 2] = rows[at]!;
    }
  }
  return { channels, data };
}

/** A PDF (ISO 32000) of one page with one picture. */
function pdfOf({ width, height, entries, data }: PdfImage): Uint8Array {
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let length = 0;
  const add = (part: Uint8Array | string): void => {
    const bytes = typeof part === "string" ? new TextEncoder().encode(part) : part;
    parts.push(bytes);
    length += bytes.length;
  };
  const object = (dictionary: string, stream?: Uint8Array): void => {
    offsets.push(length);
    add(`${offsets.length} 0 obj\n<< ${dictionary} >>\n`);
    if (stream) {
      add("stream\n");
      add(stream);
      add("\nendstream\n");
    }
    add("endobj\n");
  };
  const drawing = new TextEncoder().encode(`${width} 0 0 ${height} 0 0 cm /I Do`);
  add("%PDF-1.4\n");
  object("/Type /Catalog /Pages 2 0 R");
  object("/Type /Pages /Kids [3 0 R] /Count 1");
  object(
    `/Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >>`,
  );
  object(`/Length ${drawing.length}`, drawing);
  object(`/Type /XObject /Subtype /Image /Width ${width} /Height ${height} ${entries} /Length ${data.length}`, data);
  const references = length;
  const lines = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  add(`xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${lines}`);
  add(`trailer\n<< /Size ${offsets.length + 1} /Root 1 0 R >>\nstartxref\n${references}\n%%EOF`);
  return joined(...parts);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
