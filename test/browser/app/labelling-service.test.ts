import { expect } from "chai";
import { Labelling } from "../../../src/app/services/classification/labelling-service.ts";
import { Originals } from "../../../src/app/services/classification/originals.ts";
import { Datasets } from "../../../src/app/services/dataset-service.ts";
import { sha256 } from "../../../src/app/services/sha256.ts";
import { Tabs } from "../../../src/app/services/tabs.ts";
import { Vetting } from "../../../src/app/services/vetting-service.ts";
import type { Capture } from "../../../src/domain/capture/capture.ts";
import type { Dataset } from "../../../src/domain/dataset/dataset.ts";
import { database } from "../../../src/storage/database.ts";
import { listVettedImages } from "../../../src/storage/datasets.ts";
import { putCaptures } from "../../../src/storage/captures.ts";
import { noCounts } from "../../../src/domain/capture/batch.ts";
import { clearDatabase, FakeDecoders, until } from "./fakes.ts";

const ignore = (): void => undefined;
const never = new AbortController().signal;

function fileOf(name: string, content = name): File {
  return new File([content], name, { lastModified: 1 });
}

function captureOf(file: string, page = 0): Capture {
  return {
    id: `${file} ${page}`,
    batchId: "b",
    file,
    byteLength: 1,
    lastModified: 1,
    page,
    createdAt: page,
    modelId: "m",
    probability: 0.5,
    verdict: "to-review",
    decision: { verdict: "not-photo", decidedAt: 1 },
    error: null,
  };
}

/** Renders each page as its number. */
class PageDecoders extends FakeDecoders {
  override decode(): never {
    const page = (number: number) => ({ page: number, thumbnail: new Blob([`page ${number}`]) });
    return Promise.resolve({ ok: true, pages: [page(0), page(1)] }) as never;
  }
}

describe("labelling service", () => {
  let tabs: Tabs;
  let datasets: Datasets;
  let originals: Originals;
  let labelling: Labelling;
  let dataset: Dataset;

  beforeEach(async () => {
    await clearDatabase();
    tabs = new Tabs(crypto.randomUUID());
    const decoders = new PageDecoders();
    datasets = new Datasets({ decoders, tabs, onStorage: ignore });
    originals = new Originals();
    const vetting = new Vetting({ decoders, datasets });
    labelling = new Labelling({ originals, decoders, datasets, vetting });
    const files = ["Photo/a.jpg", "Text/b.jpg"].map((path) => ({ path, file: fileOf(path.split("/")[1]!) }));
    const outcome = await datasets.importFolder({ name: "archive", files, handles: [] });
    if (!outcome.ok) throw new Error(outcome.message);
    dataset = outcome.value;
    await until(() => datasets.datasets.value.length === 1);
    // What the real decoders keep of an image.
    for (const name of ["Photo/a.jpg", "Text/b.jpg"]) {
      const digest = await sha256(new Blob([name.split("/")[1]!]));
      const fingerprint = {
        datasetId: dataset.id,
        imageId: name,
        sha256: digest,
        grey: new Uint8Array(1024),
        colourfulness: 1,
      };
      await (await database()).put("fingerprints", fingerprint);
    }
  });
  afterEach(() => tabs.close());

  async function classes(): Promise<string[]> {
    const images = await listVettedImages(dataset.id);
    return images.map(({ image }) => `${image.imageId} ${image.className}`);
  }

  async function add(labelled: readonly (readonly [Capture, string])[]) {
    const list = labelled.map(([capture, className]) => ({ capture, className }));
    const outcome = await labelling.addToDataset(dataset.id, list, ignore, never);
    if (!outcome.ok) throw new Error(outcome.message);
    return outcome.value;
  }

  it("adds what is new, knows what it has by content, moves what it has under another class, and takes it back", async () => {
    const before = await classes();
    originals.remember("b", [
      { path: "scans/new.jpg", file: fileOf("new.jpg") },
      { path: "scans/gallica__7.jpg", file: fileOf("gallica__7.jpg") },
      { path: "scans/other name.jpg", file: fileOf("other name.jpg", "a.jpg") },
      { path: "scans/moved.jpg", file: fileOf("moved.jpg", "b.jpg") },
    ]);
    const { report, undo } = await add([
      [captureOf("scans/new.jpg"), "Sketch"],
      [captureOf("scans/gallica__7.jpg"), "Text"],
      [captureOf("scans/other name.jpg"), "Photo"],
      [captureOf("scans/moved.jpg"), "Photo"],
      [captureOf("scans/gone.jpg"), "Photo"],
    ]);
    expect(report).to.deep.equal({ added: 2, known: 1, relabelled: 1, missing: ["scans/gone.jpg"] });
    expect(await classes()).to.deep.equal([
      "Photo/a.jpg Photo",
      "Sketch/captures 1970-01-01__new.jpg Sketch",
      "Text/b.jpg Photo",
      "Text/gallica__7.jpg Text",
    ]);
    const [grown] = datasets.datasets.value;
    expect(grown!.classNames).to.deep.equal(["Photo", "Sketch", "Text"]);
    expect(grown!.classCounts).to.deep.equal([2, 1, 1]);
    // Kept, since it lies nowhere that the dataset's folder is: another size is made of it.
    expect(await (await database()).count("originals")).to.equal(2);

    await undo();
    expect(await classes()).to.deep.equal(before);
    expect(datasets.datasets.value[0]!.classNames).to.deep.equal(dataset.classNames);
    expect(datasets.datasets.value[0]!.classCounts).to.deep.equal(dataset.classCounts);
    expect(await (await database()).count("originals")).to.equal(0);
    expect(await (await database()).count("shards")).to.equal(1);
  });

  it("adds a page of several as a picture of its own", async () => {
    const pages = [captureOf("scans/two.pdf", 0), captureOf("scans/two.pdf", 1)];
    await putCaptures(
      {
        ...{ id: "b", name: "Box 7", createdAt: 0, changedAt: 0, modelId: "m", modelName: "m", source: "folder" },
        ...{ status: "finished", files: 1, doneFiles: 1, seconds: 1, counts: noCounts },
      },
      pages.map((capture) => ({ capture, picture: null })),
    );
    originals.remember("b", [{ path: "scans/two.pdf", file: fileOf("two.pdf") }]);
    await add([[pages[1]!, "Text"]]);
    expect(await classes()).to.include("Text/Box 7 1970-01-01__two 2.jpg Text");
    const [kept] = await (await database()).getAll("originals");
    expect(await kept!.content.text()).to.equal("page 1");
  });
});
