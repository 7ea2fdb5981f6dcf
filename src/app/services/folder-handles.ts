/// <reference types="wicg-file-system-access" />
/** Folders that the browser remembers: whether they may be read, and files in them. */

/** @param mayAsk asks the person where it has to, which browsers allow only soon after a click; too late is a no */
export async function isAllowed(
  handle: FileSystemHandle,
  mode: "read" | "readwrite",
  mayAsk: boolean,
): Promise<boolean> {
  if ((await handle.queryPermission({ mode })) === "granted") return true;
  if (!mayAsk) return false;
  try {
    return (await handle.requestPermission({ mode })) === "granted";
  } catch (error) {
    // Not soon enough after a click.
    if (error instanceof DOMException && error.name === "SecurityError") return false;
    throw error;
  }
}

/**
 * The file at a path below a folder; null where it is not there or may not be read.
 * @param folders keeps the handles of folders that were opened before, by path
 */
export async function fileBelow(
  root: FileSystemDirectoryHandle,
  path: string,
  folders: Map<string, Promise<FileSystemDirectoryHandle>>,
): Promise<File | null> {
  const parts = path.split("/");
  const name = parts.pop()!;
  let folder = Promise.resolve(root);
  for (let depth = 1; depth <= parts.length; depth++) {
    const key = parts.slice(0, depth).join("/");
    const parent = folder;
    folder = folders.get(key) ?? parent.then((handle) => handle.getDirectoryHandle(parts[depth - 1]!));
    folders.set(key, folder);
  }
  try {
    return await (await (await folder).getFileHandle(name)).getFile();
  } catch (error) {
    if (error instanceof DOMException && (error.name === "NotFoundError" || error.name === "NotReadableError"))
      return null;
    throw error;
  }
}
