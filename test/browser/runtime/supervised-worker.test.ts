import { expect } from "chai";
import { SupervisedWorker, WorkerDiedError } from "../../../src/runtime/supervised-worker.ts";
import type { FixtureService } from "./fixture-service.ts";

const noEvents = (): void => undefined;
const neverAborted = new AbortController().signal;

describe("supervised worker", () => {
  let deaths: string[] = [];
  let started: Worker[] = [];
  let worker: SupervisedWorker<FixtureService>;

  beforeEach(() => {
    deaths = [];
    started = [];
    worker = new SupervisedWorker<FixtureService>({
      name: "fixture",
      create: () => {
        const created = new Worker(new URL("./fixture-worker.ts", import.meta.url), { type: "module" });
        started.push(created);
        return created;
      },
      onDeath: (reason) => deaths.push(reason),
      graceMilliseconds: 300,
    });
  });
  afterEach(() => worker.terminate());

  async function rejection(call: Promise<unknown>): Promise<unknown> {
    return call.then(
      () => null,
      (error: unknown) => error,
    );
  }

  it("starts at the first call and only once", async () => {
    expect(started).to.have.length(0);
    const sums = await Promise.all([worker.call((s) => s.add(1, 2)), worker.call((s) => s.add(3, 4))]);
    expect(sums).to.deep.equal([3, 7]);
    expect(started).to.have.length(1);
  });

  it("delivers every event before the call resolves", async () => {
    const events: number[] = [];
    const outcome = await worker.longCall(
      (event: number) => events.push(event),
      neverAborted,
      (s, onEvent, signal) => s.stream(5_000, onEvent, signal),
    );
    expect(outcome).to.deep.equal({ ok: true, value: 5_000 });
    expect(events).to.have.length(5_000);
    expect(events.at(-1)).to.equal(5_000);
  });

  it("carries an abort to the worker", async () => {
    const controller = new AbortController();
    const outcome = await worker.longCall(
      () => controller.abort(),
      controller.signal,
      (s, onEvent, signal) => s.untilCancelled(onEvent, signal),
    );
    expect(outcome).to.deep.equal({ ok: true, value: "cancelled" });
    expect(deaths).to.deep.equal([]);
  });

  it("answers a call that was cancelled before it began without starting the worker", async () => {
    const outcome = await worker.longCall(noEvents, AbortSignal.abort(), (s, onEvent, signal) =>
      s.stream(1, onEvent, signal),
    );
    expect(outcome).to.include({ ok: false, code: "cancelled" });
    expect(started).to.have.length(0);
  });

  it("terminates a worker that does not end within the grace period, and starts another", async () => {
    const controller = new AbortController();
    const outcome = await worker.longCall(
      () => controller.abort(),
      controller.signal,
      (s, onEvent, signal) => s.neverLong(onEvent, signal),
    );
    expect(outcome).to.include({ ok: false, code: "cancelled" });
    expect(deaths).to.have.length(1);
    expect(await worker.call((s) => s.count())).to.equal(1);
    expect(started).to.have.length(2);
    expect(worker.generation).to.equal(2);
  });

  it("notices a worker that ends without an event, rejects what waits and starts again", async () => {
    expect(await worker.call((s) => s.count())).to.equal(1);
    const waiting = rejection(worker.call((s) => s.never()));
    const waitingLong = worker.longCall(noEvents, neverAborted, (s, onEvent, signal) => s.neverLong(onEvent, signal));
    const closing = rejection(worker.call((s) => s.closeSilently()));
    expect(await waiting).to.be.instanceOf(WorkerDiedError);
    expect(await closing).to.be.instanceOf(WorkerDiedError);
    expect(await waitingLong).to.include({ ok: false, code: "worker-died" });
    expect(deaths).to.deep.equal(["It ended without a word."]);
    expect(await worker.call((s) => s.count())).to.equal(1);
  });

  it("notices a worker that is terminated from elsewhere", async () => {
    const waiting = rejection(worker.call((s) => s.never()));
    while (worker.generation === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await worker.call((s) => s.add(1, 1));
    started[0]?.terminate();
    expect(await waiting).to.be.instanceOf(WorkerDiedError);
  });

  it("takes an error outside of any call as a death", async () => {
    const waiting = rejection(worker.call((s) => s.never()));
    await worker.call((s) => s.throwLater());
    const error = await waiting;
    expect(error).to.be.instanceOf(WorkerDiedError);
    expect((error as Error).message).to.contain("thrown outside of any call");
  });

  it("rejects where the script cannot be loaded, and tries again at the next call", async () => {
    let attempts = 0;
    const broken = new SupervisedWorker<FixtureService>({
      name: "broken",
      create: () => {
        attempts += 1;
        return new Worker("/there-is-no-such-worker.js", { type: "module" });
      },
    });
    expect(await rejection(broken.call((s) => s.add(1, 1)))).to.be.instanceOf(WorkerDiedError);
    expect(await rejection(broken.call((s) => s.add(1, 1)))).to.be.instanceOf(WorkerDiedError);
    expect(attempts).to.equal(2);
  });
});
