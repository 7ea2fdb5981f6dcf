import { backend, findBackendFactory, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { registerDeferral } from "../deferred-gradients.ts";
import { registerAdam } from "../optimizer-kernels.ts";
import { registerVariableMemory } from "../variables.ts";
import { applyAdamOnGpu } from "./adam.ts";
import { makePlace, watchReads, variableMemory } from "./memory.ts";
import { registerWebGpuKernels } from "./register.ts";

const backendPriority = 3;

export interface WebGpuStart {
  /** The adapter computes on the processor. */
  readonly isSoftware: boolean;
  /** What the adapter calls itself. */
  readonly adapter: string;
}

/** Newer adapters tell by themselves whether they are a fallback; SwiftShader and WARP are known by name. */
function isSoftwareAdapter(info: GPUAdapterInfo): boolean {
  if (info.isFallbackAdapter) return true;
  return /swiftshader|llvmpipe|lavapipe|warp|basic render/i.test(
    `${info.vendor} ${info.architecture} ${info.description}`,
  );
}

/**
 * Looks whether WebGPU has an adapter at all.
 * @returns its description, or why there is none
 */
export async function findAdapter(): Promise<{ readonly info: GPUAdapterInfo } | { readonly problem: string }> {
  // Missing in browsers without WebGPU and on insecure origins, whatever the types say.
  const gpu = (navigator as { gpu?: GPU }).gpu;
  if (gpu === undefined) return { problem: "this browser has no WebGPU" };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
    return adapter === null ? { problem: "WebGPU has no adapter here" } : { info: adapter.info };
  } catch (error) {
    return { problem: `WebGPU failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Starts tfjs' WebGPU backend and makes it the current one. A backend that already runs is replaced: all of its tensors are gone.
 * @param onLost called once if the device is lost later, with the browser's reason
 * @throws Error where there is no adapter or no device
 */
export async function startWebGpu(onLost: (reason: string) => void): Promise<WebGpuStart> {
  const found = await findAdapter();
  if ("problem" in found) throw new Error(found.problem);
  const factory = findBackendFactory("webgpu");
  if (factory === null) throw new Error("tfjs' WebGPU backend is not registered");
  removeBackend("webgpu");
  registerBackend("webgpu", factory, backendPriority);
  registerWebGpuKernels();
  registerAdam("webgpu", applyAdamOnGpu);
  const started = await setBackend("webgpu");
  const running = backend();
  if (!started || !(running instanceof WebGPUBackend)) throw new Error("WebGPU gave no device");
  watchReads(running);
  registerDeferral("webgpu", (shape) => makePlace(running, shape));
  registerVariableMemory("webgpu", variableMemory(running));
  void running.device.lost.then((lost) => {
    // We destroy the device ourselves when another backend takes over.
    if (lost.reason !== "destroyed") onLost(lost.message);
  });
  const { info } = found;
  const adapter = [info.vendor, info.architecture, info.description].filter((part) => part !== "").join(" ");
  return { isSoftware: isSoftwareAdapter(info), adapter };
}

/** The most bytes that one tensor can have: tfjs asks for all that the adapter grants, which may be no more than the 128 MiB of the standard. */
export function largestBuffer(): number {
  const running = backend();
  if (!(running instanceof WebGPUBackend)) return 0;
  const { maxStorageBufferBindingSize, maxBufferSize } = running.device.limits;
  return Math.min(maxStorageBufferBindingSize, maxBufferSize);
}

/** Bytes in buffers that the backend holds. */
export function webGpuBytes(): number {
  const running = backend();
  if (!(running instanceof WebGPUBackend)) return 0;
  return running.memory().numBytesAllocatedInGPU ?? 0;
}
