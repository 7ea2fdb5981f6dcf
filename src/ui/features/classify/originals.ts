/** The files that were classified since the page was opened, so that one can be shown large; a File is a handle and costs no memory. */
import type { Capture } from "../../../domain/capture/capture.ts";
import type { PickedFile } from "../../services.ts";

const originals = new Map<string, File>();

/** What a browser shows by itself. Other formats and further pages are shown as their thumbnail. */
const shownByBrowser = /\.(jpe?g|jfif|png|webp|gif|bmp|avif)$/i;
/** A picture larger than this, in bytes, would stall a tablet while it is only looked at. */
const largestShown = 40e6;

export function rememberOriginals(files: readonly PickedFile[]): void {
  for (const { path, file } of files) originals.set(path, file);
}

/** The file of a capture, where it is still known and the browser can show it. */
export function originalOf(capture: Capture): File | undefined {
  const file = originals.get(capture.file);
  if (!file || capture.page > 0 || file.size > largestShown || !shownByBrowser.test(file.name)) return undefined;
  return file;
}
