import { expect } from "chai";
import { Classification } from "../../../src/app/services/classification/classification-service.ts";
import { MutableStore } from "../../../src/app/services/mutable-store.ts";
import { Tabs } from "../../../src/app/services/tabs.ts";
import { listCaptures, putBatch } from "../../../src/storage/captures.ts";
import { database } from "../../../src/storage/database.ts";
import type { PickedFile } from "../../../src/ui/services/picked-files.ts";
import { clearDatabase, FakeDecoders, FakeEngine, modelOf, storeModel, until } from "./fakes.ts";

const loose = { source: "files" } as const;

function filesOf(...names: string[]): PickedFile[] {
  return names.map((name) => ({ path: `box/${name}`, file: new File([name], name, { lastModified: 1 }) }));
}

describe("classification service", () => {
  let engine: FakeEngine;
  let tabs: Tabs;
  let defaultModelId: MutableStore<string | null>;
  let service: Classification;

  beforeEach(async () => {
    await clearDatabase();
    engine = new FakeEngine();
    engine.probabilityOf = (name) => Number(/\d+/.exec(name)?.[0] ?? 0) / 100;
    tabs = new Tabs(crypto.randomUUID());
    defaultModelId = new MutableStore<string | null>("m");
    await storeModel(modelOf("m"));
    service = new Classification({ engine, decoders: new FakeDecoders() }, defaultModelId, tabs);
  });
  afterEach(() => tabs.close());

  it("gives each page its verdict by the model's threshold and review band, and lists what cannot be read", async () => {
    const outcome = await service.classify(filesOf("10.png", "50.png", "90.png", "pages-60.tif", "broken.jpg"), loose);
    expect(outcome).to.deep.equal({ ok: true, value: { pages: 5, unreadable: 1 } });
    const rows = service.captures.value.map(({ file, page, verdict, error }) => [file, page, verdict ?? error?.reason]);
    expect(rows).to.deep.equal([
      ["box/10.png", 0, "not-photo"],
      ["box/50.png", 0, "to-review"],
      ["box/90.png", 0, "photo"],
      ["box/pages-60.tif", 0, "photo"],
      ["box/pages-60.tif", 1, "photo"],
      ["box/broken.jpg", 0, "damaged"],
    ]);
    expect(await (await service.thumbnail(service.captures.value[0]!))?.text()).to.equal("thumbnail");
    expect(service.progress.value).to.equal(null);
  });

  it("stores captures as they come, in an order that lasts", async () => {
    await service.classify(filesOf("1.png", "2.png", "3.png"), loose);
    await service.classify(filesOf("4.png"), loose);
    const again = new Classification({ engine, decoders: new FakeDecoders() }, defaultModelId, tabs);
    await again.load();
    expect(again.captures.value).to.deep.equal(service.captures.value);
    expect(again.captures.value.map((capture) => capture.file)).to.deep.equal(
      filesOf("1.png", "2.png", "3.png", "4.png").map(({ path }) => path),
    );
  });

  it("works on one call after the other, with the progress of all", async () => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    engine.gate = () => gate;
    const first = service.classify(filesOf("1.png", "2.png"), loose);
    const second = service.classify(filesOf("3.png"), loose);
    await until(() => service.progress.value?.total === 3);
    expect(service.progress.value?.done).to.equal(0);
    open();
    await Promise.all([first, second]);
    expect(service.captures.value).to.have.length(3);
    expect(service.progress.value).to.equal(null);
  });

  it("pauses, goes on with what is left, and classifies nothing twice", async () => {
    let calls = 0;
    engine.gate = () => (calls++ < 1 ? Promise.resolve() : new Promise(() => undefined));
    const files = filesOf("1.png", "2.png", "3.png");
    const running = service.classify(files, loose);
    await until(() => calls === 2);
    const { id } = service.openBatch.value!;
    service.pause(id);
    expect(await running).to.include({ ok: false, code: "cancelled" });
    expect(service.openBatch.value).to.deep.include({ status: "paused", files: 3, doneFiles: 1 });
    engine.gate = () => Promise.resolve();
    const outcome = await service.resume(id, (await service.findFiles(id))!);
    expect(outcome).to.deep.equal({ ok: true, value: { pages: 2, unreadable: 0 } });
    expect(service.captures.value.map((capture) => capture.file)).to.deep.equal([
      "box/1.png",
      "box/2.png",
      "box/3.png",
    ]);
    expect(service.openBatch.value).to.deep.include({ status: "finished", files: 3, doneFiles: 3 });
  });

  it("goes on after the app was closed half-way, with the same files given again", async () => {
    let calls = 0;
    engine.gate = () => (calls++ < 2 ? Promise.resolve() : new Promise(() => undefined));
    const files = filesOf("1.png", "pages-60.tif", "3.png");
    void service.classify(files, { source: "folder", name: "box" });
    await until(() => calls === 3);
    await until(() => service.openBatch.value?.doneFiles === 2);
    const { id } = service.openBatch.value!;
    // What the next start finds: nobody holds the lock of a tab that is gone.
    service.pause(id);
    await until(() => service.openBatch.value?.status === "paused");
    await putBatch({ ...service.openBatch.value!, status: "running" });
    const next = new Classification({ engine, decoders: new FakeDecoders() }, defaultModelId, tabs);
    await next.load();
    expect(next.openBatch.value).to.deep.include({ id, name: "box", status: "interrupted", files: 3, doneFiles: 2 });
    expect(await next.findFiles(id)).to.equal(null);
    engine.gate = () => Promise.resolve();
    expect(await next.resume(id, filesOf("1.png", "pages-60.tif", "3.png"))).to.deep.include({ ok: true });
    expect(next.captures.value.map(({ file, page }) => `${file} ${page}`)).to.deep.equal([
      "box/1.png 0",
      "box/pages-60.tif 0",
      "box/pages-60.tif 1",
      "box/3.png 0",
    ]);
    expect(next.openBatch.value).to.deep.include({ status: "finished", files: 3, doneFiles: 3 });
  });

  it("goes on with the rest where the engine dies over a file", async () => {
    engine.diesAfter = 2;
    const outcome = await service.classify(filesOf("1.png", "2.png", "3.png", "4.png"), loose);
    expect(outcome).to.deep.equal({ ok: true, value: { pages: 4, unreadable: 0 } });
  });

  it("begins a batch for a folder and for another model, and puts loose files together", async () => {
    await service.classify(filesOf("1.png"), loose);
    await service.classify(filesOf("2.png"), { source: "camera" });
    expect(service.captures.value).to.have.length(2);
    await service.classify(filesOf("3.png"), { source: "folder", name: "box" });
    expect(service.captures.value).to.have.length(1);
    await storeModel(modelOf("other"));
    defaultModelId.set("other");
    await service.classify(filesOf("4.png"), loose);
    expect(service.batches.value.map(({ modelId, files }) => [modelId, files])).to.deep.equal([
      ["other", 1],
      ["m", 1],
      ["m", 2],
    ]);
  });

  it("keeps a person's decision apart from the model's verdict, and takes it back", async () => {
    await service.classify(filesOf("50.png", "90.png"), loose);
    const [doubtful, photo] = service.captures.value;
    await service.decide([doubtful!], "photo");
    const undo = await service.decide([photo!], "not-photo");
    expect(service.captures.value.map(({ verdict, decision }) => [verdict, decision?.verdict])).to.deep.equal([
      ["to-review", "photo"],
      ["photo", "not-photo"],
    ]);
    expect(service.openBatch.value?.counts).to.deep.include({
      photo: 1,
      notPhoto: 1,
      toReview: 0,
      decided: 2,
      overruled: 1,
    });
    await undo();
    expect(service.openBatch.value?.counts).to.deep.include({ photo: 2, decided: 1, overruled: 0 });
    const csv = await service.exportList("csv").text();
    expect(csv.split("\r\n")[1]).to.equal("box/50.png,0,0.5,to-review,,photo");
  });

  it("deletes a batch with all that is stored of it, and brings it back", async () => {
    await service.classify(filesOf("1.png", "2.png"), { source: "camera" });
    const { id } = service.openBatch.value!;
    const captures = service.captures.value;
    const undo = await service.removeBatches([id]);
    expect(service.openBatch.value).to.equal(null);
    for (const store of ["batches", "captures", "thumbnails", "originals"] as const) {
      expect(await (await database()).count(store), store).to.equal(0);
    }
    await undo();
    expect(service.captures.value).to.deep.equal(captures);
    expect(await (await database()).count("originals")).to.equal(2);
  });

  it("says what to do where there is no model", async () => {
    defaultModelId.set(null);
    expect(await service.classify(filesOf("1.png"), loose)).to.include({ ok: false, code: "not-found" });
    defaultModelId.set("gone");
    expect(await service.classify(filesOf("1.png"), loose)).to.include({ ok: false, code: "not-found" });
  });

  it("removes captures and brings them back in their place, with their pictures", async () => {
    await service.classify(filesOf("1.png", "2.png", "3.png"), loose);
    const before = service.captures.value;
    const undo = await service.remove([before[1]!]);
    expect(service.captures.value).to.deep.equal([before[0], before[2]]);
    expect(await listCaptures(service.openBatch.value!.id)).to.have.length(2);
    await undo();
    expect(service.captures.value).to.deep.equal(before);
    expect(await (await service.thumbnail(before[1]!))?.text()).to.equal("thumbnail");
  });

  it("exports the list as CSV and JSON", async () => {
    await service.classify(filesOf("90.png", "broken.jpg"), loose);
    const csv = await service.exportList("csv").text();
    expect(csv.split("\r\n").slice(1)).to.deep.equal([
      "box/90.png,0,0.9,photo,,",
      "box/broken.jpg,0,,,damaged: cut short,",
      "",
    ]);
    expect(JSON.parse(await service.exportList("json").text())).to.deep.equal([
      { file: "box/90.png", page: 0, probability: 0.9, verdict: "photo" },
      { file: "box/broken.jpg", page: 0, probability: null, verdict: null, error: "damaged: cut short" },
    ]);
  });
});
