/** Append-only: migration n brings a database of version n - 1 to version n. Never edit one that was released; add the next. */
import type { IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
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
];

/** A run of version 2 kept nothing for a test, and nobody measured. */
function withTestPart(run: Run): Run {
  return { ...run, split: { ...run.split, testShare: 0, bySource: false, test: [] }, leakage: null };
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
