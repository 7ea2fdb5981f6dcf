/**
 * Databases as released versions of Tamis left them, made by the browser's own interface and not by our migrations. Never change an entry that
 * was released; each new version of the schema adds the one before it.
 */
import type { Database } from "../../../src/storage/database.ts";
import { expect } from "chai";

export interface OldDatabase {
  readonly version: number;
  /** Creates stores and fills them, in the upgrade of a new database. */
  create(database: IDBDatabase): void;
  /** That nothing of it was lost, in the newest version. */
  check(database: Database): Promise<void>;
}

const dataset = {
  id: "dataset-1",
  name: "Boîte 12",
  createdAt: 1_700_000_000_000,
  classNames: ["Photo", "Text"],
  positiveClass: "Photo",
  classCounts: [1, 0],
  findingCount: 1,
  cachedFormats: ["1x1-bilinear-stretch"],
};
const image = {
  datasetId: "dataset-1",
  imageId: "Photo/a.jpg",
  path: "Photo/a.jpg",
  page: 0,
  className: "Photo",
  width: 10,
  height: 20,
  byteLength: 300,
  lastModified: 1_600_000_000_000,
  mediaType: "image/jpeg",
};
const finding = { datasetId: "dataset-1", path: "Text/b.jpg", className: "Text", reason: "empty", detail: "" };
const run = {
  id: "run-1",
  createdAt: 5,
  status: "finished",
  history: [{ epoch: 1 }, { epoch: 2 }],
  engine: { backend: "wasm" },
  experiment: { preset: "compact", augmentation: { minimumCropArea: 0.3 } },
  split: { kind: "keras", validationShare: 0.2, seed: 42, training: ["Photo/a.jpg"], validation: [] },
};
/** As version 2 has it. */
const runWithCheckpoints = {
  ...run,
  experiment: {
    preset: "compact",
    augmentation: { kind: "crops", minimumCropArea: 0.3 },
    classWeights: { kind: "none" },
    earlyStopping: null,
  },
  engine: { backend: "wasm", waitingShare: null },
  keptEpoch: 2,
  checkpointEpoch: null,
  checkpointProblem: "",
};
/** As version 3 has it. */
const runWithTestPart = {
  ...runWithCheckpoints,
  split: { ...run.split, testShare: 0, bySource: false, test: [] },
  leakage: null,
};
const model = { id: "model-1", metadata: { version: 1, name: "First", createdAt: 7 }, weightBytes: 4 };
/** As version 5 has it. */
const captureWithDecision = {
  id: "capture-1",
  batchId: "batch-1",
  file: "c.png",
  page: 0,
  createdAt: 9,
  probability: 0.9,
  byteLength: null,
  lastModified: null,
  decision: null,
};
const capture = { id: "capture-1", batchId: "batch-1", file: "c.png", page: 0, createdAt: 9, probability: 0.9 };

/** A handle is given by a person alone: a word stands for it. */
const folder = { datasetId: "dataset-1", handle: "the handle of a folder" };

const version1: OldDatabase = {
  version: 1,
  create(database) {
    const put = (store: IDBObjectStore, record: unknown): void => void store.put(record);
    put(database.createObjectStore("datasets", { keyPath: "id" }), dataset);
    const images = database.createObjectStore("images", { keyPath: ["datasetId", "imageId"] });
    images.createIndex("byDataset", "datasetId");
    put(images, image);
    put(database.createObjectStore("findings", { keyPath: ["datasetId", "path"] }), finding);
    put(database.createObjectStore("shards", { keyPath: ["datasetId", "format", "shardId"] }), {
      datasetId: "dataset-1",
      format: "1x1-bilinear-stretch",
      shardId: "Photo/a.jpg",
      imageIds: ["Photo/a.jpg"],
      pixels: new Blob([new Uint8Array([1, 2, 3])]),
    });
    put(database.createObjectStore("thumbnails", { keyPath: ["scope", "itemId"] }), {
      scope: "dataset-1",
      itemId: "Photo/a.jpg",
      picture: new Blob(["picture"]),
    });
    put(database.createObjectStore("folders", { keyPath: "datasetId" }), folder);
    const runs = database.createObjectStore("runs", { keyPath: "id" });
    runs.createIndex("byCreation", "createdAt");
    put(runs, run);
    put(database.createObjectStore("models", { keyPath: "id" }), model);
    put(database.createObjectStore("weights", { keyPath: "modelId" }), {
      modelId: "model-1",
      topology: {},
      weightSpecs: [],
      weights: new Blob([new Float32Array([1.5])]),
    });
    const captures = database.createObjectStore("captures", { keyPath: "id" });
    captures.createIndex("byBatch", "batchId");
    put(captures, capture);
    put(database.createObjectStore("settings", { keyPath: "name" }), { name: "locale", value: "fr" });
  },
  async check(database) {
    expect(await database.getAll("datasets")).to.deep.equal([dataset]);
    expect(await database.getAllFromIndex("images", "byDataset", "dataset-1")).to.deep.equal([image]);
    expect(await database.getAll("findings")).to.deep.equal([finding]);
    const sources: unknown[] = await database.getAll("folders");
    expect(sources).to.deep.equal([{ datasetId: folder.datasetId, handles: [folder.handle] }]);
    const shard = await database.get("shards", ["dataset-1", "1x1-bilinear-stretch", "Photo/a.jpg"]);
    expect(new Uint8Array(await shard!.pixels.arrayBuffer())).to.deep.equal(new Uint8Array([1, 2, 3]));
    const thumbnail = await database.get("thumbnails", ["dataset-1", "Photo/a.jpg"]);
    expect(await (thumbnail!.picture as Blob).text()).to.equal("picture");
    expect(await database.getAllFromIndex("runs", "byCreation")).to.deep.equal([runWithQueue]);
    expect(await database.count("checkpoints")).to.equal(0);
    expect(await database.getAll("models")).to.deep.equal([model]);
    const weights = await database.get("weights", "model-1");
    expect(new Float32Array(await weights!.weights.arrayBuffer())).to.deep.equal(new Float32Array([1.5]));
    expect(await database.getAllFromIndex("captures", "byBatch", "batch-1")).to.deep.equal([captureWithDecision]);
    const [made, ...others] = await database.getAllFromIndex("batches", "byCreation");
    expect(others).to.deep.equal([]);
    expect(made).to.deep.include({ id: "batch-1", createdAt: 9, status: "finished", files: 1, doneFiles: 1 });
    expect(await database.get("settings", "locale")).to.deep.equal({ name: "locale", value: "fr" });
  },
};

/** As version 6 has it. */
const runWithQueue = { ...runWithTestPart, queue: null, kernels: null };

const checkpoint = { runId: "run-1", epoch: 2, step: 9, average: null };

const version2: OldDatabase = {
  version: 2,
  create(database) {
    version1.create(database);
    const { transaction } = database.createObjectStore("checkpoints", { keyPath: "runId" });
    transaction.objectStore("runs").put(runWithCheckpoints);
    transaction.objectStore("checkpoints").put({
      ...checkpoint,
      weights: new Blob([new Float32Array([2.5])]),
      moments: new Blob([new Float32Array([3.5, 4.5])]),
    });
  },
  async check(database) {
    expect(await database.getAllFromIndex("runs", "byCreation")).to.deep.equal([runWithQueue]);
    const { weights, moments, ...rest } = (await database.get("checkpoints", "run-1"))!;
    expect(rest).to.deep.equal(checkpoint);
    expect(new Float32Array(await weights.arrayBuffer())).to.deep.equal(new Float32Array([2.5]));
    expect(new Float32Array(await moments.arrayBuffer())).to.deep.equal(new Float32Array([3.5, 4.5]));
  },
};

const version3: OldDatabase = {
  version: 3,
  create(database) {
    version2.create(database);
    const { transaction } = database.createObjectStore("scratch");
    transaction.db.deleteObjectStore("scratch");
    transaction.objectStore("runs").put(runWithTestPart);
  },
  check: version2.check,
};

const backbone = { id: "backbone-1", name: "MobileNet", features: 3, parameters: 4, inputSize: 224, createdAt: 11 };

const version4: OldDatabase = {
  version: 4,
  create(database) {
    version3.create(database);
    database.createObjectStore("backbones", { keyPath: "id" }).put(backbone);
  },
  async check(database) {
    await version3.check(database);
    expect(await database.getAll("backbones")).to.deep.equal([backbone]);
  },
};

const batch = {
  id: "batch-1",
  name: "Boîte 12",
  createdAt: 9,
  changedAt: 9,
  modelId: "model-1",
  modelName: "First",
  source: "folder",
  status: "paused",
  files: 3,
  doneFiles: 1,
  seconds: 1.5,
  counts: {
    pages: 1,
    photo: 1,
    notPhoto: 0,
    toReview: 0,
    unreadable: 0,
    decided: 0,
    compared: 0,
    overruled: 0,
    doubtful: 0,
  },
};
const original = { batchId: "batch-1", file: "c.png" };

const version5: OldDatabase = {
  version: 5,
  create(database) {
    version4.create(database);
    const { transaction } = database.createObjectStore("batches", { keyPath: "id" });
    transaction.objectStore("batches").createIndex("byCreation", "createdAt");
    database.createObjectStore("batchFolders", { keyPath: "batchId" });
    database.createObjectStore("originals", { keyPath: ["batchId", "file"] });
    transaction.objectStore("captures").put(captureWithDecision);
    transaction.objectStore("batches").put(batch);
    transaction.objectStore("originals").put({ ...original, content: new File(["bytes"], "c.png") });
  },
  async check(database) {
    expect(await database.getAllFromIndex("captures", "byBatch", "batch-1")).to.deep.equal([captureWithDecision]);
    expect(await database.getAll("batches")).to.deep.equal([batch]);
    const { content, ...rest } = (await database.get("originals", ["batch-1", "c.png"]))!;
    expect(rest).to.deep.equal(original);
    expect(await content.text()).to.equal("bytes");
  },
};

const version6: OldDatabase = {
  version: 6,
  create(database) {
    version5.create(database);
    const { transaction } = database.createObjectStore("scratch");
    transaction.db.deleteObjectStore("scratch");
    transaction.objectStore("runs").put(runWithQueue);
  },
  check: version5.check,
};

const predictions = {
  runId: "run-1",
  part: "test",
  epochs: 2,
  classNames: ["Photo"],
  output: { kind: "sigmoid", labels: ["Text", "Photo"], positive: 1 },
  outputs: new Float32Array([0.75]),
};

const version7: OldDatabase = {
  version: 7,
  create(database) {
    version6.create(database);
    database.createObjectStore("predictions", { keyPath: ["runId", "part"] }).put(predictions);
  },
  async check(database) {
    await version6.check(database);
    expect(await database.getAll("predictions")).to.deep.equal([{ ...predictions, millisecondsPerImage: null }]);
  },
};

const fingerprint = {
  datasetId: "dataset-1",
  imageId: "Photo/a.jpg",
  sha256: "e3b0",
  grey: new Uint8Array([1, 2]),
  colourfulness: 12.5,
};
const duplicates = { datasetId: "dataset-1", images: 1, exact: [["Photo/a.jpg", "Text/b.jpg"]], near: [] };
const choice = { datasetId: "dataset-1", imageId: "Photo/a.jpg", className: "Text", verdict: "kept" };

const version8: OldDatabase = {
  version: 8,
  create(database) {
    version7.create(database);
    database.createObjectStore("fingerprints", { keyPath: ["datasetId", "imageId"] }).put(fingerprint);
    database.createObjectStore("duplicates", { keyPath: "datasetId" }).put(duplicates);
    database.createObjectStore("choices", { keyPath: ["datasetId", "imageId"] }).put(choice);
  },
  async check(database) {
    await version7.check(database);
    expect(await database.getAll("fingerprints")).to.deep.equal([fingerprint]);
    expect(await database.getAll("duplicates")).to.deep.equal([duplicates]);
    expect(await database.getAll("choices")).to.deep.equal([choice]);
  },
};

const version9: OldDatabase = {
  version: 9,
  create(database) {
    version8.create(database);
    const { transaction } = database.createObjectStore("scratch");
    transaction.db.deleteObjectStore("scratch");
    transaction.objectStore("folders").put({ datasetId: folder.datasetId, handles: [folder.handle] });
    transaction.db.createObjectStore("imports", { keyPath: "datasetId" });
  },
  check: version8.check,
};

const thumbnailPack = { scope: "dataset-1", packId: "Photo/a.jpg", pictures: new Blob(["one", "two"]) };

const version10: OldDatabase = {
  version: 10,
  create(database) {
    version9.create(database);
    database.createObjectStore("thumbnailPacks", { keyPath: ["scope", "packId"] }).put(thumbnailPack);
  },
  async check(database) {
    await version9.check(database);
    const [pack] = await database.getAll("thumbnailPacks");
    expect(await pack!.pictures.text()).to.equal("onetwo");
  },
};

const decision = {
  datasetId: "dataset-1",
  runId: "run-1",
  reason: "As good as the others, and the smallest.",
  decidedAt: 1,
  comparedRunIds: ["run-1"],
  proposedRunId: null,
};

const version11: OldDatabase = {
  version: 11,
  create(database) {
    version10.create(database);
    database.createObjectStore("decisions", { keyPath: "datasetId" }).put(decision);
  },
  async check(database) {
    await version10.check(database);
    expect(await database.getAll("decisions")).to.deep.equal([decision]);
  },
};

const version12: OldDatabase = {
  version: 12,
  create(database) {
    version11.create(database);
    const { transaction } = database.createObjectStore("scratch");
    transaction.db.deleteObjectStore("scratch");
    transaction.objectStore("fingerprints").createIndex("byDigest", ["datasetId", "sha256"]);
  },
  async check(database) {
    await version11.check(database);
    const found = await database.getAllFromIndex("fingerprints", "byDigest", ["dataset-1", "e3b0"]);
    // Of the versions that had fingerprints.
    expect(found).to.deep.equal(await database.getAll("fingerprints"));
  },
};

const version13: OldDatabase = {
  version: 13,
  create(database) {
    version12.create(database);
    const { transaction } = database.createObjectStore("scratch");
    transaction.db.deleteObjectStore("scratch");
    transaction.objectStore("predictions").put({ ...predictions, millisecondsPerImage: null });
  },
  check: version12.check,
};

export const oldDatabases: readonly OldDatabase[] = [
  version1,
  version2,
  version3,
  version4,
  version5,
  version6,
  version7,
  version8,
  version9,
  version10,
  version11,
  version12,
  version13,
];
