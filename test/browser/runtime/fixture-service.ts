/** A service for the tests of the runtime: everything that a worker can do to its callers. */
import { type Outcome, succeeded } from "../../../src/contract/outcome.ts";

export interface FixtureService {
  add(a: number, b: number): Promise<number>;
  /** How often this worker was asked, to see that another one was started. */
  count(): Promise<number>;
  /** Sends `events` numbers and answers at once. */
  stream(events: number, onEvent: (event: number) => void, signal: AbortSignal): Promise<Outcome<number>>;
  /** Ends when it is cancelled. */
  untilCancelled(onEvent: (event: string) => void, signal: AbortSignal): Promise<Outcome<string>>;
  never(): Promise<never>;
  neverLong(onEvent: (event: string) => void, signal: AbortSignal): Promise<Outcome<string>>;
  /** `globalThis.close()`: the worker is gone, and no event says so. */
  closeSilently(): Promise<void>;
  throwLater(): Promise<void>;
  wasAborted(onEvent: (event: string) => void, signal: AbortSignal): Promise<Outcome<boolean>>;
}

let calls = 0;

export const fixtureService: FixtureService = {
  add: (a, b) => Promise.resolve(a + b),
  count: () => Promise.resolve(++calls),
  stream(events, onEvent) {
    for (let event = 1; event <= events; event++) onEvent(event);
    return Promise.resolve(succeeded(events));
  },
  untilCancelled(onEvent, signal) {
    return new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(succeeded("cancelled")));
      onEvent("waiting");
    });
  },
  never: () => new Promise<never>(() => undefined),
  neverLong(onEvent) {
    onEvent("waiting");
    return new Promise<never>(() => undefined);
  },
  closeSilently() {
    globalThis.close();
    return new Promise<never>(() => undefined);
  },
  throwLater() {
    setTimeout(() => {
      throw new Error("thrown outside of any call");
    });
    return Promise.resolve();
  },
  wasAborted: (_onEvent, signal) => Promise.resolve(succeeded(signal.aborted)),
};
