import { env, findBackendFactory, registerBackend, removeBackend, setBackend, backend } from "@tensorflow/tfjs-core";
import { BackendWasm, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plainUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { withoutPthreads } from "./pthreads.ts";
import { bestSimd, startKernels, stopKernels, type Simd } from "./start.ts";
import { memoryOf } from "./runner.ts";

const backendPriority = 2;

export interface WasmOptions {
  /** All usable cores where not given; one where the page is not cross-origin isolated. */
  readonly threads?: number;
  /** The best that the browser has where not given. */
  readonly simd?: Simd;
}

export interface WasmStart {
  readonly threads: number;
  readonly simd: Simd;
}

/** More threads than this wait for one another longer than they compute. */
const mostThreads = 16;

/** Cores that the browser says there are, as far as they help. */
function usableCores(): number {
  return Math.min(mostThreads, Math.max(1, navigator.hardwareConcurrency || 1));
}

/**
 * Starts tfjs' WASM backend with our kernels on it and makes it the current one. A backend that already runs is replaced: all of its
 * tensors are gone.
 * Without SIMD there is one thread: tfjs has no threads without it.
 * @throws Error where a binary cannot be loaded.
 */
export async function startWasm(options: WasmOptions = {}): Promise<WasmStart> {
  const simd = options.simd ?? bestSimd();
  const wanted = Math.max(1, Math.floor(options.threads ?? usableCores()));
  const threads = self.crossOriginIsolated && simd !== "none" ? wanted : 1;
  const factory = findBackendFactory("wasm");
  if (factory === null) throw new Error("tfjs' WASM backend is not registered");
  stopKernels();
  removeBackend("wasm");
  registerBackend("wasm", factory, backendPriority);
  env().set("WASM_HAS_SIMD_SUPPORT", simd !== "none");
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", threads > 1);
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plainUrl,
    "tfjs-backend-wasm-simd.wasm": simdUrl,
    "tfjs-backend-wasm-threaded-simd.wasm": threadedUrl,
  });
  const started = threads > 1 ? await withoutPthreads(() => setBackend("wasm")) : await setBackend("wasm");
  const running = backend();
  if (!started || !(running instanceof BackendWasm)) throw new Error("tfjs' WASM backend did not start");
  await startKernels(running, simd, threads);
  return { threads, simd };
}

/** The size of the backend's heap; it never shrinks, so this is also the peak. */
export function wasmHeapBytes(): number {
  const running = backend();
  return running instanceof BackendWasm ? memoryOf(running).buffer.byteLength : 0;
}
