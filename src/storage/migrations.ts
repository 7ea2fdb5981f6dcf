/** Append-only: migration n brings a database of version n - 1 to version n. Never edit one that was released; add the next. */
import type { IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import { type Batch, countsOf, filesAmong } from "../domain/capture/batch.ts";
import type { Capture } from "../domain/capture/capture.ts";
import type { Run } from "../domain/run/run.ts";
import type { TamisSchema } from "./schema.ts";

type Migration = (
  database: IDBPDatabase<TamisSchema>,
  transaction: IDBPTransaction<TamisSchema, StoreNames<TamisSchema>[], "versionchange">,
) => void | Promise<void>;

export const migrations: readonly Migration[] = [
  (database) => {
    database.createObjectStore("datasets", { keyPath: "id" });
    database.createObjectStore("images", { keyPath: ["datasetId", "imageId"] }).createIndex("byDataset", "datasetId");
    database.createObjectStore("findings", { keyPath: ["datasetId", "path"] });
    database.createObjectStore("shards", { keyPath: ["datasetId", "format", "shardId"] });
    database.createObjectStore("thumbnails", { keyPath: ["scope", "itemId"] });
    database.createObjectStore("folders", { keyPath: "datasetId" });
    database.createObjectStore("runs", { keyPath: "id" }).createIndex("byCreation", "createdAt");
    database.createObjectStore("models", { keyPath: "id" });
    database.createObjectStore("weights", { keyPath: "modelId" });
    database.createObjectStore("captures", { keyPath: "id" }).createIndex("byBatch", "batchId");
    database.createObjectStore("settings", { keyPath: "name" });
  },
  // Checkpoints, and what experiments and runs got with them.
  async (database, transaction) => {
    database.createObjectStore("checkpoints", { keyPath: "runId" });
    let cursor = await transaction.objectStore("runs").openCursor();
    while (cursor) {
      await cursor.update(withCheckpointFields(cursor.value));
      cursor = await cursor.continue();
    }
  },
  // A test part in every split, and how much leaks between the parts.
  async (_database, transaction) => {
    let cursor = await transaction.objectStore("runs").openCursor();
    while (cursor) {
      await cursor.update(withTestPart(cursor.value));
      cursor = await cursor.continue();
    }
  },
  // Backbones.
  (database) => {
    database.createObjectStore("backbones", { keyPath: "id" });
  },
  // Batches as records of their own, and decisions.
  async (database, transaction) => {
    database.createObjectStore("batches", { keyPath: "id" }).createIndex("byCreation", "createdAt");
    database.createObjectStore("batchFolders", { keyPath: "batchId" });
    database.createObjectStore("originals", { keyPath: ["batchId", "file"] });
    const byBatch = new Map<string, Capture[]>();
    let cursor = await transaction.objectStore("captures").openCursor();
    while (cursor) {
      const capture: Capture = { ...cursor.value, byteLength: null, lastModified: null, decision: null };
      const others = byBatch.get(capture.batchId);
      if (others) others.push(capture);
      else byBatch.set(capture.batchId, [capture]);
      await cursor.update(capture);
      cursor = await cursor.continue();
    }
    for (const captures of byBatch.values()) {
      const model = await transaction.objectStore("models").get(captures[0]!.modelId ?? "");
      await transaction.objectStore("batches").put(batchOf(captures, model?.metadata.name ?? ""));
    }
  },
  // Runs have a place in a queue, and statistics of their kernels.
  async (_database, transaction) => {
    let cursor = await transaction.objectStore("runs").openCursor();
    while (cursor) {
      await cursor.update({ ...cursor.value, queue: null, kernels: null });
      cursor = await cursor.continue();
    }
  },
  // What runs' models say of their validation and test images.
  (database) => {
    database.createObjectStore("predictions", { keyPath: ["runId", "part"] });
  },
  // What duplicates are found by, what was found, and what people decided about images.
  (database) => {
    database.createObjectStore("fingerprints", { keyPath: ["datasetId", "imageId"] });
    database.createObjectStore("duplicates", { keyPath: "datasetId" });
    database.createObjectStore("choices", { keyPath: ["datasetId", "imageId"] });
  },
  // Imports that go on, and datasets from several folders and archives.
  async (database, transaction) => {
    database.createObjectStore("imports", { keyPath: "datasetId" });
    let cursor = await transaction.objectStore("folders").openCursor();
    while (cursor) {
      const { datasetId, handle } = cursor.value as unknown as { datasetId: string; handle: FileSystemDirectoryHandle };
      await cursor.update({ datasetId, handles: [handle] });
      cursor = await cursor.continue();
    }
  },
  // Thumbnails of an import's chunk in one pack; those that are there stay as they are.
  (database) => {
    database.createObjectStore("thumbnailPacks", { keyPath: ["scope", "packId"] });
  },
  // Which runs were decided for.
  (database) => {
    database.createObjectStore("decisions", { keyPath: "datasetId" });
  },
  // Images are found by their file's digest.
  (_database, transaction) => {
    transaction.objectStore("fingerprints").createIndex("byDigest", ["datasetId", "sha256"]);
  },
  // How long a model takes for an image.
  async (_database, transaction) => {
    let cursor = await transaction.objectStore("predictions").openCursor();
    while (cursor) {
      await cursor.update({ ...cursor.value, millisecondsPerImage: null });
      cursor = await cursor.continue();
    }
  },
];

/** A run of version 2 kept nothing for a test, and nobody measured. */
function withTestPart(run: Run): Run {
  return { ...run, split: { ...run.split, testShare: 0, bySource: false, test: [] }, leakage: null };
}

/** What version 4 knew of captures that came in together. */
function batchOf(captures: readonly Capture[], modelName: string): Batch {
  const moments = captures.map(({ createdAt }) => createdAt);
  const files = filesAmong(captures);
  return {
    id: captures[0]!.batchId,
    name: "",
    createdAt: Math.min(...moments),
    changedAt: Math.max(...moments),
    modelId: captures[0]!.modelId,
    modelName,
    source: "files",
    status: "finished",
    files,
    doneFiles: files,
    seconds: 0,
    counts: countsOf(captures),
  };
}

/** A run of version 1 has no early stopping, no class weights, one kind of augmentation, and nothing to go on from. */
function withCheckpointFields(run: Run): Run {
  const { experiment } = run;
  const augmentation = experiment.augmentation && { ...experiment.augmentation, kind: "crops" as const };
  return {
    ...run,
    experiment: {
      ...experiment,
      augmentation: augmentation as Run["experiment"]["augmentation"],
      classWeights: { kind: "none" },
      earlyStopping: null,
    },
    engine: run.engine && { ...run.engine, waitingShare: null },
    keptEpoch: run.history.at(-1)?.epoch ?? null,
    checkpointEpoch: null,
    checkpointProblem: "",
  };
}

export const databaseVersion = migrations.length;
