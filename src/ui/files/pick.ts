/// <reference types="wicg-file-system-access" />
/** Asks the person for a folder. */
import type { PickedFolder } from "../services.ts";
import { readDirectory, type OnFound } from "./folders.ts";

/** Whether the browser gives handles, with which a folder can be read again later; elsewhere an `<input webkitdirectory>` has to do. */
export function canPickDirectories(): boolean {
  return "showDirectoryPicker" in window;
}

/** Opens the browser's folder picker. Null where the person thought better of it. */
export async function pickDirectory(onFound: OnFound): Promise<PickedFolder | null> {
  let handle: FileSystemDirectoryHandle;
  try {
    handle = await window.showDirectoryPicker({ mode: "read" });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  }
  return { name: handle.name, files: await readDirectory(handle, onFound), handle };
}
