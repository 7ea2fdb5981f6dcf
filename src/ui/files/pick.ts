/// <reference types="wicg-file-system-access" />
/** Asks the person for a folder, or for files. */
import type { PickedFolder } from "../services/picked-files.ts";
import { type OnFound, readDirectory, readHandles } from "./folders.ts";

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
  return handle && { name: handle.name, files: await readDirectory(handle, onFound), handles: [handle] };
}

/** Whether the browser gives handles of files. */
export function canPickFiles(): boolean {
  return "showOpenFilePicker" in window;
}

/** Opens the browser's picker for archives and files. Null where the person thought better of it. */
export async function pickFiles(onFound: OnFound): Promise<PickedFolder | null> {
  try {
    return await readHandles(await window.showOpenFilePicker({ multiple: true }), onFound);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return null;
    throw error;
  }
}
