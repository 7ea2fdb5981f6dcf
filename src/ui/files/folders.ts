/// <reference types="wicg-file-system-access" />
/** Folders and files as the browser gives them (picker, `webkitdirectory`, drag and drop), read into what the services take. */
import type { PickedFile, PickedFolder } from "../services.ts";

/** Told now and then how many files were found so far. */
export type OnFound = (files: number) => void;

/** Files are asked for this many at a time: each is a round trip to the browser process. */
const filesAtOnce = 64;

/** Lists a folder that the File System Access API gave, with its sub-folders. */
export async function readDirectory(
  handle: FileSystemDirectoryHandle,
  onFound: OnFound = () => undefined,
): Promise<PickedFile[]> {
  const found: { readonly path: string; readonly handle: FileSystemFileHandle }[] = [];
  const walk = async (folder: FileSystemDirectoryHandle, above: string): Promise<void> => {
    for await (const [name, entry] of folder.entries()) {
      const path = `${above}${name}`;
      if (entry.kind === "directory") await walk(entry, `${path}/`);
      else found.push({ path, handle: entry });
    }
  };
  await walk(handle, "");
  const files: PickedFile[] = [];
  for (let start = 0; start < found.length; start += filesAtOnce) {
    const some = found.slice(start, start + filesAtOnce);
    files.push(
      ...(await Promise.all(some.map(async (entry) => ({ path: entry.path, file: await entry.handle.getFile() })))),
    );
    onFound(files.length);
  }
  return files;
}

/** The folder that an `<input webkitdirectory>` gives: paths lose the picked folder's own name. Null where nothing was picked. */
export function folderOfInput(list: FileList | readonly File[]): PickedFolder | null {
  const files = [...list];
  const first = files[0];
  if (!first) return null;
  const name = first.webkitRelativePath.split("/")[0] ?? "";
  return {
    name: name === "" ? first.name : name,
    files: files.map((file) => ({
      path: name === "" ? file.name : file.webkitRelativePath.slice(name.length + 1),
      file,
    })),
    handle: null,
  };
}

/** What a drop brought: folders, and files that lay beside them. */
export interface Dropped {
  readonly folders: readonly PickedFolder[];
  readonly files: readonly PickedFile[];
}

type DroppedEntry = FileSystemHandle | FileSystemEntry | File;

/**
 * Starts reading a drop. Call it while the event is handled: afterwards the browser empties the transfer. Handles are preferred, since
 * they let a folder be read again later; entries are what other browsers have.
 */
export async function readDrop(transfer: DataTransfer, onFound: OnFound = () => undefined): Promise<Dropped> {
  const asked: Promise<DroppedEntry | null>[] = [...transfer.items]
    .filter((item) => item.kind === "file")
    .map((item) => {
      const entry = "webkitGetAsEntry" in item ? item.webkitGetAsEntry() : null;
      const file = item.getAsFile();
      if (!("getAsFileSystemHandle" in item)) return Promise.resolve(entry ?? file);
      return item.getAsFileSystemHandle().then(
        (handle) => handle ?? entry ?? file,
        () => entry ?? file,
      );
    });
  const folders: PickedFolder[] = [];
  const files: PickedFile[] = [];
  let before = 0;
  for (const entry of await Promise.all(asked)) {
    if (!entry) continue;
    const counting: OnFound = (count) => onFound(before + count);
    if (entry instanceof File) files.push({ path: entry.name, file: entry });
    else if ("kind" in entry) {
      if (entry.kind === "directory") {
        const handle = entry as FileSystemDirectoryHandle;
        folders.push({ name: handle.name, files: await readDirectory(handle, counting), handle });
      } else files.push({ path: entry.name, file: await (entry as FileSystemFileHandle).getFile() });
    } else if (entry.isDirectory) {
      const found = await readEntries(entry as FileSystemDirectoryEntry, counting);
      folders.push({ name: entry.name, files: found, handle: null });
    } else files.push({ path: entry.name, file: await fileOfEntry(entry as FileSystemFileEntry) });
    before = files.length + folders.reduce((sum, folder) => sum + folder.files.length, 0);
  }
  return { folders, files };
}

function fileOfEntry(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((fulfil, reject) => entry.file(fulfil, reject));
}

/** `readEntries` gives at most a hundred at a time, and an empty list at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((fulfil, reject) => reader.readEntries(fulfil, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function readEntries(folder: FileSystemDirectoryEntry, onFound: OnFound): Promise<PickedFile[]> {
  const files: PickedFile[] = [];
  const walk = async (inner: FileSystemDirectoryEntry, above: string): Promise<void> => {
    for (const entry of await entriesOf(inner)) {
      const path = `${above}${entry.name}`;
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, `${path}/`);
      else files.push({ path, file: await fileOfEntry(entry as FileSystemFileEntry) });
      if (files.length % filesAtOnce === 0) onFound(files.length);
    }
  };
  await walk(folder, "");
  onFound(files.length);
  return files;
}

/**
 * One dataset folder out of a drop: the folder itself, or, where several were dropped together, a folder that holds them as classes.
 * Null where no folder was among it.
 */
export function datasetFolderOf(dropped: Dropped): PickedFolder | null {
  const { folders } = dropped;
  const only = folders[0];
  if (!only) return null;
  if (folders.length === 1) return only;
  return {
    name: folders.map((folder) => folder.name).join(", "),
    files: folders.flatMap((folder) =>
      folder.files.map(({ path, file }) => ({ path: `${folder.name}/${path}`, file })),
    ),
    handle: null,
  };
}

/** Every file out of a drop, with the path that the person knows it by. */
export function filesOf(dropped: Dropped): PickedFile[] {
  return [
    ...dropped.files,
    ...dropped.folders.flatMap((folder) =>
      folder.files.map(({ path, file }) => ({ path: `${folder.name}/${path}`, file })),
    ),
  ];
}
