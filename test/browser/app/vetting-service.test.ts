import { expect } from "chai";
import { Datasets } from "../../../src/app/services/dataset-service.ts";
import { splitDataset } from "../../../src/app/services/new-run.ts";
import { duplicatesLock, isHeld, Tabs, whenFree } from "../../../src/app/services/tabs.ts";
import { Vetting } from "../../../src/app/services/vetting-service.ts";
import type { DuplicateEvent, DuplicateRequest } from "../../../src/contract/decode.ts";
import { failed, type Outcome } from "../../../src/contract/outcome.ts";
import type { KnownDuplicates } from "../../../src/domain/dataset/leakage.ts";
import { defaultSplit } from "../../../src/domain/dataset/split-types.ts";
import { choicesOf } from "../../../src/domain/vetting/decisions.ts";
import { database } from "../../../src/storage/database.ts";
import { clearDatabase, FakeDecoders, folderOf, pathsOf, until } from "./fakes.ts";

/** Searches, of which each waits for its gate; a cancelled one stores nothing. */
class FakeSearch extends FakeDecoders {
  searchGate: Promise<void> = Promise.resolve();
  searches = 0;

  override async findDuplicates(
    request: DuplicateRequest,
    onEvent: (event: DuplicateEvent) => void = () => undefined,
    signal = new AbortController().signal,
  ): Promise<Outcome<KnownDuplicates>> {
    this.searches += 1;
    onEvent({ done: 1, total: 4 });
    await Promise.race([this.searchGate, new Promise((resolve) => signal.addEventListener("abort", resolve))]);
    return signal.aborted ? failed("cancelled", "Cancelled.") : super.findDuplicates(request);
  }
}

describe("vetting service", () => {
  let decoders: FakeSearch;
  let tabs: Tabs;
  let datasets: Datasets;
  let vetting: Vetting;

  beforeEach(async () => {
    await clearDatabase();
    decoders = new FakeSearch();
    tabs = new Tabs(crypto.randomUUID());
    datasets = new Datasets({ decoders, tabs, onStorage: () => undefined });
    vetting = new Vetting({ decoders, datasets });
  });
  afterEach(() => tabs.close());

  /** Five images in each of two classes. */
  async function imported(): Promise<string> {
    const outcome = await datasets.importFolder(folderOf(pathsOf(5, "Photo", "Text")));
    if (!outcome.ok) throw new Error(outcome.message);
    // The service has looked by then whether there is anything to search.
    await whenFree(duplicatesLock(outcome.value.id));
    return outcome.value.id;
  }

  async function putFingerprints(datasetId: string): Promise<void> {
    const { images } = await vetting.of(datasetId);
    const opened = await database();
    for (const [index, { image }] of images.entries()) {
      const grey = new Uint8Array(1024);
      await opened.put("fingerprints", { ...image, grey, colourfulness: index, sha256: null });
    }
  }

  async function chosen(datasetId: string): Promise<string[]> {
    const { images } = await vetting.of(datasetId);
    return images.flatMap(({ image, choice }) =>
      choice ? [[image.imageId, choice.verdict, choice.className].filter(Boolean).join(" ")] : [],
    );
  }

  async function decide(datasetId: string, ids: string[], kind: "leave-out" | "keep"): Promise<() => Promise<void>> {
    const { images } = await vetting.of(datasetId);
    return vetting.choose(
      datasetId,
      choicesOf(
        images.filter(({ image }) => ids.includes(image.imageId)),
        { kind },
      ),
    );
  }

  it("searches what was imported by itself, once, and tells what nobody looked at", async () => {
    const id = await imported();
    await putFingerprints(id);
    expect((await vetting.of(id)).unsearched).to.equal(10);
    await datasets.load();
    // Another tab, or the next start: this one began no search yet.
    const next = new Vetting({ decoders, datasets });
    await datasets.load();
    await whenFree(duplicatesLock(id));
    expect(decoders.searches).to.equal(1);
    const known = await next.of(id);
    expect(known.unsearched).to.equal(0);
    expect(known.colourfulness.get("Photo/1.png")).to.equal(1);
    await datasets.load();
    expect(decoders.searches).to.equal(1);
  });

  it("tells how far a search is, cancels it, and begins it anew when asked", async () => {
    const id = await imported();
    decoders.searchGate = new Promise(() => undefined);
    const search = vetting.search(id);
    await until(() => vetting.searching.value !== null);
    expect(vetting.searching.value).to.deep.include({ datasetId: id, done: 1, total: 4 });
    expect((await vetting.search(id)).ok).to.equal(false);
    vetting.cancelSearch();
    expect(await search).to.deep.include({ ok: false, code: "cancelled" });
    expect(vetting.searching.value).to.equal(null);
    expect(await isHeld(duplicatesLock(id))).to.equal(false);
    decoders.searchGate = Promise.resolve();
    expect((await vetting.search(id)).ok).to.equal(true);
    expect((await vetting.of(id)).duplicates?.near).to.deep.equal([["Photo/0.png", "Photo/1.png"]]);
  });

  it("keeps choices, counts classes by them, undoes and redoes", async () => {
    const id = await imported();
    await decide(id, ["Photo/0.png"], "leave-out");
    await vetting.choose(id, new Map([["Text/0.png", { className: "Photo", verdict: null }]]));
    expect(await chosen(id)).to.deep.equal(["Photo/0.png left-out", "Text/0.png Photo"]);
    expect(datasets.datasets.value[0]!.classCounts).to.deep.equal([5, 4]);
    await vetting.undo(id);
    expect(datasets.datasets.value[0]!.classCounts).to.deep.equal([4, 5]);
    await vetting.undo(id);
    await vetting.undo(id);
    expect(await chosen(id)).to.deep.equal([]);
    await vetting.redo(id);
    expect(await chosen(id)).to.deep.equal(["Photo/0.png left-out"]);
    expect(vetting.histories.value.get(id)!.undone.length).to.equal(1);
  });

  it("takes an earlier step back without what came after it, and none twice", async () => {
    const id = await imported();
    const undoFirst = await decide(id, ["Photo/0.png"], "leave-out");
    const undoSecond = await decide(id, ["Photo/1.png"], "keep");
    await undoFirst();
    expect(await chosen(id)).to.deep.equal(["Photo/1.png kept"]);
    await vetting.undo(id);
    await vetting.undo(id);
    expect(await chosen(id)).to.deep.equal(["Photo/0.png left-out"]);
    await undoSecond();
    expect(await chosen(id)).to.deep.equal(["Photo/0.png left-out"]);
  });

  it("reads for each of two quick choices what the one before wrote", async () => {
    const id = await imported();
    const first = vetting.choose(id, new Map([["Photo/0.png", { className: null, verdict: "kept" }]]));
    await vetting.choose(id, new Map([["Photo/0.png", { className: null, verdict: "left-out" }]]));
    await first;
    await vetting.undo(id);
    expect(await chosen(id)).to.deep.equal(["Photo/0.png kept"]);
  });

  it("trains without what is left out, with what is moved, and splits no pair", async () => {
    const id = await imported();
    await vetting.search(id);
    await decide(id, ["Text/4.png"], "leave-out");
    await vetting.choose(id, new Map([["Text/0.png", { className: "Photo", verdict: null }]]));
    for (const seed of [1, 2, 3, 4]) {
      const outcome = await splitDataset(id, { ...defaultSplit, seed });
      if (!outcome.ok) throw new Error(outcome.message);
      const { split, leakage, dataset } = outcome.value;
      const parts = [split.training, split.validation, split.test];
      expect(parts.flat().sort()).to.deep.equal(
        pathsOf(5, "Photo", "Text")
          .filter((path) => path !== "Text/4.png")
          .sort(),
      );
      expect(parts.filter((part) => part.includes("Photo/0.png") !== part.includes("Photo/1.png"))).to.deep.equal([]);
      expect(leakage.test?.near).to.equal(0);
      expect(dataset.classCounts).to.deep.equal([6, 3]);
      const trained = split.training.filter((path) => path.startsWith("Photo") || path === "Text/0.png").length;
      expect(outcome.value.trainingCounts[0]).to.equal(trained);
    }
  });
});
