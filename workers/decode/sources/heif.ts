/** HEIC, by libheif: the primary picture, turned as the file says. Its colour profile is not looked at. */
import createLibheif from "libheif-js/libheif-wasm/libheif.js";
import wasmUrl from "libheif-js/libheif-wasm/libheif.wasm?url";
import { messageOf, Refusal, refuseSize } from "../refusal.ts";
import { limitedWasm } from "./limited-wasm.ts";
import type { Libheif } from "./libheif.ts";
import type { PageSource } from "./page-source.ts";
import { rasterPicture } from "./raster.ts";

const mostMemory = 256 * 1024 * 1024;
/** libheif holds the planes and the RGBA picture, and hands out a copy. */
const mostDecodedPixels = 36_000_000;

let started: Promise<Libheif> | null = null;

async function start(): Promise<Libheif> {
  const wasmBinary = (await limitedWasm(wasmUrl, mostMemory)).buffer;
  // Its own types know no decoder, and say `any` of the rest.
  return createLibheif({
    wasmBinary,
    print: () => undefined,
    printErr: () => undefined,
  }) as unknown as Promise<Libheif>;
}

export async function heifSource(file: Uint8Array): Promise<PageSource> {
  started ??= start().catch((error: unknown) => {
    started = null;
    throw error;
  });
  const libheif = await started;
  const decoder = new libheif.HeifDecoder();
  const images = attempt(() => decoder.decode(file));
  const close = () => {
    for (const image of images) image.free();
    if (decoder.decoder) libheif.heif_context_free(decoder.decoder);
  };
  const image = images.find((candidate) => candidate.is_primary());
  try {
    if (!image) throw new Refusal("damaged", "The file holds no picture that can be read.");
    const width = image.get_width();
    const height = image.get_height();
    refuseSize(width, height);
    if (width * height > mostDecodedPixels)
      throw new Refusal("too-large", `The file declares ${width} × ${height} pixels.`);
    return { pages: 1, pixels: width * height, page: () => decoded(libheif, image.handle), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function decoded(libheif: Libheif, handle: unknown) {
  const { heif_colorspace_RGB: rgb } = libheif.heif_colorspace;
  const { heif_chroma_interleaved_RGBA: rgba } = libheif.heif_chroma;
  const picture = await attempt(() => libheif.heif_js_decode_image2(handle, rgb, rgba));
  const plane = picture.channels?.find(({ id }) => id === libheif.heif_channel.heif_channel_interleaved);
  if (!plane) throw new Refusal("damaged", `The picture cannot be decoded: ${picture.message ?? "no reason given"}`);
  const { width, height, stride, data } = plane;
  return rasterPicture({ width, height, channels: 4, hasAlpha: true, stride, data }, () =>
    libheif.heif_image_release(picture.image),
  );
}

/** A trap leaves the module in pieces: the next file gets a new one. */
function attempt<T>(use: () => T): T {
  try {
    return use();
  } catch (error) {
    started = null;
    throw new Refusal("damaged", `libheif gave up: ${messageOf(error)}`);
  }
}
