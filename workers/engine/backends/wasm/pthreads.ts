/**
 * tfjs' threaded build gives us the shared memory that our kernel threads need, but it also starts eight workers of its own from blob:
 * addresses, whose scripts import another blob: a Content-Security-Policy would have to allow blob scripts for them, and XNNPACK's threads
 * would spin on the cores that ours compute on. With one thread XNNPACK never uses them, so they are not started at all.
 */

/** Answers Emscripten's `load` message, which it waits for before it starts, and nothing else. */
class AbsentWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;

  postMessage(message: { readonly cmd?: string }): void {
    if (message.cmd !== "load") throw new Error("tfjs asked for a thread, which Tamis does not give it");
    queueMicrotask(() => this.onmessage?.({ data: { cmd: "loaded" } }));
  }

  terminate(): void {
    // There is nothing to end.
  }
}

/** tfjs takes half of the cores as its thread count. */
const coresForOneThread = 2;

/**
 * Runs `start` (of tfjs' threaded WASM build) so that it starts no threads: it sees workers that are not there, and cores enough for
 * one thread. Both globals are as before when it is done.
 */
export async function withoutPthreads<T>(start: () => Promise<T>): Promise<T> {
  const ownWorker = Object.getOwnPropertyDescriptor(globalThis, "Worker");
  Object.defineProperty(globalThis, "Worker", { configurable: true, writable: true, value: AbsentWorker });
  Object.defineProperty(navigator, "hardwareConcurrency", { configurable: true, get: () => coresForOneThread });
  try {
    return await start();
  } finally {
    // The prototype's own getter shows again.
    Reflect.deleteProperty(navigator, "hardwareConcurrency");
    if (ownWorker === undefined) Reflect.deleteProperty(globalThis, "Worker");
    else Object.defineProperty(globalThis, "Worker", ownWorker);
  }
}
