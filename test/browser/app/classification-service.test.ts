import { expect } from "chai";
import { Classification } from "../../../src/app/services/classification-service.ts";
import { MutableStore } from "../../../src/app/services/mutable-store.ts";
import { Tabs } from "../../../src/app/services/tabs.ts";
import { listCaptures } from "../../../src/storage/captures.ts";
import type { PickedFile } from "../../../src/ui/services.ts";
import { clearDatabase, FakeEngine, modelOf, storeModel, until } from "./fakes.ts";

function filesOf(...names: string[]): PickedFile[] {
  return names.map((name) => ({ path: `box/${name}`, file: new File([name], name) }));
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
    service = new Classification(engine, defaultModelId, tabs);
  });
  afterEach(() => tabs.close());

  it("gives each page its verdict by the model's threshold and review band, and lists what cannot be read", async () => {
    const outcome = await service.classify(filesOf("10.png", "50.png", "90.png", "pages-60.tif", "broken.jpg"));
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
    await service.classify(filesOf("1.png", "2.png", "3.png"));
    await service.classify(filesOf("4.png"));
    const again = new Classification(engine, defaultModelId, tabs);
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
    const first = service.classify(filesOf("1.png", "2.png"));
    const second = service.classify(filesOf("3.png"));
    await until(() => service.progress.value?.total === 3);
    expect(service.progress.value?.done).to.equal(0);
    open();
    await Promise.all([first, second]);
    expect(service.captures.value).to.have.length(3);
    expect(service.progress.value).to.equal(null);
  });

  it("keeps what was classified before a cancel, and goes on with what comes later", async () => {
    let calls = 0;
    engine.gate = () => (calls++ < 1 ? Promise.resolve() : new Promise(() => undefined));
    const running = service.classify(filesOf("1.png", "2.png"));
    const waiting = service.classify(filesOf("3.png"));
    await until(() => calls === 2);
    service.cancel();
    expect(await running).to.include({ ok: false, code: "cancelled" });
    expect(await waiting).to.include({ ok: false, code: "cancelled" });
    expect(service.captures.value.map((capture) => capture.file)).to.deep.equal(["box/1.png"]);
    engine.gate = () => Promise.resolve();
    expect((await service.classify(filesOf("4.png"))).ok).to.equal(true);
    expect(await listCaptures()).to.have.length(2);
  });

  it("says what to do where there is no model", async () => {
    defaultModelId.set(null);
    expect(await service.classify(filesOf("1.png"))).to.include({ ok: false, code: "not-found" });
    defaultModelId.set("gone");
    expect(await service.classify(filesOf("1.png"))).to.include({ ok: false, code: "not-found" });
  });

  it("removes captures and brings them back in their place, with their pictures", async () => {
    await service.classify(filesOf("1.png", "2.png", "3.png"));
    const before = service.captures.value;
    const undo = await service.remove([before[1]!]);
    expect(service.captures.value).to.deep.equal([before[0], before[2]]);
    expect(await listCaptures()).to.have.length(2);
    await undo();
    expect(service.captures.value).to.deep.equal(before);
    expect(await (await service.thumbnail(before[1]!))?.text()).to.equal("thumbnail");
  });

  it("exports the list as CSV and JSON", async () => {
    await service.classify(filesOf("90.png", "broken.jpg"));
    const csv = await service.exportList("csv").text();
    expect(csv.split("\r\n").slice(1)).to.deep.equal([
      "box/90.png,0,0.9,photo,",
      "box/broken.jpg,0,,,damaged: cut short",
      "",
    ]);
    expect(JSON.parse(await service.exportList("json").text())).to.deep.equal([
      { file: "box/90.png", page: 0, probability: 0.9, verdict: "photo" },
      { file: "box/broken.jpg", page: 0, probability: null, verdict: null, error: "damaged: cut short" },
    ]);
  });
});
