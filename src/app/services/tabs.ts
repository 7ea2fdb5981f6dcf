/** What several tabs of Tamis have in common: news of changes, and locks that end with their tab. */
import type { ActiveRun } from "../../ui/services/training-service.ts";

/** What a tab tells the others. */
export type News =
  /** Something stored has changed: read it again. */
  | { readonly type: "changed"; readonly what: "datasets" | "runs" | "models" | "decisions" | "captures" | "settings" }
  /** How far the run is that this tab trains; null when it ended. */
  | { readonly type: "training"; readonly active: ActiveRun | null }
  /** Asks the tab that trains this run to stop it. */
  | { readonly type: "stop"; readonly runId: string }
  /** Asks the tab that trains this run to pause it, or to go on. */
  | { readonly type: "pause"; readonly runId: string; readonly isPaused: boolean };

/** The line between the tabs. A tab does not hear itself. */
export class Tabs {
  readonly #channel: BroadcastChannel;
  readonly #listeners = new Set<(news: News) => void>();

  constructor(name = "tamis") {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = (message: MessageEvent<News>) => {
      for (const listener of [...this.#listeners]) listener(message.data);
    };
  }

  tell(news: News): void {
    this.#channel.postMessage(news);
  }

  listen(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#channel.close();
  }
}

/**
 * Does `work` while holding a lock that no other tab holds; does nothing and answers `null` where one does. The lock ends with its tab,
 * however that ends.
 */
export async function whileAlone<T>(lock: string, work: () => Promise<T>): Promise<{ readonly result: T } | null> {
  return navigator.locks.request(lock, { ifAvailable: true }, async (granted) =>
    granted ? { result: await work() } : null,
  );
}

/** Whether any tab holds the lock. */
export async function isHeld(lock: string): Promise<boolean> {
  const { held } = await navigator.locks.query();
  return (held ?? []).some((info) => info.name === lock);
}

/** Resolves when nobody holds the lock (any more). */
export async function whenFree(lock: string): Promise<void> {
  await navigator.locks.request(lock, { mode: "shared" }, () => undefined);
}

/** Held while a dataset's images are being stored. */
export function importLock(datasetId: string): string {
  return `tamis-import-${datasetId}`;
}

/** Held while a dataset is searched for duplicates. */
export function duplicatesLock(datasetId: string): string {
  return `tamis-duplicates-${datasetId}`;
}

/** Held by the page that trains, from the preparation to the end; the engine has one of its own (`tamis-training`) while it computes. */
export const trainingLock = "tamis-run";

/** Held while a batch is classified, or its folder watched. */
export function batchLock(batchId: string): string {
  return `tamis-batch-${batchId}`;
}
