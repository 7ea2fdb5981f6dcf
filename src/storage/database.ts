/** Opens the database, once for each page or worker. */
import { type IDBPDatabase, openDB } from "idb";
import { databaseVersion, migrations } from "./migrations.ts";
import { databaseName, type TamisSchema } from "./schema.ts";

export type Database = IDBPDatabase<TamisSchema>;

let opening: Promise<Database> | null = null;

/**
 * The one connection of this page or worker. A connection steps aside when a newer version of Tamis upgrades the database in another tab, and
 * a failed or lost one is opened again at the next call.
 */
export function database(): Promise<Database> {
  opening ??= open().catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

/** For tests: `name` lets each have a database of its own. */
export function open(name = databaseName, version = databaseVersion): Promise<Database> {
  return openDB<TamisSchema>(name, version, {
    upgrade(upgraded, oldVersion, newVersion, transaction) {
      const migrateAll = async (): Promise<void> => {
        for (const migrate of migrations.slice(oldVersion, newVersion ?? databaseVersion)) {
          await migrate(upgraded, transaction);
        }
      };
      // A migration that fails leaves the old database as it was; opening it is then rejected.
      migrateAll().catch(() => transaction.abort());
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opening = null;
    },
    terminated() {
      opening = null;
    },
  });
}

/** All keys that begin with these parts: for stores whose keys are arrays of strings. */
export function keysBeginningWith(...parts: string[]): IDBKeyRange {
  return IDBKeyRange.bound(parts, [...parts, []]);
}
