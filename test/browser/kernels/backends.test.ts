import { expect } from "chai";
import { type Remote, wrap } from "comlink";
import { numbers } from "./arbitrary.ts";
import type { KernelService } from "./kernel-worker.ts";
import { matrixProduct } from "./plain-kernels.ts";

describe("backends", function () {
  this.timeout(120_000);
  let worker: Worker;
  let backend: Remote<KernelService>;

  beforeEach(() => {
    worker = new Worker(new URL("./kernel-worker.ts", import.meta.url), { type: "module" });
    backend = wrap<KernelService>(worker);
  });

  afterEach(() => worker.terminate());

  async function multiplies(): Promise<boolean> {
    const product = { m: 70, n: 33, k: 50, transposeA: false, transposeB: false };
    const [a, b] = [numbers(1, 70, 50), numbers(2, 50, 33)];
    const { y } = await backend.run("matmul", { transpose_a: false, transpose_b: false }, { a, b });
    const expected = matrixProduct(product, a.data, b.data).data;
    return expected.every((value, i) => Math.abs(value - y!.data[i]!) < 1e-4);
  }

  it("starts WASM on the threads that were asked for, and again on others", async () => {
    const first = await backend.start("wasm", { threads: 2 });
    expect(first.threads).to.equal(crossOriginIsolated ? 2 : 1);
    expect(await multiplies()).to.equal(true);
    const second = await backend.start("wasm", { threads: 1, simd: "simd" });
    expect(second).to.include({ name: "wasm", threads: 1, simd: "simd", isSoftware: false });
    expect(await multiplies()).to.equal(true);
    const third = await backend.start("wasm", { threads: 3 });
    expect(third.threads).to.equal(crossOriginIsolated ? 3 : 1);
    expect(await multiplies()).to.equal(true);
  });

  it("gives the same sums on any number of threads", async () => {
    if (!crossOriginIsolated) return;
    const x = numbers(3, 4, 21, 19, 6);
    const dy = numbers(4, 4, 21, 19, 10);
    const attributes = { strides: [1, 1], padding: "same", filter_shape: [3, 3, 6, 10] } as const;
    const results: (readonly number[])[] = [];
    for (const threads of [1, 2, 5]) {
      await backend.start("wasm", { threads });
      const { dfilter } = await backend.run("conv2d_grad_filter", attributes, { x, dy });
      results.push([...dfilter!.data]);
    }
    expect(results[1]).to.deep.equal(results[0]);
    expect(results[2]).to.deep.equal(results[0]);
  });

  it("uses all cores where no number of threads is given", async () => {
    const { threads } = await backend.start("wasm", {});
    expect(threads).to.equal(crossOriginIsolated ? Math.min(16, navigator.hardwareConcurrency) : 1);
  });

  it("chooses WASM where WebGPU finds no adapter, and says why", async () => {
    await backend.withoutAdapter();
    const info = await backend.start("auto", {});
    expect(info.name).to.equal("wasm");
    expect(info.reason).to.equal("WebAssembly, since WebGPU has no adapter here.");
    expect(await multiplies()).to.equal(true);
  });

  it("says why WebGPU does not start where it finds no adapter", async () => {
    await backend.withoutAdapter();
    const reason = await backend.start("webgpu", {}).then(
      () => "",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(reason).to.equal("WebGPU has no adapter here");
  });
});
