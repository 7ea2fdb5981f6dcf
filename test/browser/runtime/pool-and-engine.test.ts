import { expect } from "chai";
import type { ImportChunk } from "../../../src/contract/decode.ts";
import type { BackendInfo } from "../../../src/contract/engine.ts";
import { DecodePool } from "../../../src/runtime/decode-pool.ts";
import { EngineClient } from "../../../src/runtime/engine-client.ts";

const neverAborted = new AbortController().signal;
const noEvents = (): void => undefined;

function chunkOf(datasetId = "good"): ImportChunk {
  const pixels = { width: 1, height: 1, resampling: "area", aspect: "stretch" } as const;
  return { datasetId, pixels, files: [{ path: "Photo/a", className: "Photo", file: new File(["a"], "a") }] };
}

describe("decode pool and engine client", () => {
  let decodeWorkers: Worker[] = [];
  let engineWorkers: Worker[] = [];
  let pool: DecodePool;
  let engine: EngineClient;

  beforeEach(() => {
    decodeWorkers = [];
    engineWorkers = [];
    pool = new DecodePool(3, () => {
      const worker = new Worker(new URL("./fixture-decode-worker.ts", import.meta.url), { type: "module" });
      decodeWorkers.push(worker);
      return worker;
    });
    engine = new EngineClient(pool, () => {
      const worker = new Worker(new URL("./fixture-engine-worker.ts", import.meta.url), { type: "module" });
      engineWorkers.push(worker);
      return worker;
    });
  });
  afterEach(() => {
    pool.terminate();
    engine.terminate();
  });

  it("starts no more workers than there is work for, nor than it may", async () => {
    await pool.importChunk(chunkOf(), noEvents, neverAborted);
    await pool.importChunk(chunkOf(), noEvents, neverAborted);
    expect(decodeWorkers).to.have.length(1);
    let atWork = 0;
    let most = 0;
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const outcome = await pool.importChunk(
          chunkOf(),
          () => {
            atWork += 1;
            most = Math.max(most, atWork);
          },
          neverAborted,
        );
        atWork -= 1;
        return outcome;
      }),
    );
    expect(outcomes.every((outcome) => outcome.ok)).to.equal(true);
    expect(decodeWorkers).to.have.length(3);
    expect(most).to.be.within(1, 3);
  });

  it("answers what waits on a worker that dies, and goes on with the others", async () => {
    const [died, ...others] = await Promise.all([
      pool.importChunk(chunkOf("killer"), noEvents, neverAborted),
      ...Array.from({ length: 6 }, () => pool.importChunk(chunkOf(), noEvents, neverAborted)),
    ]);
    expect(died).to.include({ ok: false, code: "worker-died" });
    expect(others.map((outcome) => outcome.ok)).to.deep.equal(others.map(() => true));
  });

  it("cancels what runs and what waits", async () => {
    const controller = new AbortController();
    const running = Array.from({ length: 8 }, () =>
      pool.importChunk(chunkOf(), () => controller.abort(), controller.signal),
    );
    for (const outcome of await Promise.all(running)) expect(outcome).to.include({ ok: false, code: "cancelled" });
  });

  it("connects the engine to as many decode workers as the files keep busy", async () => {
    const seen = new Set<string>();
    const classify = (count: number) =>
      engine.classify(
        {
          modelId: "m",
          thumbnails: false,
          items: Array.from({ length: count }, (_, i) => ({ id: `${i}`, file: new Blob(["f"]) })),
        },
        (event) => seen.add(event.type === "unreadable" ? event.detail : ""),
        neverAborted,
      );
    await classify(2);
    expect([decodeWorkers.length, seen.size]).to.deep.equal([2, 2]);
    await classify(30);
    expect([decodeWorkers.length, seen.size]).to.deep.equal([3, 3]);
  });

  it("gives the engine a new port where a decode worker dies, during a call and after it", async () => {
    const details: string[] = [];
    const classify = (...contents: string[]) =>
      engine.classify(
        {
          modelId: "m",
          thumbnails: false,
          items: contents.map((content, i) => ({ id: `${i}`, file: new Blob([content]) })),
        },
        (event) => details.push(event.type === "unreadable" ? event.detail : ""),
        neverAborted,
      );
    // Both decode on the first slot, one after the other: the second on the worker that replaces the first.
    expect((await classify("killer", "f", "f", "f", "f")).ok).to.equal(true);
    expect(details).to.have.length(4);
    decodeWorkers.at(-1)!.terminate();
    details.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await classify("f", "f", "f")).ok).to.equal(true);
    expect(details).to.have.length(3);
  });

  it("starts an engine that died the way it was asked for, and connects the decoders again", async () => {
    const backends: BackendInfo[] = [];
    engine.onBackend = (info) => backends.push(info);
    expect((await engine.start({ choice: "wasm", threads: 7 })).ok).to.equal(true);
    const predicted = await engine.predict({ modelId: "m", datasetId: "d", imageIds: [] }, noEvents, neverAborted);
    expect(predicted).to.include({ ok: false, code: "worker-died" });
    const items = [{ id: "0", file: new Blob(["f"]) }];
    expect((await engine.classify({ modelId: "m", thumbnails: false, items }, noEvents, neverAborted)).ok).to.equal(
      true,
    );
    expect(engineWorkers).to.have.length(2);
    expect(backends.map((info) => info.threads)).to.deep.equal([7, 7]);
    expect((await engine.memory()).tensors).to.equal(1);
  });

  it("passes on why a backend cannot start", async () => {
    expect(await engine.start({ choice: "webgpu" })).to.include({ ok: false, code: "backend-unavailable" });
    expect((await engine.start({ choice: "auto" })).ok).to.equal(true);
  });
});
