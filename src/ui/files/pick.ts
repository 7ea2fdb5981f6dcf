/// <reference types="wicg-file-system-access" />
/** Asks the person for a folder. */
import type { PickedFolder } from "../services.ts";
import { readDirectory, type OnFound } from "./folders.ts";

/** Whether the browser gives handles, with which a folder can be read again later; elsewhere an `<input webkitdirectory>` has to do. */
export function canPickDirectories(): boolean {
  return "showDirectoryPicker" in window;
}

/** Opens the browser's folder picker for a folder's handle. Null where the person thought better of it. */
export async function pickHandle(mode: "read" | "readwrite"): Promise<FileSystemDirectoryHandle | null> {
  try {
    return await window.showDirectoryPicker({ mode });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  }
}

/** Opens the browser's folder picker and lists the folder. Null where the person thought better of it. */
export async function pickDirectory(onFound: OnFound): Promise<PickedFolder | null> {
  const handle = await pickHandle("read");
  return handle && { name: handle.name, files: await readDirectory(handle, onFound), handle };
}
