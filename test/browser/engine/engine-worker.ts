/** The real engine worker, for tests: WASM threads may block a worker, never the page. */
import { type Remote, wrap } from "comlink";
import type { EngineService } from "../../../src/contract/engine.ts";
import type { Outcome } from "../../../src/contract/outcome.ts";
import { installTransferHandlers } from "../../../src/contract/signal-transfer.ts";

export interface TestEngine {
  readonly service: Remote<EngineService>;
  readonly worker: Worker;
  stop(): void;
}

export function startEngine(): TestEngine {
  return engineIn(new Worker(new URL("../../../workers/engine/entry.ts", import.meta.url), { type: "module" }));
}

/** The engine on a GPU that is taken away when its worker gets the message “lose the GPU”. */
export function startLosingEngine(): TestEngine {
  return engineIn(new Worker(new URL("./losing-entry.ts", import.meta.url), { type: "module" }));
}

function engineIn(worker: Worker): TestEngine {
  installTransferHandlers();
  return { service: wrap<EngineService>(worker), worker, stop: () => worker.terminate() };
}

/** The value, or the failure as an error that the test shows. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.message}`);
  return outcome.value;
}
