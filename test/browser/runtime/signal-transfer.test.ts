import { expect } from "chai";
import { wrap } from "comlink";
import { installTransferHandlers, withTransferables } from "../../../src/contract/signal-transfer.ts";
import { isAliveMessage } from "../../../src/contract/worker-endpoint.ts";
import type { FixtureService } from "./fixture-service.ts";

/** Counts the ports that are open, and the abort listeners that are attached. */
class PortCounter {
  open = 0;
  listeners = 0;
  readonly #channel = globalThis.MessageChannel;
  readonly #add = AbortSignal.prototype.addEventListener;
  readonly #remove = AbortSignal.prototype.removeEventListener;
  readonly #close = MessagePort.prototype.close;

  install(): void {
    const count = (by: number): void => void (this.open += by);
    const countListeners = (by: number): void => void (this.listeners += by);
    const close = this.#close;
    const add = this.#add;
    const remove = this.#remove;
    globalThis.MessageChannel = class extends MessageChannel {
      constructor() {
        super();
        count(1);
      }
    };
    MessagePort.prototype.close = function () {
      count(-1);
      close.call(this);
    };
    AbortSignal.prototype.addEventListener = function (...parameters: Parameters<typeof add>) {
      countListeners(1);
      add.apply(this, parameters);
    };
    AbortSignal.prototype.removeEventListener = function (...parameters: Parameters<typeof remove>) {
      countListeners(-1);
      remove.apply(this, parameters);
    };
  }

  restore(): void {
    globalThis.MessageChannel = this.#channel;
    MessagePort.prototype.close = this.#close;
    AbortSignal.prototype.addEventListener = this.#add;
    AbortSignal.prototype.removeEventListener = this.#remove;
  }
}

describe("signal and callback transfer", () => {
  let worker: Worker;
  let service: FixtureService;

  before(async () => {
    installTransferHandlers();
    worker = new Worker(new URL("./fixture-worker.ts", import.meta.url), { type: "module" });
    await new Promise<void>((resolve) => {
      worker.addEventListener("message", (message) => {
        if (isAliveMessage(message.data)) resolve();
      });
    });
    service = wrap(worker) as unknown as FixtureService;
  });
  after(() => worker.terminate());

  it("tells the other side of a signal that is aborted already", async () => {
    expect(await service.wasAborted(() => undefined, AbortSignal.abort())).to.deep.equal({ ok: true, value: true });
    expect(await service.wasAborted(() => undefined, new AbortController().signal)).to.deep.equal({
      ok: true,
      value: false,
    });
  });

  it("passes an abort that comes later", async () => {
    const controller = new AbortController();
    const outcome = await service.untilCancelled(() => controller.abort(), controller.signal);
    expect(outcome).to.deep.equal({ ok: true, value: "cancelled" });
  });

  it("leaves no port and no listener behind after thousands of calls with one signal", async () => {
    const counter = new PortCounter();
    const { signal } = new AbortController();
    let events = 0;
    counter.install();
    try {
      for (let round = 0; round < 40; round++) {
        const calls = Array.from({ length: 50 }, () =>
          withTransferables(
            () => (events += 1),
            signal,
            (onEvent, callSignal) => service.stream(1, onEvent, callSignal),
          ),
        );
        expect(counter.open).to.equal(100);
        await Promise.all(calls);
      }
    } finally {
      counter.restore();
    }
    expect(events).to.equal(2_000);
    expect(counter.open).to.equal(0);
    expect(counter.listeners).to.equal(0);
  });

  it("releases when the call is rejected", async () => {
    const counter = new PortCounter();
    const { signal } = new AbortController();
    counter.install();
    let message = "";
    try {
      await withTransferables(
        () => undefined,
        signal,
        async (onEvent, callSignal) => {
          await service.stream(1, onEvent, callSignal);
          throw new Error("rejected");
        },
      );
    } catch (error) {
      message = (error as Error).message;
    } finally {
      counter.restore();
    }
    expect(message).to.equal("rejected");
    expect(counter.open).to.equal(0);
    expect(counter.listeners).to.equal(0);
  });
});
