import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import noneUrl from "../../../kernels/build/kernels-none.wasm?url";
import relaxedUrl from "../../../kernels/build/kernels-relaxed.wasm?url";
import relaxedThreadsUrl from "../../../kernels/build/kernels-relaxed-threads.wasm?url";
import simdUrl from "../../../kernels/build/kernels-simd.wasm?url";
import simdThreadsUrl from "../../../kernels/build/kernels-simd-threads.wasm?url";
import { registerDeferral } from "../deferred-gradients.ts";
import { registerAdam, registerPenaltySums } from "../optimizer-kernels.ts";
import { applyAdamInPlace, sumPenalties } from "./adam.ts";
import { registerChannels } from "./channels.ts";
import { registerConvolutions } from "./convolution.ts";
import { registerDepthwiseForward } from "./depthwise.ts";
import { registerProducts } from "./products.ts";
import { KernelRunner, memoryOf, type KernelExports } from "./runner.ts";
import { KernelThreads } from "./threads.ts";
import { registerWindows } from "./windows.ts";

export type Simd = "none" | "simd" | "relaxed";

/** By what the memory is: without vectors there are no threads, so no shared memory. */
const urls: Readonly<Record<"own" | "shared", Readonly<Partial<Record<Simd, string>>>>> = {
  own: { none: noneUrl, simd: simdUrl, relaxed: relaxedUrl },
  shared: { simd: simdThreadsUrl, relaxed: relaxedThreadsUrl },
};

/** (module (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt)) */
const simdProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0a, 0x01, 0x08, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b],
);

/** (module (func (param v128 v128 v128) (result v128) local.get 0 1 2 f32x4.relaxed_madd)) */
const relaxedProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x08, 0x01, 0x60, 0x03, 0x7b, 0x7b, 0x7b, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0d, 0x01, 0x0b, 0x00, 0x20, 0x00, 0x20, 0x01, 0x20, 0x02, 0xfd, 0x85, 0x02, 0x0b],
);

/** The best that this browser has: with relaxed SIMD a multiplication and an addition are one. */
export function bestSimd(): Simd {
  if (WebAssembly.validate(relaxedProbe)) return "relaxed";
  return WebAssembly.validate(simdProbe) ? "simd" : "none";
}

let current: KernelRunner | undefined;

/**
 * Instantiates our kernels on the memory of tfjs' WASM backend, on so many threads, and registers them there.
 * @param threads more than one only where the backend's memory is shared
 */
export async function startKernels(backend: BackendWasm, simd: Simd, threads: number): Promise<void> {
  const memory = memoryOf(backend);
  const isShared = !(memory.buffer instanceof ArrayBuffer);
  const url = urls[isShared ? "shared" : "own"][simd];
  if (url === undefined) throw new Error(`there are no kernels for ${simd} on a shared memory`);
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`the WASM kernels could not be loaded (${url}: HTTP ${response.status})`);
  const module = await WebAssembly.compile(await response.arrayBuffer());
  const instance = await WebAssembly.instantiate(module, { env: { memory } });
  const pool = threads > 1 ? await KernelThreads.start(module, memory, threads) : undefined;
  const runner = new KernelRunner(
    backend,
    instance.exports as unknown as KernelExports,
    pool,
    threads,
    simd !== "none",
  );
  registerChannels(runner);
  registerConvolutions(runner);
  registerDepthwiseForward(runner);
  registerProducts(runner);
  registerWindows(runner);
  registerAdam("wasm", (slot, gradient, options, alpha) => {
    applyAdamInPlace(runner, slot, gradient, options, alpha);
  });
  // Address 0: there is no memory behind it, and freeing it does nothing.
  registerDeferral("wasm", (shape) => backend.makeOutput(shape, "float32", 0));
  registerPenaltySums("wasm", (weight) => sumPenalties(runner, weight));
  current = runner;
}

/** Ends the kernel threads of a backend that is being replaced. */
export function stopKernels(): void {
  current?.dispose();
  current = undefined;
}

/** Begins to measure how long each of our kernels takes; answers what was measured since the last call, in milliseconds by name. */
export function profileKernels(): Readonly<Record<string, number>> {
  const measured = Object.fromEntries(current?.profile ?? []);
  if (current) current.profile = new Map();
  return measured;
}
