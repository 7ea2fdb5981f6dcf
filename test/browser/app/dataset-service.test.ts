import { expect } from "chai";
import { Datasets } from "../../../src/app/services/dataset-service.ts";
import { Tabs } from "../../../src/app/services/tabs.ts";
import { failed } from "../../../src/contract/outcome.ts";
import { baseline } from "../../../src/domain/experiment/presets.ts";
import { pixelFormatKey } from "../../../src/domain/image/pixel-format.ts";
import { database } from "../../../src/storage/database.ts";
import { getDataset, listStoredDatasetIds, putDataset } from "../../../src/storage/datasets.ts";
import { listStoredFormats, storeChunk } from "../../../src/storage/shards.ts";
import { clearDatabase, FakeDecoders, folderOf, pathsOf, until } from "./fakes.ts";

const neverAborted = new AbortController().signal;
const noProgress = (): void => undefined;
const small = { ...baseline.pixels, width: 8, height: 8 };

describe("dataset service", () => {
  let decoders: FakeDecoders;
  let tabs: Tabs;
  let service: Datasets;
  const create = (): Datasets => new Datasets({ decoders, tabs, onStorage: () => undefined });

  beforeEach(async () => {
    await clearDatabase();
    decoders = new FakeDecoders();
    tabs = new Tabs(crypto.randomUUID());
    service = create();
  });
  afterEach(() => tabs.close());

  async function recordCount(): Promise<number> {
    const opened = await database();
    const counts = await Promise.all([...opened.objectStoreNames].map((name) => opened.count(name)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  it("imports one folder per class, guesses the positive class and lists what cannot be read", async () => {
    const folder = folderOf([...pathsOf(2, "Photos", "Text"), "Text/broken.png", "Text/.hidden", "desktop.ini"]);
    const outcome = await service.importFolder(folder);
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.value).to.deep.include({
      name: "scans",
      classNames: ["Photos", "Text"],
      positiveClass: "Photos",
      classCounts: [2, 2],
      findingCount: 1,
      cachedFormats: [pixelFormatKey(baseline.pixels)],
    });
    expect(service.datasets.value).to.deep.equal([outcome.value]);
    expect((await service.findings(outcome.value.id)).map((finding) => [finding.path, finding.reason])).to.deep.equal([
      ["Text/.hidden", "system-file"],
      ["Text/broken.png", "damaged"],
      ["desktop.ini", "system-file"],
    ]);
    expect(service.importing.value).to.equal(null);
  });

  it("imports in chunks and tells how far it is", async () => {
    const seen: number[] = [];
    service.importing.subscribe(() => seen.push(service.importing.value?.done ?? -1));
    await service.importFolder(folderOf(pathsOf(200, "Photo", "Text")));
    expect(decoders.chunks.map((chunk) => chunk.files.length)).to.deep.equal([128, 128, 128, 16]);
    expect(seen[0]).to.equal(0);
    expect(seen).to.include(400);
    expect(seen.at(-1)).to.equal(-1);
  });

  it("keeps nothing of an import that was cancelled before anything was stored", async () => {
    let open: () => void = () => undefined;
    decoders.gate = new Promise((resolve) => (open = resolve));
    const importing = service.importFolder(folderOf(pathsOf(200, "Photo", "Text")));
    await until(() => decoders.chunks.length > 0);
    expect(await service.importFolder(folderOf(["Photo/a.png"]))).to.include({ ok: false, code: "busy" });
    service.cancelImport();
    open();
    expect(await importing).to.include({ ok: false, code: "cancelled" });
    expect(await recordCount()).to.equal(0);
    expect(service.datasets.value).to.deep.equal([]);
  });

  it("keeps nothing where storage refuses", async () => {
    decoders.refusal = failed("storage-full", "Full.");
    expect(await service.importFolder(folderOf(pathsOf(2, "Photo")))).to.include({ ok: false, code: "storage-full" });
    expect(await recordCount()).to.equal(0);
  });

  it("finds the one file that kills its worker, and imports all the others", async () => {
    const outcome = await service.importFolder(folderOf([...pathsOf(20, "Photo", "Text"), "Text/killer.tif"]));
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.value.classCounts).to.deep.equal([20, 20]);
    const findings = await service.findings(outcome.value.id);
    expect(findings.map(({ path, reason }) => ({ path, reason }))).to.deep.equal([
      { path: "Text/killer.tif", reason: "unreadable" },
    ]);
    expect(outcome.value.findingCount).to.equal(1);
  });

  it("refuses a folder without class folders, and one in which nothing can be read", async () => {
    expect(await service.importFolder(folderOf(["a.png", "b.png"]))).to.include({ ok: false, code: "bad-input" });
    expect(await service.importFolder(folderOf(["Photo/broken.png"]))).to.include({ ok: false, code: "bad-input" });
    expect(await recordCount()).to.equal(0);
  });

  it("refuses what does not fit on the device, before anything is stored", async () => {
    const { estimate } = navigator.storage;
    navigator.storage.estimate = () => Promise.resolve({ usage: 900, quota: 1_000 });
    try {
      const outcome = await service.importFolder(folderOf(pathsOf(2, "Photo", "Text")));
      expect(outcome).to.include({ ok: false, code: "storage-full" });
    } finally {
      navigator.storage.estimate = estimate;
    }
    expect(decoders.chunks).to.deep.equal([]);
    expect(await recordCount()).to.equal(0);
  });

  it("removes at start-up what an import left that never finished, and nothing else", async () => {
    const kept = await service.importFolder(folderOf(pathsOf(2, "Photo", "Text")));
    if (!kept.ok) throw new Error(kept.message);
    const leftover = { format: "8x8-area-stretch", shardId: "1", imageIds: ["x"], pixels: new Blob(["x"]) };
    const common = { thumbnails: [], images: [] };
    await storeChunk({
      ...common,
      shard: { ...leftover, datasetId: "gone" },
      findings: [{ datasetId: "gone", path: "Photo/b", className: "Photo", reason: "empty", detail: "" }],
    });
    await storeChunk({ ...common, shard: { ...leftover, datasetId: kept.value.id }, findings: [] });
    await create().load();
    expect(await listStoredDatasetIds()).to.deep.equal([kept.value.id]);
    expect(await listStoredFormats(kept.value.id)).to.deep.equal(kept.value.cachedFormats);
    expect(await service.images(kept.value.id)).to.have.length(4);
  });

  it("leaves alone what another tab is importing", async () => {
    let open: () => void = () => undefined;
    const importing = service.importFolder(folderOf(pathsOf(200, "Photo", "Text")));
    decoders.gate = new Promise((resolve) => (open = resolve));
    await until(() => decoders.chunks.length > 0);
    await create().load();
    open();
    const outcome = await importing;
    if (!outcome.ok) throw new Error(outcome.message);
    expect(await service.images(outcome.value.id)).to.have.length(400);
  });

  describe("an interrupted import", () => {
    /** Cancelled after its first chunk of 128 files. */
    async function interrupted(folder = folderOf(pathsOf(100, "Photo", "Text"))): Promise<string> {
      decoders.mostChunks = 1;
      decoders.chunks.length = 0;
      const importing = service.importFolder(folder);
      await until(() => service.importing.value?.done === 128);
      service.cancelImport();
      expect(await importing).to.include({ ok: false, code: "cancelled" });
      decoders.mostChunks = Number.POSITIVE_INFINITY;
      return service.interrupted.value[0]!.datasetId;
    }

    it("is listed, also after a restart, and goes on without reading anything twice", async () => {
      const folder = folderOf(pathsOf(100, "Photo", "Text"));
      const id = await interrupted(folder);
      expect(service.datasets.value).to.deep.equal([]);
      service = create();
      await service.load();
      expect(service.interrupted.value[0]).to.deep.include({ datasetId: id, stored: 128, total: 200 });
      expect(await service.resumeImport(id, null)).to.include({ ok: false, code: "not-found" });
      const before = decoders.chunks.length;
      const outcome = await service.resumeImport(id, folder);
      if (!outcome.ok) throw new Error(outcome.message);
      expect(decoders.chunks.slice(before).map((chunk) => chunk.files.length)).to.deep.equal([72]);
      expect(outcome.value).to.deep.include({ id, name: "scans", classCounts: [100, 100], positiveClass: "Photo" });
      expect(service.interrupted.value).to.deep.equal([]);
    });

    it("can be kept as it is, or discarded", async () => {
      const kept = await service.keepImported(await interrupted());
      expect(kept.ok && kept.value.classCounts).to.deep.equal([100, 28]);
      await service.remove(kept.ok ? kept.value.id : "");
      await service.discardImport(await interrupted());
      expect(await recordCount()).to.equal(0);
    });
  });

  it("adds to a dataset what it does not have, and keeps a changed file beside the old one", async () => {
    const first = await service.importFolder(folderOf(pathsOf(2, "Photo", "Text")));
    if (!first.ok) throw new Error(first.message);
    const target = { datasetId: first.value.id };
    const { length } = decoders.chunks;
    const same = await service.importFolder(folderOf(pathsOf(2, "Photo", "Text")), target);
    expect(same.ok && same.value.classCounts).to.deep.equal([2, 2]);
    expect(decoders.chunks.length).to.equal(length);
    const changed = new File(["another"], "0.png", { lastModified: 2_000 });
    const more = { ...folderOf(["Photo/new.png", "Map/m.png"]), handles: [] };
    const files = [...more.files, { path: "Photo/0.png", file: changed }];
    const added = await service.importFolder({ ...more, files }, target);
    expect(added.ok && added.value.classNames).to.deep.equal(["Map", "Photo", "Text"]);
    expect((await service.images(first.value.id)).map(({ path }) => path)).to.deep.equal([
      "Map/m.png",
      "Photo/0 (2).png",
      "Photo/0.png",
      "Photo/1.png",
      "Photo/new.png",
      "Text/0.png",
      "Text/1.png",
    ]);
    const loose = await service.importFolder(folderOf(["loose.png"]), { ...target, looseClass: "Text" });
    expect(loose.ok && loose.value.classCounts).to.deep.equal([1, 4, 3]);
  });

  it("looks into archives, and lists what has no class", async () => {
    const archive = (name: string, ...paths: string[]) => ({ path: name, file: new File([paths.join("\n")], name) });
    const files = [
      archive("Photo.zip", "Photo/Photo/a.png"),
      archive("Text.zip", "b.png", "c.png"),
      ...folderOf(["beside.png", "desktop.ini"]).files,
    ];
    const outcome = await service.importFolder({ name: "Photo, Text", files, handles: [] });
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.value.classCounts).to.deep.equal([1, 2]);
    // What a file manager wrote is listed, but not counted as missing.
    expect(outcome.value.findingCount).to.equal(1);
    expect(await service.findings(outcome.value.id)).to.deep.include.members([
      {
        datasetId: outcome.value.id,
        path: "beside.png",
        className: "",
        reason: "without-class",
        detail: "The file lies in no class folder.",
      },
      {
        datasetId: outcome.value.id,
        path: "desktop.ini",
        className: "",
        reason: "system-file",
        detail: "One file.",
      },
    ]);
    const broken = { name: "x", files: [{ path: "x.zip", file: new File(["broken"], "x.zip") }], handles: [] };
    expect(await service.importFolder(broken)).to.include({ ok: false, code: "bad-input" });
  });

  describe("another pixel format", () => {
    it("is cached from the files that are still in memory", async () => {
      const imported = await service.importFolder(folderOf(pathsOf(3, "Photo", "Text")));
      if (!imported.ok) throw new Error(imported.message);
      const { id } = imported.value;
      expect(await service.prepare(id, small, noProgress, neverAborted)).to.deep.equal({ ok: true, value: undefined });
      expect((await getDataset(id))?.cachedFormats).to.deep.equal([baseline.pixels, small].map(pixelFormatKey));
      const { length } = decoders.chunks;
      await service.prepare(id, small, noProgress, neverAborted);
      expect(decoders.chunks).to.have.length(length);
    });

    it("asks for the folder after a restart, and is cached when the same folder is chosen again", async () => {
      const folder = folderOf([...pathsOf(3, "Photo", "Text"), "Photo/broken.png"]);
      const imported = await service.importFolder(folder);
      if (!imported.ok) throw new Error(imported.message);
      const restarted = create();
      await restarted.load();
      const refused = await restarted.prepare(imported.value.id, small, noProgress, neverAborted);
      expect(refused).to.include({ ok: false, code: "not-cached" });
      const again = await restarted.importFolder(folder);
      if (!again.ok) throw new Error(again.message);
      expect(again.value.id).to.equal(imported.value.id);
      expect(again.value.cachedFormats).to.include(pixelFormatKey(small));
      expect(restarted.datasets.value).to.have.length(1);
    });

    it("leaves no half of it where it is cancelled", async () => {
      const imported = await service.importFolder(folderOf(pathsOf(3, "Photo", "Text")));
      if (!imported.ok) throw new Error(imported.message);
      const outcome = await service.prepare(imported.value.id, small, noProgress, AbortSignal.abort());
      expect(outcome).to.include({ ok: false, code: "cancelled" });
      expect(await listStoredFormats(imported.value.id)).to.deep.equal(imported.value.cachedFormats);
    });

    it("is not taken for complete where a file cannot be read any more", async () => {
      const imported = await service.importFolder(folderOf(pathsOf(3, "Photo", "Text")));
      if (!imported.ok) throw new Error(imported.message);
      const { importChunk } = decoders;
      decoders.importChunk = async (...parameters) => {
        const outcome = await importChunk.apply(decoders, parameters);
        return outcome.ok ? { ok: true, value: { images: 5, unreadable: 1 } } : outcome;
      };
      const outcome = await service.prepare(imported.value.id, small, noProgress, neverAborted);
      expect(outcome).to.include({ ok: false, code: "not-cached" });
      expect((await getDataset(imported.value.id))?.cachedFormats).to.deep.equal(imported.value.cachedFormats);
    });
  });

  it("imports a changed folder of the same name as another dataset", async () => {
    await service.importFolder(folderOf(pathsOf(3, "Photo", "Text")));
    await service.importFolder(folderOf(pathsOf(4, "Photo", "Text")));
    expect(service.datasets.value).to.have.length(2);
  });

  it("renames, changes the positive class to one that exists, and removes", async () => {
    const imported = await service.importFolder(folderOf(pathsOf(2, "Photo", "Text")));
    if (!imported.ok) throw new Error(imported.message);
    const { id } = imported.value;
    await service.rename(id, "  Box 12 ");
    await service.setPositiveClass(id, "Text");
    await service.setPositiveClass(id, "Painting");
    expect(service.datasets.value[0]).to.include({ name: "Box 12", positiveClass: "Text" });
    await service.remove(id);
    expect(service.datasets.value).to.deep.equal([]);
    expect(await recordCount()).to.equal(0);
  });

  it("hears of another tab's datasets", async () => {
    const name = crypto.randomUUID();
    const here = new Tabs(name);
    const there = new Tabs(name);
    const listening = new Datasets({ decoders, tabs: here, onStorage: () => undefined });
    await putDataset({
      id: "x",
      name: "x",
      createdAt: 1,
      classNames: [],
      positiveClass: "",
      classCounts: [],
      findingCount: 0,
      cachedFormats: [],
    });
    there.tell({ type: "changed", what: "datasets" });
    await until(() => listening.datasets.value.length === 1);
    here.close();
    there.close();
  });
});
