/**
 * Decoded pictures of moderate size in a WebAssembly memory, where they are resized with SIMD: to the same bytes as src/domain/image/resize.ts
 * gives, in a fraction of the time.
 */
import { type AxisTable, axisTable } from "../../src/domain/image/axis.ts";
import { type Frame, frameOf } from "../../src/domain/image/frame.ts";
import { bytesPerImage, type PixelFormat, type Resampling } from "../../src/domain/image/pixel-format.ts";
import kernelUrl from "../kernels/build/kernels-pictures.wasm?url";
import { encodeThumbnail, thumbnailSizeOf } from "./picture.ts";
import type { PagePicture } from "./sources/page-source.ts";

/** What is kept for the next picture once one was this large, 16 MiB; larger pictures are read in strips. */
const mostPixels = 4 * 1024 * 1024;
const pageBytes = 65_536;
/** 64 MiB: the picture, tables and lines. */
const mostPages = 1_024;
/** Of the kernel's arguments, four bytes each. */
const argumentFields = 10;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly resize: (args: number) => void;
}

let loading: Promise<Kernel | null> | null = null;

/** Null where the browser has no SIMD. */
async function load(): Promise<Kernel | null> {
  const response = await fetch(kernelUrl);
  if (!response.ok) throw new Error(`${kernelUrl} cannot be loaded (status ${response.status}).`);
  const bytes = await response.arrayBuffer();
  if (!WebAssembly.validate(bytes)) return null;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages });
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return { memory, resize: instance.exports["resize"] as Kernel["resize"] };
}

/** Where it cannot be loaded, pictures go the slower way, and the next one tries again. */
function kernel(): Promise<Kernel | null> {
  loading ??= load().catch(() => {
    loading = null;
    return null;
  });
  return loading;
}

/** Ends when nobody holds the memory. */
let free: Promise<void> = Promise.resolve();

/**
 * The picture in the memory, which it holds until it is closed; the bitmap is needed no longer then. Null where it must be read in another way: it is
 * large, or not opaque, or the browser lacks something.
 *
 * @param isOpaque whether the bitmap is known to have no transparent pixels, whatever its layout says
 */
export async function heldPicture(bitmap: ImageBitmap, isOpaque: boolean): Promise<PagePicture | null> {
  const { width, height } = bitmap;
  if (width * height > mostPixels || typeof VideoFrame === "undefined") return null;
  const resizer = await kernel();
  if (!resizer) return null;
  const frame = new VideoFrame(bitmap, { timestamp: 0 });
  try {
    const isPlain = frame.visibleRect?.width === width && frame.visibleRect.height === height;
    const { format } = frame;
    const isOpaqueLayout = format === "RGBX" || format === "BGRX";
    if (!isPlain || !(isOpaqueLayout || (isOpaque && (format === "RGBA" || format === "BGRA")))) return null;
    const before = free;
    let release = (): void => undefined;
    free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    try {
      grow(resizer.memory, frame.allocationSize());
      const [plane] = await frame.copyTo(new Uint8Array(resizer.memory.buffer, 0, frame.allocationSize()));
      const isSwapped = format.startsWith("B");
      return new HeldPicture(resizer, { width, height, isSwapped, stride: plane!.stride }, release);
    } catch (error) {
      release();
      throw error;
    }
  } finally {
    frame.close();
  }
}

interface Layout {
  readonly width: number;
  readonly height: number;
  /** Whether blue comes first. */
  readonly isSwapped: boolean;
  readonly stride: number;
}

/** Lies at the memory's beginning. */
class HeldPicture implements PagePicture {
  readonly width: number;
  readonly height: number;
  readonly close: () => void;
  readonly #kernel: Kernel;
  readonly #layout: Layout;

  constructor(resizer: Kernel, layout: Layout, close: () => void) {
    this.width = layout.width;
    this.height = layout.height;
    this.close = close;
    this.#kernel = resizer;
    this.#layout = layout;
  }

  resized(format: PixelFormat): Uint8Array<ArrayBuffer> {
    const frame = frameOf(this.#layout, format, format.aspect);
    return this.#resize(frame, format, 3, new Uint8Array(bytesPerImage(format)));
  }

  thumbnail(size: number) {
    const small = thumbnailSizeOf(this.width, this.height, size);
    const image = new ImageData(small.width, small.height);
    const frame = frameOf(this.#layout, small, "stretch");
    this.#resize(frame, { ...small, resampling: "area" }, 4, image.data);
    return encodeThumbnail(image);
  }

  #resize<T extends Uint8Array | Uint8ClampedArray>(
    { source, target }: Frame,
    { width, height, resampling }: { width: number; height: number; resampling: Resampling },
    targetBytes: 3 | 4,
    result: T,
  ): T {
    const { memory, resize } = this.#kernel;
    const { stride, isSwapped } = this.#layout;
    const columns = tableOf(source.width, target.width, resampling);
    const rows = tableOf(source.height, target.height, resampling);
    let end = this.height * stride;
    const place = (bytes: number): number => {
      const at = Math.ceil(end / 16) * 16;
      end = at + bytes;
      return at;
    };
    const args = place(argumentFields * 4);
    const tables = [columns, rows].map((table) => ({
      table,
      at: place(16),
      starts: place(table.starts.byteLength),
      weights: place(table.weights.byteLength),
    }));
    const lines = place((rows.taps + 1) * target.width * 32);
    const held = place(rows.taps * 4);
    const to = place(width * height * targetBytes);
    grow(memory, end);
    const words = new Int32Array(memory.buffer);
    for (const { table, at, starts, weights } of tables) {
      words.set([starts, weights, table.taps, table.starts.length], at / 4);
      words.set(table.starts, starts / 4);
      new Float64Array(memory.buffer, weights, table.weights.length).set(table.weights);
    }
    const from = source.top * stride + source.left * 4;
    const [columnsAt, rowsAt] = [tables[0]!.at, tables[1]!.at];
    const targetStride = width * targetBytes;
    const first = to + target.top * targetStride + target.left * targetBytes;
    words.set(
      [from, stride, Number(isSwapped), columnsAt, rowsAt, lines, held, first, targetStride, targetBytes],
      args / 4,
    );
    const bytes = new Uint8Array(memory.buffer, to, result.length);
    // What lies outside of the frame is black.
    if (target.width < width || target.height < height) bytes.fill(0);
    resize(args);
    result.set(bytes);
    return result;
  }
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}

/** Data sets have few shapes, and a table costs about as much as the resize by it. Cleared when there are too many. */
const tables = new Map<string, AxisTable>();
const mostTables = 256;

function tableOf(from: number, to: number, resampling: Resampling): AxisTable {
  const key = `${from} ${to} ${resampling}`;
  const known = tables.get(key);
  if (known) return known;
  if (tables.size >= mostTables) tables.clear();
  const table = axisTable(from, to, resampling);
  tables.set(key, table);
  return table;
}
