/// <reference types="wicg-file-system-access" />
/** Folders and files as the browser gives them (picker, `webkitdirectory`, drag and drop), read into what the services take. */
import type { PickedFile, PickedFolder } from "../services/picked-files.ts";

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

/** What these handles stand for: one folder as itself, several things each below its own name. */
export async function readHandles(
  handles: readonly FileSystemHandle[],
  onFound: OnFound = () => undefined,
): Promise<PickedFolder> {
  const dropped: { folders: PickedFolder[]; files: DroppedFile[] } = { folders: [], files: [] };
  let before = 0;
  for (const handle of handles) {
    if (handle.kind === "directory") {
      const folder = handle as FileSystemDirectoryHandle;
      const files = await readDirectory(folder, (count) => onFound(before + count));
      dropped.folders.push({ name: folder.name, files, handles: [folder] });
      before += files.length;
    } else {
      dropped.files.push({ path: handle.name, file: await (handle as FileSystemFileHandle).getFile(), handle });
      before += 1;
    }
    onFound(before);
  }
  return datasetFolderOf(dropped) ?? { name: "", files: [], handles };
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
    handles: [],
  };
}

/** A file with its handle, where the browser gives one. */
export interface DroppedFile extends PickedFile {
  readonly handle?: FileSystemHandle;
}

/** What a drop brought: folders, and files that lay beside them. */
export interface Dropped {
  readonly folders: readonly PickedFolder[];
  readonly files: readonly DroppedFile[];
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
  const files: DroppedFile[] = [];
  let before = 0;
  for (const entry of await Promise.all(asked)) {
    if (!entry) continue;
    const counting: OnFound = (count) => onFound(before + count);
    if (entry instanceof File) files.push({ path: entry.name, file: entry });
    else if ("kind" in entry) {
      if (entry.kind === "directory") {
        const handle = entry as FileSystemDirectoryHandle;
        folders.push({ name: handle.name, files: await readDirectory(handle, counting), handles: [handle] });
      } else files.push({ path: entry.name, file: await (entry as FileSystemFileHandle).getFile(), handle: entry });
    } else if (entry.isDirectory) {
      const found = await readEntries(entry as FileSystemDirectoryEntry, counting);
      folders.push({ name: entry.name, files: found, handles: [] });
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
 * What a dataset can be made of, out of a drop: a folder itself, or, where several things were dropped, one that holds them. Null where there was
 * nothing.
 */
export function datasetFolderOf(dropped: Dropped): PickedFolder | null {
  const { folders, files } = dropped;
  const [only] = folders;
  if (only && folders.length === 1 && files.length === 0) return only;
  if (folders.length + files.length === 0) return null;
  const names = [...folders.map((folder) => folder.name), ...files.map((file) => file.path)];
  const shown = names.slice(0, namesInTitle).map((name) => name.replace(/\.zip$/i, ""));
  return {
    name: names.length > namesInTitle ? `${shown.join(", ")} …` : shown.join(", "),
    files: filesOf(dropped),
    // Without the handle of one of them, the rest could not be read again as the same.
    handles: handlesOf(dropped),
  };
}

/** More would be no name. */
const namesInTitle = 4;

function handlesOf({ folders, files }: Dropped): readonly FileSystemHandle[] {
  const handles = [...folders.flatMap((folder) => folder.handles), ...files.flatMap(({ handle }) => handle ?? [])];
  return handles.length === folders.length + files.length ? handles : [];
}

/** Every file out of a drop, with the path that the person knows it by. */
export function filesOf(dropped: Dropped): PickedFile[] {
  return [
    ...dropped.files.map(({ path, file }) => ({ path, file })),
    ...dropped.folders.flatMap((folder) =>
      folder.files.map(({ path, file }) => ({ path: `${folder.name}/${path}`, file })),
    ),
  ];
}
