import { transfer } from "comlink";
import { expect } from "chai";
import type { ClassificationEvent, ClassificationRequest } from "../../../src/contract/engine.ts";
import { startEngine, valueOf } from "./engine-worker.ts";
import { fakeDecoder } from "./fake-decoder.ts";
import { smallBaseline } from "./small-experiments.ts";
import { queueRun, storeTinyDataset } from "./tiny-dataset.ts";

const { service: engine, stop } = startEngine();
const never = new AbortController().signal;
const ignore = (): void => undefined;

function connect(slot: number, port: MessagePort): Promise<void> {
  return engine.connectDecoder(slot, transfer(port, [port]));
}

describe("classification", function () {
  this.timeout(60_000);
  let modelId: string;

  const requestOf = (texts: readonly string[]): ClassificationRequest => ({
    modelId,
    thumbnails: false,
    items: texts.map((text, i) => ({ id: `file ${i}`, file: new Blob([text]) })),
  });

  async function classify(texts: readonly string[]) {
    const events: ClassificationEvent[] = [];
    const summary = valueOf(await engine.classify(requestOf(texts), (event) => events.push(event), never));
    // An event more than the answer may still be on its way.
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { summary, events };
  }

  before(async () => {
    valueOf(await engine.start({ choice: "wasm" }));
    const dataset = await storeTinyDataset(smallBaseline.pixels);
    const run = valueOf(await engine.train((await queueRun(dataset, smallBaseline)).id, ignore, never));
    modelId = run.modelId!;
  });

  after(stop);

  it("tells of every page and of every file that cannot be read, and leaves no tensor", async () => {
    await connect(0, fakeDecoder().port);
    await connect(1, fakeDecoder().port);
    await classify(["1"]);
    const before = (await engine.memory()).tensors;
    const texts = [...Array.from({ length: 80 }, () => "1"), "broken", "3", "70"];
    const { summary, events } = await classify(texts);
    expect((await engine.memory()).tensors).to.equal(before);
    expect(summary).to.include({ pages: 153, unreadable: 1 });
    const pages = events.filter((event) => event.type === "page");
    expect(new Set(pages.map(({ id, page }) => `${id} ${page}`)).size).to.equal(153);
    expect(pages.filter(({ id }) => id === "file 81").map(({ pages: count }) => count)).to.deep.equal([3, 3, 3]);
    for (const { probability, width } of pages) {
      expect(probability).to.be.within(0, 1);
      expect(width).to.equal(100);
    }
    // The same pixels get the same probability, in whichever batch they were.
    const first = pages.filter(({ page }) => page === 0).map(({ probability }) => probability);
    expect(Math.max(...first) - Math.min(...first)).to.be.below(1e-5);
    expect(events.filter((event) => event.type === "unreadable")).to.deep.equal([
      { type: "unreadable", id: "file 80", reason: "damaged", detail: "It is broken." },
    ]);
  });

  it("tries a file again when its worker died, and calls it unreadable the second time", async () => {
    let hung = ignore;
    const hasHung = new Promise<void>((resolve) => (hung = resolve));
    const dying = fakeDecoder((text) => {
      if (text === "2") hung();
      return text === "2";
    });
    await connect(0, dying.port);
    // The other slot is busy with a file that hangs there, too.
    const other = fakeDecoder((text) => text === "2");
    await connect(1, other.port);
    const classifying = classify(["1", "2", "1", "1"]);
    await hasHung;
    await connect(0, fakeDecoder((text) => text === "2").port);
    // Wherever the second try went: that worker is replaced as well.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const healthy = [fakeDecoder(), fakeDecoder()];
    await connect(0, healthy[0]!.port);
    await connect(1, healthy[1]!.port);
    const { summary, events } = await classifying;
    expect(summary).to.include({ pages: 3, unreadable: 1 });
    const [unreadable] = events.filter((event) => event.type === "unreadable");
    expect(unreadable).to.include({ id: "file 1", reason: "unreadable" });
    expect([...healthy[0]!.asked, ...healthy[1]!.asked]).not.to.include("2");
  });

  it("stops when it is told to, also while a decoder hangs", async () => {
    await connect(0, fakeDecoder(() => true).port);
    await connect(1, fakeDecoder(() => true).port);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const outcome = await engine.classify(requestOf(["1", "1"]), ignore, controller.signal);
    expect(outcome).to.include({ ok: false, code: "cancelled" });
  });

  it("waits for a decoder that is connected later, and takes an empty list", async () => {
    expect((await classify([])).summary).to.include({ pages: 0, unreadable: 0 });
    const late = startEngine();
    const classifying = late.service.classify(requestOf(["1"]), ignore, never);
    const { port } = fakeDecoder();
    await late.service.connectDecoder(0, transfer(port, [port]));
    expect(valueOf(await classifying)).to.include({ pages: 1 });
    late.stop();
  });
});
