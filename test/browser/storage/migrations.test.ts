import { expect } from "chai";
import { deleteDB, openDB } from "idb";
import { open } from "../../../src/storage/database.ts";
import { databaseVersion, migrations } from "../../../src/storage/migrations.ts";
import { type OldDatabase, oldDatabases } from "./old-databases.ts";

interface StoreShape {
  readonly keyPath: string | string[] | null;
  readonly indexes: Readonly<Record<string, string | string[]>>;
}

/** Store names, key paths and indexes: what a database looks like apart from its records. */
async function shapeOf(name: string): Promise<Record<string, StoreShape>> {
  const database = await openDB(name);
  const shape: Record<string, StoreShape> = {};
  const names = [...database.objectStoreNames];
  const transaction = database.transaction(names, "readonly");
  for (const storeName of names) {
    const store = transaction.objectStore(storeName);
    const indexes = Object.fromEntries([...store.indexNames].map((index) => [index, store.index(index).keyPath]));
    shape[storeName] = { keyPath: store.keyPath, indexes };
  }
  database.close();
  return shape;
}

async function createOld(name: string, old: OldDatabase): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open(name, old.version);
    request.onupgradeneeded = () => old.create(request.result);
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error ?? new Error("The old database could not be created."));
  });
}

describe("migrations", () => {
  const names: string[] = [];
  const newName = (): string => {
    const name = `migrations-${crypto.randomUUID()}`;
    names.push(name);
    return name;
  };
  afterEach(() => Promise.all(names.splice(0).map((name) => deleteDB(name))));

  it("has a real old database for every version, so that every migration is exercised", () => {
    expect(oldDatabases.map((old) => old.version)).to.deep.equal(migrations.map((_, index) => index + 1));
  });

  it("makes a new database of the newest version", async () => {
    const name = newName();
    const database = await open(name);
    expect(database.version).to.equal(databaseVersion);
    expect(database.objectStoreNames).to.have.length.above(0);
    database.close();
  });

  for (const old of oldDatabases) {
    it(`brings a database of version ${old.version} to the newest, with all of its data and the shape of a new one`, async () => {
      const name = newName();
      await createOld(name, old);
      const database = await open(name);
      expect(database.version).to.equal(databaseVersion);
      await old.check(database);
      database.close();
      const fresh = newName();
      (await open(fresh)).close();
      expect(await shapeOf(name)).to.deep.equal(await shapeOf(fresh));
    });

    it(`makes of nothing what version ${old.version} looked like: a released migration stays as it is`, async () => {
      const name = newName();
      await createOld(name, old);
      const migrated = newName();
      (await open(migrated, old.version)).close();
      expect(await shapeOf(migrated)).to.deep.equal(await shapeOf(name));
    });
  }

  it("steps aside when another tab opens a newer version", async () => {
    const name = newName();
    await open(name);
    // Would wait for ever if the first connection stayed open.
    const newer = await openDB(name, databaseVersion + 1);
    expect(newer.version).to.equal(databaseVersion + 1);
    newer.close();
  });
});
