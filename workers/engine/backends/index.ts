import type { BackendChoice, BackendInfo } from "../../../src/contract/engine.ts";
import { wasmLimits, type MemoryLimits } from "../../../src/domain/experiment/memory-limits.ts";
import { getBackend, removeBackend, setBackend } from "./tensors.ts";
import { probeBackend } from "./probe.ts";
import { startWasm, wasmHeapBytes, type WasmOptions, type WasmStart } from "./wasm/index.ts";
import type { WebGpuStart } from "./webgpu/index.ts";

/** The probe starts no further repetition after this many milliseconds. */
const probeLimit = 1500;

export interface BackendOptions extends WasmOptions {
  /** Called once if the GPU takes its device away later: every tensor is gone, and a backend must be started again. */
  readonly onLost?: (reason: string) => void;
}

type WebGpuModule = typeof import("./webgpu/index.ts");

let webGpu: WebGpuModule | undefined;

/** WebGPU's part of tfjs is large, so it is loaded where it is wanted. */
async function loadWebGpu(): Promise<WebGpuModule> {
  webGpu ??= await import("./webgpu/index.ts");
  return webGpu;
}

type StepTimes = BackendInfo["stepMilliseconds"];

function wasmInfo(start: WasmStart, reason: string, stepMilliseconds: StepTimes = null): BackendInfo {
  return { name: "wasm", threads: start.threads, simd: start.simd, isSoftware: false, reason, stepMilliseconds };
}

function webGpuInfo(start: WebGpuStart, reason: string, stepMilliseconds: StepTimes = null): BackendInfo {
  return { name: "webgpu", threads: 0, simd: "none", isSoftware: start.isSoftware, reason, stepMilliseconds };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function ignoreLoss(): void {
  // Nobody asked to be told.
}

/**
 * Starts the chosen backend and makes it tfjs' current one; `auto` measures the same small training step on each that starts, and
 * keeps the faster. Tensors of an earlier backend are gone afterwards.
 * @throws Error with the reason where no backend can start
 */
export async function startBackend(choice: BackendChoice, options: BackendOptions = {}): Promise<BackendInfo> {
  const onLost = options.onLost ?? ignoreLoss;
  if (choice === "wasm") return wasmInfo(await startWasm(options), "WebAssembly was asked for.");
  if (choice === "webgpu") {
    const start = await (await loadWebGpu()).startWebGpu(onLost);
    return webGpuInfo(start, `WebGPU was asked for (${start.adapter}).`);
  }
  return startFaster(options, onLost);
}

async function startFaster(options: BackendOptions, onLost: (reason: string) => void): Promise<BackendInfo> {
  const gpu = await tryToStart(async () => {
    const module = await loadWebGpu();
    const start = await module.startWebGpu(onLost);
    return { start, time: await probeBackend(probeLimit) };
  });
  const wasm = await tryToStart(async () => {
    const start = await startWasm(options);
    return { start, time: await probeBackend(probeLimit) };
  });
  if ("problem" in wasm) {
    if ("problem" in gpu) throw new Error(`No backend starts: WebAssembly: ${wasm.problem}; WebGPU: ${gpu.problem}.`);
    await setBackend("webgpu");
    return webGpuInfo(gpu.start, `WebGPU (${gpu.start.adapter}), since WebAssembly does not start: ${wasm.problem}.`);
  }
  if ("problem" in gpu) return wasmInfo(wasm.start, `WebAssembly, since ${gpu.problem}.`);
  const measured = `a test step took ${wasm.time.toFixed(0)} ms on WebAssembly and ${gpu.time.toFixed(0)} ms on WebGPU`;
  const times = { wasm: wasm.time, webgpu: gpu.time };
  const adapter = gpu.start.isSoftware ? `${gpu.start.adapter}, in software` : gpu.start.adapter;
  if (gpu.time < wasm.time) {
    await setBackend("webgpu");
    removeBackend("wasm");
    return webGpuInfo(gpu.start, `WebGPU (${adapter}): ${measured}.`, times);
  }
  removeBackend("webgpu");
  return wasmInfo(wasm.start, `WebAssembly: ${measured} (${adapter}).`, times);
}

async function tryToStart<T>(start: () => Promise<T>): Promise<T | { readonly problem: string }> {
  try {
    return await start();
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

/** What the current backend can hold. */
export function memoryLimits(): MemoryLimits {
  if (getBackend() === "wasm") return wasmLimits;
  // No browser tells how much memory a GPU has in all.
  return { backend: "webgpu", tensorBytes: webGpu?.largestBuffer() ?? 0, bytes: Infinity };
}

/** Bytes that the current backend holds for tensors: the WASM heap (which never shrinks, so its peak), or the GPU's buffers. */
export function heapBytes(): number {
  if (getBackend() === "wasm") return wasmHeapBytes();
  return webGpu?.webGpuBytes() ?? 0;
}
