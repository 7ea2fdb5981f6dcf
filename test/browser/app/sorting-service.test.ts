import { expect } from "chai";
import { Originals } from "../../../src/app/services/classification/originals.ts";
import { Sorting } from "../../../src/app/services/classification/sorting-service.ts";
import type { SortedFile } from "../../../src/domain/capture/sorting.ts";
import type { PickedFile } from "../../../src/ui/services/picked-files.ts";
import { clearDatabase } from "./fakes.ts";

const ignore = (): void => undefined;
const never = new AbortController().signal;

describe("sorting into folders", function () {
  this.timeout(30_000);
  let root: FileSystemDirectoryHandle;
  let target: FileSystemDirectoryHandle;
  let originals: Originals;
  let sorting: Sorting;

  beforeEach(async () => {
    await clearDatabase();
    root = await navigator.storage.getDirectory();
    target = await root.getDirectoryHandle(crypto.randomUUID(), { create: true });
    originals = new Originals();
    sorting = new Sorting(originals);
  });
  afterEach(() => root.removeEntry(target.name, { recursive: true }));

  /** 200 files in two folders, with every name twice. */
  function picked(): PickedFile[] {
    return Array.from({ length: 200 }, (_, index) => {
      const path = `box-${index % 2}/scan ${Math.floor(index / 2)}.jpg`;
      return { path, file: new File([`content of ${path}`], path.split("/")[1]!, { lastModified: 1 }) };
    });
  }

  function planOf(files: readonly PickedFile[]): SortedFile[] {
    return files.map(({ path, file }, index) => {
      const group = index % 3 === 0 ? "photo" : "not-photo";
      return { file: path, byteLength: file.size, group, target: `${group}/${path.split("/")[1]!}` };
    });
  }

  async function write(folder: string, name: string, text: string): Promise<void> {
    const inner = await target.getDirectoryHandle(folder, { create: true });
    const writable = await (await inner.getFileHandle(name, { create: true })).createWritable();
    await writable.write(text);
    await writable.close();
  }

  /** Text by path. */
  async function contents(): Promise<Map<string, string>> {
    const all = new Map<string, string>();
    for await (const [folder, handle] of target.entries()) {
      if (handle.kind === "file") continue;
      for await (const [name, inner] of handle.entries()) {
        all.set(`${folder}/${name}`, await (await (inner as FileSystemFileHandle).getFile()).text());
      }
    }
    return all;
  }

  it("loses and overwrites nothing of 200 files, in folders that hold some of the names", async () => {
    await write("photo", "scan 0.jpg", "somebody else's");
    await write("not-photo", "scan 5.jpg", "also somebody else's");
    // Stopped half-way before: the same file lies there already.
    await write("not-photo", "scan 1.jpg", "content of box-0/scan 1.jpg");
    const files = picked();
    originals.remember("b", files);
    const plan = planOf(files);
    expect(await sorting.takenNames(plan, target)).to.be.above(2);
    const outcome = await sorting.sortInto("b", plan, target, { moves: false }, ignore, never);
    expect(outcome).to.deep.equal({
      ok: true,
      value: { copied: 199, moved: 0, alreadyThere: 1, missing: [] },
    });
    const all = await contents();
    expect(all.get("photo/scan 0.jpg")).to.equal("somebody else's");
    expect(all.get("not-photo/scan 5.jpg")).to.equal("also somebody else's");
    expect(all.size).to.equal(202);
    const texts = new Set(all.values());
    for (const { path } of files) expect(texts.has(`content of ${path}`), path).to.equal(true);
  });

  it("goes on where it was stopped, and writes a log each time", async () => {
    const files = picked();
    originals.remember("b", files);
    const plan = planOf(files);
    const stopping = new AbortController();
    const stopped = await sorting.sortInto(
      "b",
      plan,
      target,
      { moves: false },
      ({ done }) => {
        if (done === 50) stopping.abort();
      },
      stopping.signal,
    );
    expect(stopped).to.include({ ok: false, code: "cancelled" });
    const outcome = await sorting.sortInto("b", plan, target, { moves: false }, ignore, never);
    expect(outcome.ok && outcome.value).to.deep.equal({ copied: 150, moved: 0, alreadyThere: 50, missing: [] });
    expect((await contents()).size).to.equal(200);
    const log = await (await (await target.getFileHandle("tamis-log (2).csv")).getFile()).text();
    expect(log.split("\r\n")).to.have.length(202);
  });

  it("moves: the original goes once its copy is complete", async () => {
    const source = await root.getDirectoryHandle(`source-${crypto.randomUUID()}`, { create: true });
    const handle = await source.getFileHandle("a.jpg", { create: true });
    const writable = await handle.createWritable();
    await writable.write("a");
    await writable.close();
    await originals.keepFolder("b", source);
    const plan: SortedFile[] = [
      { file: `${source.name}/a.jpg`, byteLength: 1, group: "photo", target: "photo/a.jpg" },
      { file: `${source.name}/gone.jpg`, byteLength: 1, group: "photo", target: "photo/gone.jpg" },
    ];
    const outcome = await sorting.sortInto("b", plan, target, { moves: true }, ignore, never);
    expect(outcome.ok && outcome.value).to.deep.equal({
      copied: 0,
      moved: 1,
      alreadyThere: 0,
      missing: [`${source.name}/gone.jpg`],
    });
    expect([...(await contents())]).to.deep.equal([["photo/a.jpg", "a"]]);
    const left: string[] = [];
    for await (const [name] of source.entries()) left.push(name);
    expect(left).to.deep.equal([]);
    await root.removeEntry(source.name, { recursive: true });
  });

  it("makes a zip of folders for browsers that give none", async () => {
    const files = picked().slice(0, 4);
    originals.remember("b", files);
    const plan = planOf(files).map((planned) => ({ ...planned, target: "photo/same.jpg" }));
    const outcome = await sorting.zip("b", plan, ignore, never);
    const bytes = outcome.ok ? await outcome.value.file.text() : "";
    for (const name of ["photo/same.jpg", "photo/same (2).jpg", "photo/same (4).jpg", "tamis-log.csv"]) {
      expect(bytes).to.contain(name);
    }
  });
});
