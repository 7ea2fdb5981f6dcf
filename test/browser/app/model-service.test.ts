import { expect } from "chai";
import { succeeded } from "../../../src/contract/outcome.ts";
import { Models } from "../../../src/app/services/model-service.ts";
import { installStarter, starterModelId } from "../../../src/app/services/starter-model.ts";
import { Tabs } from "../../../src/app/services/tabs.ts";
import { getWeights } from "../../../src/storage/models.ts";
import { getSetting, putSetting } from "../../../src/storage/settings.ts";
import { clearDatabase, FakeEngine, modelOf, storeModel } from "./fakes.ts";

describe("model service", () => {
  let engine: FakeEngine;
  let tabs: Tabs;
  let service: Models;

  beforeEach(async () => {
    await clearDatabase();
    engine = new FakeEngine();
    tabs = new Tabs(crypto.randomUUID());
    service = new Models(engine, tabs, { prepare: () => Promise.resolve(succeeded(undefined)) });
    await storeModel(modelOf("old", 1));
    await storeModel(modelOf("new", 2));
    await service.load();
  });
  afterEach(() => tabs.close());

  it("lists the newest first, and classifies with the starter model, or else the newest, until one is chosen", async () => {
    expect(service.models.value.map((model) => model.id)).to.deep.equal(["new", "old"]);
    expect(service.defaultModelId.value).to.equal("new");
    await storeModel(modelOf(starterModelId, 0));
    await service.changed();
    expect(service.defaultModelId.value).to.equal(starterModelId);
    await service.setDefault("old");
    expect(service.defaultModelId.value).to.equal("old");
  });

  it("has no default where there is no model", async () => {
    await service.remove("old");
    await service.remove("new");
    expect(service.defaultModelId.value).to.equal(null);
  });

  it("renames, but not to nothing", async () => {
    await service.rename("old", " Saint-Denis ");
    await service.rename("new", "   ");
    const names = service.models.value.map((model) => model.metadata.name);
    expect(names).to.deep.equal(["Model new", "Saint-Denis"]);
  });

  it("removes a model with its weights, and brings both back with its place as the default", async () => {
    await service.setDefault("old");
    const undo = await service.remove("old");
    expect(await getWeights("old")).to.equal(undefined);
    expect(service.defaultModelId.value).to.equal("new");
    await undo();
    expect(await (await getWeights("old"))?.weights.text()).to.equal("weights");
    expect(service.defaultModelId.value).to.equal("old");
  });

  it("exports under a name that any system takes", async () => {
    await service.rename("old", "Notes: «A/B»?");
    const outcome = await service.exportBundle("old");
    if (!outcome.ok) throw new Error(outcome.message);
    expect(outcome.value.name).to.match(/^[^<>:"/\\|?*]+\.zip$/);
    expect(await outcome.value.text()).to.equal("old");
    expect(await service.exportBundle("gone")).to.include({ ok: false, code: "not-found" });
  });

  it("imports a zip, and passes on why one cannot be", async () => {
    expect((await service.importFiles([{ path: "m.zip", file: new File(["good"], "m.zip") }])).ok).to.equal(true);
    expect(service.models.value[0]).to.include({ id: "imported", origin: "imported" });
    expect(await service.importFiles([{ path: "m.zip", file: new File(["bad"], "m.zip") }])).to.include({
      ok: false,
      code: "bad-model",
    });
  });
});

describe("starter model", () => {
  const { fetch } = globalThis;
  let engine: FakeEngine;
  let answer: () => Promise<Response>;

  beforeEach(async () => {
    await clearDatabase();
    engine = new FakeEngine();
    globalThis.fetch = () => answer();
  });
  afterEach(() => {
    globalThis.fetch = fetch;
  });

  const zip =
    (content: string): (() => Promise<Response>) =>
    () =>
      Promise.resolve(new Response(`PK${content}`));

  it("is installed once, and again when another one comes", async () => {
    answer = zip("first");
    expect((await installStarter(engine)).ok).to.equal(true);
    const again = await installStarter(engine);
    expect(again).to.deep.equal({ ok: true, value: null });
    expect(engine.imported.map(({ id }) => id)).to.deep.equal([starterModelId]);
    answer = zip("second");
    await installStarter(engine);
    expect(engine.imported).to.have.length(2);
  });

  it("is tried again where it could not be installed", async () => {
    answer = zip("bad");
    expect(await installStarter(engine)).to.include({ ok: false, code: "bad-model" });
    expect(await getSetting("starterDigest")).to.equal(undefined);
    answer = zip("good");
    expect((await installStarter(engine)).ok).to.equal(true);
  });

  it("is done without where there is none, or no network", async () => {
    await putSetting("starterDigest", "of another one");
    for (const absent of [
      () => Promise.resolve(new Response("not found", { status: 404 })),
      () => Promise.resolve(new Response("<!doctype html>")),
      () => Promise.reject(new TypeError("Failed to fetch")),
    ]) {
      answer = absent;
      expect(await installStarter(engine)).to.deep.equal({ ok: true, value: null });
    }
    expect(engine.imported).to.deep.equal([]);
    expect(await getSetting("starterDigest")).to.equal("of another one");
  });
});
