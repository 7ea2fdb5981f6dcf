import { expect } from "chai";
import type { Batch } from "../../../src/domain/capture/batch.ts";
import type { Capture } from "../../../src/domain/capture/capture.ts";
import type { Dataset, DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import type { Model } from "../../../src/domain/model/model.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { deleteCaptures, listCaptures, putCaptures } from "../../../src/storage/captures.ts";
import { database } from "../../../src/storage/database.ts";
import {
  deleteDataset,
  listDatasets,
  listFindings,
  listImages,
  listStoredDatasetIds,
  putDataset,
} from "../../../src/storage/datasets.ts";
import { deleteModel, getModel, getWeights, listModels, putModel } from "../../../src/storage/models.ts";
import { getRun, listRuns, putRun, getCheckpoint, putEpoch } from "../../../src/storage/runs.ts";
import { getSetting, putSetting } from "../../../src/storage/settings.ts";
import { deleteShards, listShards, listStoredFormats, storeChunk } from "../../../src/storage/shards.ts";
import { getThumbnail, getThumbnails, packThumbnails } from "../../../src/storage/thumbnails.ts";

/** Names one of whose ids is a prefix of another, or sorts after it: what a wrong key range would mix up. */
const ids = ["a", "a0", "ab", "b", "ÿ"];
const format = "1x1-bilinear-stretch";

function datasetOf(id: string): Dataset {
  return {
    id,
    name: id,
    createdAt: ids.indexOf(id),
    classNames: ["Photo"],
    positiveClass: "Photo",
    classCounts: [1],
    findingCount: 1,
    cachedFormats: [format],
  };
}

function imageOf(datasetId: string, imageId: string): DatasetImage {
  const common = { page: 0, className: "Photo", width: 1, height: 1, byteLength: 3, lastModified: 0 };
  return { ...common, datasetId, imageId, path: imageId, mediaType: "image/png" };
}

async function storeOneChunk(datasetId: string, chunkFormat = format): Promise<void> {
  await storeChunk({
    shard: { datasetId, format: chunkFormat, shardId: "1", imageIds: ["Photo/a"], pixels: new Blob(["rgb"]) },
    images: [imageOf(datasetId, "Photo/a")],
    ...packThumbnails(datasetId, "1", [
      { itemId: "Photo/0", picture: new Blob(["first"]) },
      { itemId: "Photo/a", picture: new Blob(["small"]) },
    ]),
    findings: [{ datasetId, path: "Photo/b", className: "Photo", reason: "empty", detail: "" }],
  });
}

async function clear(): Promise<void> {
  const opened = await database();
  await Promise.all([...opened.objectStoreNames].map((name) => opened.clear(name)));
}

async function recordCount(): Promise<number> {
  const opened = await database();
  const counts = await Promise.all([...opened.objectStoreNames].map((name) => opened.count(name)));
  return counts.reduce((sum, count) => sum + count, 0);
}

describe("stores", () => {
  beforeEach(clear);
  after(clear);

  describe("datasets", () => {
    it("keeps a chunk's pixels, image, thumbnail and finding together", async () => {
      await storeOneChunk("a");
      expect((await listShards("a", format)).map((shard) => shard.imageIds)).to.deep.equal([["Photo/a"]]);
      expect((await listImages("a")).map((image) => image.imageId)).to.deep.equal(["Photo/a"]);
      expect((await listFindings("a")).map((finding) => finding.path)).to.deep.equal(["Photo/b"]);
      expect(await (await getThumbnail("a", "Photo/a"))?.text()).to.equal("small");
    });

    it("reads several thumbnails in the order that they were asked for", async () => {
      await storeOneChunk("a");
      await storeOneChunk("b");
      const pictures = await getThumbnails("a", ["Photo/gone", "Photo/a", "Photo/a"]);
      expect(await Promise.all(pictures.map(async (picture) => picture?.text()))).to.deep.equal([
        undefined,
        "small",
        "small",
      ]);
      expect(await getThumbnails("a", [])).to.deep.equal([]);
    });

    it("stores all of a chunk or nothing", async () => {
      const broken = { ...imageOf("a", "Photo/a"), imageId: undefined as unknown as string };
      const outcome = await storeChunk({
        shard: { datasetId: "a", format, shardId: "1", imageIds: ["Photo/a"], pixels: new Blob(["rgb"]) },
        images: [imageOf("a", "Photo/z"), broken],
        thumbnails: [],
        findings: [],
      }).then(
        () => "stored",
        () => "rejected",
      );
      expect(outcome).to.equal("rejected");
      expect(await recordCount()).to.equal(0);
    });

    it("lists the newest first", async () => {
      for (const id of ids) await putDataset(datasetOf(id));
      expect((await listDatasets()).map((dataset) => dataset.id)).to.deep.equal([...ids].reverse());
    });

    it("deletes everything of one dataset and nothing of another", async () => {
      for (const id of ids) {
        await storeOneChunk(id);
        await putDataset(datasetOf(id));
      }
      const before = await recordCount();
      for (const [index, id] of ids.entries()) {
        await deleteDataset(id);
        expect(await recordCount()).to.equal((before / ids.length) * (ids.length - index - 1));
        for (const other of ids.slice(index + 1)) expect(await listImages(other)).to.have.length(1);
      }
    });

    it("knows the ids that anything is stored for, also without a record", async () => {
      for (const id of ids) await storeOneChunk(id);
      await putDataset(datasetOf("a"));
      expect((await listStoredDatasetIds()).sort()).to.deep.equal([...ids].sort());
      await clear();
      expect(await listStoredDatasetIds()).to.deep.equal([]);
    });

    it("frees one pixel format and keeps the others", async () => {
      await storeOneChunk("a");
      await storeOneChunk("a", "2x2-area-stretch");
      expect(await listStoredFormats("a")).to.deep.equal([format, "2x2-area-stretch"]);
      await deleteShards("a", format);
      expect(await listStoredFormats("a")).to.deep.equal(["2x2-area-stretch"]);
      expect(await listImages("a")).to.have.length(1);
    });
  });

  describe("models", () => {
    const model = { id: "m", metadata: { name: "m", createdAt: 1 }, weightBytes: 1 } as unknown as Model;
    const weights = { modelId: "m", topology: {}, weightSpecs: [], weights: new Blob(["w"]) };

    it("writes an epoch's run, info, weights and checkpoint together, and deletes info and weights together", async () => {
      const run = { id: "r", createdAt: 1 } as unknown as Run;
      const checkpoint = {
        runId: "r",
        epoch: 1,
        step: 7,
        weights: new Blob(["c"]),
        moments: new Blob(),
        average: null,
      };
      await putEpoch({ run, model: { info: model, weights }, checkpoint });
      expect(await (await getWeights("m"))?.weights.text()).to.equal("w");
      expect((await getRun("r"))?.id).to.equal("r");
      expect(await (await getCheckpoint("r"))?.weights.text()).to.equal("c");
      await putEpoch({ run, model: null, checkpoint: null });
      expect(await getCheckpoint("r")).to.equal(undefined);
      await deleteModel("m");
      expect(await getModel("m")).to.equal(undefined);
      expect(await getWeights("m")).to.equal(undefined);
      expect(await getRun("r")).to.not.equal(undefined);
    });

    it("keeps neither info nor weights where one of them cannot be stored", async () => {
      const broken = { ...weights, topology: () => undefined };
      const outcome = await putModel(model, broken).then(
        () => "stored",
        () => "rejected",
      );
      expect(outcome).to.equal("rejected");
      expect(await listModels()).to.deep.equal([]);
    });
  });

  it("lists runs by their creation, newest first", async () => {
    for (const createdAt of [2, 3, 1]) await putRun({ id: `r${createdAt}`, createdAt } as unknown as Run);
    expect((await listRuns()).map((run) => run.id)).to.deep.equal(["r3", "r2", "r1"]);
  });

  describe("captures", () => {
    function captureOf(id: string, batchId: string, createdAt: number): Capture {
      const file = { file: id, byteLength: 1, lastModified: 1, page: 0 };
      return {
        ...file,
        id,
        batchId,
        createdAt,
        modelId: "m",
        probability: 1,
        verdict: "photo",
        decision: null,
        error: null,
      };
    }
    const batchOf = (id: string) => ({ id, createdAt: 1 }) as unknown as Batch;

    beforeEach(async () => {
      await putCaptures(batchOf("one"), [
        { capture: captureOf("x", "one", 3), picture: new Blob(["x"]) },
        { capture: captureOf("y", "one", 2), picture: new Blob(["y"]) },
      ]);
      await putCaptures(batchOf("two"), [{ capture: captureOf("z", "two", 1), picture: null }]);
    });

    it("lists those of a batch as they came, and finds their pictures", async () => {
      expect((await listCaptures("one")).map((capture) => capture.id)).to.deep.equal(["y", "x"]);
      expect(await (await getThumbnail("one", "x"))?.text()).to.equal("x");
      expect(await getThumbnail("two", "z")).to.equal(undefined);
    });

    it("deletes single captures with their pictures", async () => {
      const [y] = await listCaptures("one");
      await deleteCaptures(batchOf("one"), [y!]);
      expect((await listCaptures("one")).map((capture) => capture.id)).to.deep.equal(["x"]);
      expect(await getThumbnail("one", "y")).to.equal(undefined);
    });
  });

  it("remembers settings by their name", async () => {
    expect(await getSetting("locale")).to.equal(undefined);
    await putSetting("locale", "fr");
    await putSetting("theme", "dark");
    expect(await getSetting("locale")).to.equal("fr");
    expect(await getSetting("theme")).to.equal("dark");
  });
});
