/** What both sides of a worker agree on before the first call: the worker says that it lives, and holds a lock for as long as it does. */
import { expose } from "comlink";
import { installTransferHandlers } from "./signal-transfer.ts";

/** The first message of every worker. */
export interface AliveMessage {
  readonly tamis: "alive";
  /**
   * Name of the Web Lock that this worker holds until it ends, however it ends: who gets the lock knows that the worker is dead. `null` where
   * there are no Web Locks (an insecure origin).
   */
  readonly lock: string | null;
}

export function isAliveMessage(data: unknown): data is AliveMessage {
  return typeof data === "object" && data !== null && "tamis" in data && data.tamis === "alive";
}

/** The worker's side of a global scope, without the types of the page or the worker. */
interface WorkerScope {
  postMessage(message: unknown): void;
}

/**
 * What a worker's entry calls, once: exposes its service to the page. Nothing of `service` is called before the lock is held.
 */
export function exposeService(service: object): void {
  installTransferHandlers();
  expose(service);
  const scope = globalThis as unknown as WorkerScope;
  const announce = (lock: string | null): void => scope.postMessage({ tamis: "alive", lock } satisfies AliveMessage);
  if (!("locks" in navigator)) {
    announce(null);
    return;
  }
  const lock = `tamis-worker-${crypto.randomUUID()}`;
  void navigator.locks.request(lock, () => {
    announce(lock);
    return new Promise<never>(() => undefined);
  });
}
