/** Opens the database, once for each page or worker. */
import { type IDBPDatabase, openDB, type StoreKey, type StoreNames, type StoreValue } from "idb";
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

/** Adds writes to a transaction. */
export interface Writes<N extends StoreNames<TamisSchema>> {
  put<S extends N>(store: S, record: StoreValue<TamisSchema, S>): void;
  delete<S extends N>(store: S, key: StoreKey<TamisSchema, S> | IDBKeyRange): void;
}

/**
 * Makes all writes in one transaction: where one fails, nothing of the others is stored. Without this, a record that IndexedDB refuses (it
 * throws at once) would leave those before it to be committed.
 * @throws QuotaExceededError and the like: why the transaction ended, rather than that it did
 */
export async function writeTogether<N extends StoreNames<TamisSchema>>(
  stores: readonly N[],
  write: (writes: Writes<N>) => void,
): Promise<void> {
  const transaction = (await database()).transaction([...stores], "readwrite");
  const end = transaction.done.then(
    () => null,
    (reason: unknown) => ({ reason }),
  );
  const pending: Promise<unknown>[] = [];
  const add = (promise: Promise<unknown>): void => {
    // Told by the end of the transaction, which it brings about.
    promise.catch(() => undefined);
    pending.push(promise);
  };
  try {
    write({
      put: (store, record) => add(transaction.objectStore(store).put(record)),
      delete: (store, key) => add(transaction.objectStore(store).delete(key)),
    });
    await Promise.all(pending);
  } catch (error) {
    abort(transaction);
    const ended = await end;
    throw ended && !isAbort(ended.reason) ? ended.reason : error;
  }
  const ended = await end;
  if (ended) throw ended.reason;
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It had ended by itself.
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** All keys that begin with these parts: for stores whose keys are arrays of strings. */
export function keysBeginningWith(...parts: string[]): IDBKeyRange {
  return IDBKeyRange.bound(parts, [...parts, []]);
}
