/** A page of a file as large as a screen shows it. */
import type { SourceFile } from "../../../contract/decode.ts";
import type { Decoders } from "../../../runtime/decode-pool.ts";

/** What a browser shows by itself. */
const shownByBrowser = /\.(jpe?g|jfif|png|webp|gif|bmp|avif)$/i;
/** A picture larger than this, in bytes, would stall a tablet while it is only looked at. */
const largestShown = 40e6;
/** Longer side of what is decoded for the screen, in pixels. */
const shownSize = 1600;

/** The file itself where the browser can show it, else its page as a JPEG; undefined where it cannot be read. */
export async function largePicture(
  file: SourceFile,
  page: number,
  decoders: Pick<Decoders, "decode">,
): Promise<Blob | undefined> {
  if (file instanceof File && page === 0 && file.size <= largestShown && shownByBrowser.test(file.name)) return file;
  return pagePicture(file, page, decoders);
}

/** A page as a JPEG of at most `shownSize` pixels; undefined where it cannot be read. */
export async function pagePicture(
  file: SourceFile,
  page: number,
  decoders: Pick<Decoders, "decode">,
): Promise<Blob | undefined> {
  const pixels = { width: 1, height: 1, resampling: "bilinear", aspect: "stretch" } as const;
  const decoded = await decoders.decode({ file, pixels, thumbnailSize: shownSize });
  if (!decoded.ok) return undefined;
  return decoded.pages.find((decodedPage) => decodedPage.page === page)?.thumbnail ?? undefined;
}
