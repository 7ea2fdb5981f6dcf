/** SVG, by resvg: without scripts and without anything from outside. Whatever font a drawing asks for, its text is set in the one that is here. */
import fontUrl from "@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf?url";
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import wasmUrl from "@resvg/resvg-wasm/index_bg.wasm?url";
import { messageOf, Refusal, refuseSize } from "../refusal.ts";
import { describeMissing, lettersMissing } from "./letters.ts";
import { limitedWasm, loadBytes } from "./limited-wasm.ts";
import type { PageSource } from "./page-source.ts";
import { rasterPicture } from "./raster.ts";

const mostMemory = 256 * 1024 * 1024;
/** As wide as Arial, letter by letter. */
const fontFamily = "Arimo";
/** resvg starts once in a worker's life; then the font is there too. */
let started: Promise<Uint8Array> | null = null;

async function start(): Promise<Uint8Array> {
  const font = loadBytes(fontUrl);
  await initWasm(await limitedWasm(wasmUrl, mostMemory));
  return font;
}

/** Its pixels are drawn in resvg's memory and copied out of it. */
const mostDrawnPixels = 30_000_000;

export async function svgSource(file: Uint8Array): Promise<PageSource> {
  started ??= start().catch((error: unknown) => {
    started = null;
    throw error;
  });
  const letters = await started;
  const font = {
    fontBuffers: [letters],
    ...{ defaultFontFamily: fontFamily, serifFamily: fontFamily, sansSerifFamily: fontFamily },
    ...{ cursiveFamily: fontFamily, fantasyFamily: fontFamily, monospaceFamily: fontFamily },
  };
  const damage = describeMissing(lettersMissing(file, letters));
  const drawing = attempt(() => new Resvg(file, { background: "#fff", font }));
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
        return { ...rasterPicture({ ...raster, channels: 4, hasAlpha: false, data }), damage };
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
