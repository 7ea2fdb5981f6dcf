import * as Comlink from "comlink";
import { expect } from "chai";
import type { DecodeService, ImportChunk, ImportEvent } from "../../../src/contract/decode.ts";
import { cropsAndScanEffects } from "../../../src/domain/experiment/presets.ts";
import { type PixelFormat, pixelFormatKey } from "../../../src/domain/image/pixel-format.ts";
import { SupervisedWorker } from "../../../src/runtime/supervised-worker.ts";
import { listFindings, listImages } from "../../../src/storage/datasets.ts";
import { listShards } from "../../../src/storage/shards.ts";
import { getThumbnail } from "../../../src/storage/thumbnails.ts";
import { importChunk } from "../../../workers/decode/import-chunk.ts";
import { ascii, bmp, quartersAs } from "./pictures.ts";

const pixels: PixelFormat = { width: 4, height: 4, resampling: "bilinear", aspect: "stretch" };
const never = new AbortController().signal;

/** Three pictures, one of them broken, one text. */
async function chunkOf(datasetId: string, files = 5): Promise<ImportChunk> {
  const png = await quartersAs("image/png");
  const contents = [png, bmp(4, 4, [9, 8, 7]), png.slice(0, 40), ascii("no image"), bmp(2, 2, [1, 2, 3])];
  return {
    datasetId,
    pixels,
    files: Array.from({ length: files }, (_, i) => ({
      path: `Photo/${i}.png`,
      className: "Photo",
      file: new File([contents[i % contents.length]!], `${i}.png`, { lastModified: 1_000 + i }),
    })),
  };
}

async function rgbaOf(blob: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

describe("decode worker", () => {
  let worker: SupervisedWorker<DecodeService>;

  before(() => {
    worker = new SupervisedWorker<DecodeService>({
      name: "decode",
      create: () => new Worker(new URL("../../../workers/decode/entry.ts", import.meta.url), { type: "module" }),
    });
  });
  after(() => worker.terminate());

  it("decodes", async () => {
    const file = new Blob([bmp(3, 2, [200, 100, 50])]);
    const decoded = await worker.call((service) => service.decode({ file, pixels, thumbnailSize: 160 }));
    if (!decoded.ok) throw new Error(decoded.detail);
    const [page] = decoded.pages;
    expect(page!.rgb).to.have.length(48);
    expect([...page!.rgb.subarray(0, 3)]).to.deep.equal([200, 100, 50]);
    expect(page!.thumbnail?.type).to.equal("image/jpeg");
  });

  it("answers errors as values", async () => {
    const file = new Blob([ascii("text")]);
    const decoded = await worker.call((service) => service.decode({ file, pixels, thumbnailSize: 0 }));
    expect(decoded).to.deep.include({ ok: false, reason: "not-an-image" });
  });

  it("shows what training would see of a cached image, the same for the same seed", async () => {
    const chunk = await chunkOf("views", 2);
    await worker.longCall(
      () => undefined,
      never,
      (service, onEvent, signal) => service.importChunk(chunk, onEvent, signal),
    );
    const [image] = await listImages("views");
    const request = {
      datasetId: "views",
      image: image!,
      // Not what it is cached in: the format that it is cached in does too.
      pixels: { ...pixels, width: 8, height: 8 },
      augmentation: cropsAndScanEffects,
      size: 6,
      count: 3,
      seed: 5,
    };
    const draw = async (changes: Partial<typeof request> | { augmentation: null }) => {
      const outcome = await worker.call((service) => service.augmentedViews({ ...request, ...changes }));
      if (!outcome.ok) throw new Error(outcome.message);
      return Promise.all(outcome.value.map(async (blob) => [...(await rgbaOf(blob)).data]));
    };
    const views = await draw({});
    expect(views).to.have.length(3);
    expect(views[0]).to.have.length(6 * 6 * 4);
    expect(views[0]).not.to.deep.equal(views[1]);
    expect(await draw({})).to.deep.equal(views);
    expect(await draw({ seed: 6 })).not.to.deep.equal(views);
    const [plain, again] = await draw({ augmentation: null });
    expect(plain).to.deep.equal(again);
    const missing = await worker.call((service) => service.augmentedViews({ ...request, datasetId: "nothing" }));
    expect(missing).to.deep.include({ ok: false, code: "not-cached" });
  });

  it("answers on a port of its own too", async () => {
    const { port1, port2 } = new MessageChannel();
    await worker.call((service) => service.connect(Comlink.transfer(port1, [port1])));
    const direct = Comlink.wrap<DecodeService>(port2);
    const decoded = await direct.decode({ file: new Blob([bmp(1, 1, [5, 6, 7])]), pixels, thumbnailSize: 0 });
    expect(decoded.ok && [...decoded.pages[0]!.rgb.subarray(0, 3)]).to.deep.equal([5, 6, 7]);
    port2.close();
  });

  it("imports a chunk: pixels in a shard, images, thumbnails and findings", async () => {
    const chunk = await chunkOf("whole");
    const events: ImportEvent[] = [];
    const outcome = await worker.longCall(
      (event: ImportEvent) => events.push(event),
      never,
      (service, onEvent, signal) => service.importChunk(chunk, onEvent, signal),
    );
    expect(outcome).to.deep.equal({ ok: true, value: { images: 3, unreadable: 2 } });
    const bytes = chunk.files.reduce((sum, { file }) => sum + file.size, 0);
    expect(events.at(-1)).to.deep.equal({ files: 5, bytes });

    const images = await listImages("whole");
    expect(
      images.map(({ imageId, width, height, mediaType, lastModified }) => [
        imageId,
        width,
        height,
        mediaType,
        lastModified,
      ]),
    ).to.deep.equal([
      ["Photo/0.png", 64, 32, "image/png", 1_000],
      ["Photo/1.png", 4, 4, "image/bmp", 1_001],
      ["Photo/4.png", 2, 2, "image/bmp", 1_004],
    ]);
    const findings = await listFindings("whole");
    expect(findings.map(({ path, reason }) => [path, reason])).to.deep.equal([
      ["Photo/2.png", "damaged"],
      ["Photo/3.png", "not-an-image"],
    ]);
    const [shard, ...others] = await listShards("whole", pixelFormatKey(pixels));
    expect(others).to.deep.equal([]);
    expect(shard!.imageIds).to.deep.equal(["Photo/0.png", "Photo/1.png", "Photo/4.png"]);
    const stored = new Uint8Array(await shard!.pixels.arrayBuffer());
    expect(stored).to.have.length(3 * 48);
    expect([...stored.subarray(48, 51)]).to.deep.equal([9, 8, 7]);
    expect([...stored.subarray(96, 99)]).to.deep.equal([1, 2, 3]);
    expect((await getThumbnail("whole", "Photo/4.png"))?.size).to.be.above(100);
  });

  it("leaves the same when the same chunk comes again", async () => {
    const chunk = await chunkOf("twice");
    const importIt = () =>
      worker.longCall(
        () => undefined,
        never,
        (service, onEvent, signal) => service.importChunk(chunk, onEvent, signal),
      );
    await importIt();
    await importIt();
    expect(await listShards("twice", pixelFormatKey(pixels))).to.have.length(1);
    expect(await listImages("twice")).to.have.length(3);
  });

  it("leaves out of an addition what is there byte for byte in the same class, and says so", async () => {
    const importIt = (chunk: ImportChunk) =>
      worker.longCall(
        () => undefined,
        never,
        (service, onEvent, signal) => service.importChunk(chunk, onEvent, signal),
      );
    const first = await chunkOf("added", 2);
    await importIt(first);
    const [{ file }] = first.files as [ImportChunk["files"][number]];
    const bytes = await (file as File).arrayBuffer();
    const again = (path: string, className: string) => ({ path, className, file: new File([bytes], "x") });
    const files = [
      // Under another name, touched at its own place, and in another class.
      again("Photo/renamed.png", "Photo"),
      again("Photo/0 (2).png", "Photo"),
      again("Text/0.png", "Text"),
      { path: "Photo/new.png", className: "Photo", file: new File([bmp(3, 3, [7, 7, 7])], "new.png") },
    ];
    await importIt({ ...first, files, isAddition: true });
    expect((await listImages("added")).map(({ path }) => path)).to.deep.equal([
      "Photo/0.png",
      "Photo/1.png",
      "Photo/new.png",
      "Text/0.png",
    ]);
    const findings = await listFindings("added");
    expect(findings.map(({ path, reason, detail }) => [path, reason, detail])).to.deep.equal([
      ["Photo/renamed.png", "already-there", "Photo/0.png"],
    ]);
  });

  it("keeps nothing of a chunk that is cancelled between two files", async () => {
    const chunk = await chunkOf("cancelled", 2_000);
    const controller = new AbortController();
    let seen = 0;
    const outcome = await worker.longCall(
      ({ files }: ImportEvent) => {
        seen = files;
        controller.abort();
      },
      controller.signal,
      (service, onEvent, signal) => service.importChunk(chunk, onEvent, signal),
    );
    expect(outcome).to.deep.include({ ok: false, code: "cancelled" });
    expect(seen).to.be.within(1, 1_999);
    expect(await listImages("cancelled")).to.deep.equal([]);
    expect(await listShards("cancelled", pixelFormatKey(pixels))).to.deep.equal([]);
  });
});

describe("storage that refuses", () => {
  const put = IDBObjectStore.prototype.put;
  afterEach(() => {
    IDBObjectStore.prototype.put = put;
  });

  for (const refuse of [refuseByError, refuseByAborting]) {
    it(`is a failure with a code, and nothing of the chunk is kept: ${refuse.name}`, async () => {
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: unknown) {
        const request = put.call(this, value);
        // Later than the call, as a browser would.
        if (this.name === "findings") queueMicrotask(() => refuse(this.transaction, request));
        return request;
      };
      const outcome = await importChunk(await chunkOf("full"), () => undefined, never);
      expect(outcome).to.deep.include({ ok: false, code: "storage-full" });
      IDBObjectStore.prototype.put = put;
      expect(await listImages("full")).to.deep.equal([]);
      expect(await listShards("full", pixelFormatKey(pixels))).to.deep.equal([]);
    });
  }
});

/** As Chromium does it: the request fails by the quota, and takes its transaction with it. */
function refuseByError(transaction: IDBTransaction, request: IDBRequest): void {
  Object.defineProperty(request, "error", { get: () => new DOMException("Full.", "QuotaExceededError") });
  refuseByAborting(transaction);
}

/** The transaction is given up without a word. */
function refuseByAborting(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch (error) {
    // Two findings: the second finds it aborted already.
    if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
  }
}
