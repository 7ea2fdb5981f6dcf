/** SVG, by resvg: without scripts, without anything from outside, and without text, for which there is no font. */
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import wasmUrl from "@resvg/resvg-wasm/index_bg.wasm?url";
import { messageOf, Refusal, refuseSize } from "../refusal.ts";
import { limitedWasm } from "./limited-wasm.ts";
import type { PageSource } from "./page-source.ts";
import { rasterPicture } from "./raster.ts";

const mostMemory = 256 * 1024 * 1024;
/** resvg starts once in a worker's life. */
let started: Promise<void> | null = null;

async function start(): Promise<void> {
  await initWasm(await limitedWasm(wasmUrl, mostMemory));
}

/** Its pixels are drawn in resvg's memory and copied out of it. */
const mostDrawnPixels = 30_000_000;

export async function svgSource(file: Uint8Array): Promise<PageSource> {
  started ??= start().catch((error: unknown) => {
    started = null;
    throw error;
  });
  await started;
  const drawing = attempt(() => new Resvg(file, { background: "#fff", font: { loadSystemFonts: false } }));
  const width = Math.ceil(drawing.width);
  const height = Math.ceil(drawing.height);
  try {
    refuseSize(width, height);
    if (width * height > mostDrawnPixels)
      throw new Refusal("too-large", `The drawing declares ${width} × ${height} pixels.`);
  } catch (error) {
    drawing.free();
    throw error;
  }
  return {
    pages: 1,
    pixels: width * height,
    page: () =>
      Promise.resolve().then(() => {
        const picture = attempt(() => drawing.render());
        const raster = { width: picture.width, height: picture.height, stride: picture.width * 4 };
        const data = picture.pixels;
        picture.free();
        return rasterPicture({ ...raster, channels: 4, hasAlpha: false, data });
      }),
    close: () => drawing.free(),
  };
}

function attempt<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw new Refusal("damaged", `The drawing cannot be read: ${messageOf(error)}`);
  }
}
