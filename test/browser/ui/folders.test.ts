import { expect } from "chai";
import { datasetFolderOf, filesOf, folderOfInput, readDirectory, readDrop } from "../../../src/ui/files/folders.ts";

function file(name: string, webkitRelativePath = ""): File {
  const made = new File([name], name);
  Object.defineProperty(made, "webkitRelativePath", { value: webkitRelativePath });
  return made;
}

/** A folder with its handle, in the browser's own private file system. */
async function madeFolder(paths: readonly string[]): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(`archive-${Math.random()}`, { create: true });
  for (const path of paths) {
    const parts = path.split("/");
    let inner = folder;
    for (const part of parts.slice(0, -1)) inner = await inner.getDirectoryHandle(part, { create: true });
    const handle = await inner.getFileHandle(parts.at(-1) ?? "", { create: true });
    const writable = await handle.createWritable();
    await writable.write(path);
    await writable.close();
  }
  return folder;
}

/** The entries that browsers without handles give, a hundred at a time. */
function entry(name: string, children?: readonly FileSystemEntry[]): FileSystemEntry {
  if (!children) {
    return {
      name,
      isFile: true,
      isDirectory: false,
      file: (done: (file: File) => void) => done(file(name)),
    } as unknown as FileSystemEntry;
  }
  return {
    name,
    isFile: false,
    isDirectory: true,
    createReader: () => {
      let at = 0;
      return {
        readEntries: (done: (some: readonly FileSystemEntry[]) => void) => {
          const some = children.slice(at, at + 100);
          at += some.length;
          setTimeout(() => done(some));
        },
      };
    },
  } as unknown as FileSystemEntry;
}

function transfer(entries: readonly FileSystemEntry[]): DataTransfer {
  const items = entries.map((dropped) => ({
    kind: "file",
    webkitGetAsEntry: () => dropped,
    getAsFile: () => null,
  }));
  return { items } as unknown as DataTransfer;
}

describe("folders", () => {
  it("are read from a handle, with their sub-folders and a count", async () => {
    const paths = ["Photo/a.jpg", "Photo/deep/er/b.jpg", "Text/c.jpg", "loose.txt"];
    const counts: number[] = [];
    const files = await readDirectory(await madeFolder(paths), (count) => counts.push(count));
    expect(files.map((picked) => picked.path).sort()).to.deep.equal([...paths].sort());
    const deep = files.find((picked) => picked.path === "Photo/deep/er/b.jpg");
    expect(await deep?.file.text()).to.equal("Photo/deep/er/b.jpg");
    expect(counts.at(-1)).to.equal(4);
  });

  it("are read from an input, without the picked folder's own name", () => {
    const folder = folderOfInput([file("a.jpg", "dev/Photo/a.jpg"), file("b.jpg", "dev/b.jpg")]);
    expect(folder?.name).to.equal("dev");
    expect(folder?.files.map((picked) => picked.path)).to.deep.equal(["Photo/a.jpg", "b.jpg"]);
    expect(folderOfInput([])).to.equal(null);
  });

  it("are read from a drop, however many files there are", async () => {
    const many = Array.from({ length: 250 }, (_, index) => entry(`${index}.jpg`));
    const dropped = await readDrop(transfer([entry("dev", [entry("Photo", many), entry("x.txt")]), entry("one.jpg")]));
    expect(dropped.folders).to.have.length(1);
    expect(dropped.folders[0]?.files).to.have.length(251);
    expect(dropped.folders[0]?.files.map((picked) => picked.path)).to.include("Photo/249.jpg");
    expect(dropped.files.map((picked) => picked.path)).to.deep.equal(["one.jpg"]);
    expect(filesOf(dropped).map((picked) => picked.path)).to.include("dev/Photo/0.jpg");
  });

  it("prefer handles, which let a folder be read again later", async () => {
    const handle = await madeFolder(["Photo/a.jpg"]);
    const items = [
      {
        kind: "file",
        webkitGetAsEntry: () => null,
        getAsFile: () => null,
        getAsFileSystemHandle: () => Promise.resolve(handle),
      },
    ];
    const dropped = await readDrop({ items } as unknown as DataTransfer);
    expect(dropped.folders[0]?.handles).to.deep.equal([handle]);
    expect(dropped.folders[0]?.files.map((picked) => picked.path)).to.deep.equal(["Photo/a.jpg"]);
  });

  it("make one dataset: the folder that was dropped, or the classes that were dropped together", async () => {
    const one = datasetFolderOf(await readDrop(transfer([entry("dev", [entry("Photo", [entry("a.jpg")])])])));
    expect(one?.name).to.equal("dev");
    expect(one?.files.map((picked) => picked.path)).to.deep.equal(["Photo/a.jpg"]);
    const two = datasetFolderOf(
      await readDrop(transfer([entry("Photo", [entry("a.jpg")]), entry("Text", [entry("b.jpg")])])),
    );
    expect(two?.name).to.equal("Photo, Text");
    expect(two?.files.map((picked) => picked.path)).to.deep.equal(["Photo/a.jpg", "Text/b.jpg"]);
    const archives = datasetFolderOf(await readDrop(transfer([entry("Photo.zip"), entry("Text.zip")])));
    expect(archives?.name).to.equal("Photo, Text");
    expect(archives?.files.map((picked) => picked.path)).to.deep.equal(["Photo.zip", "Text.zip"]);
    expect(datasetFolderOf(await readDrop(transfer([])))).to.equal(null);
  });
});
