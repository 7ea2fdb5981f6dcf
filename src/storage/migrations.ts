/** Append-only: migration n brings a database of version n - 1 to version n. Never edit one that was released; add the next. */
import type { IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
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
];

export const databaseVersion = migrations.length;
