/**
 * What lies in the GPU's buffers, read and written in slices: tfjs would keep a second buffer of a tensor's whole size for each, and the first dense
 * kernel of the notebook's network is 253 MiB.
 */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import type { Tensor, TensorInfo } from "@tensorflow/tfjs-core";
import { noTensor } from "../deferred-gradients.ts";
import type { VariableMemory } from "../variables.ts";

const sliceBytes = 16 * 2 ** 20;
/** Up to here tfjs reads at once, and keeps what it reads through for the next time: losses and probabilities, every step. */
const smallBytes = 64 * 2 ** 10;

interface Held {
  /** What tfjs keeps on the processor of a tensor that was read, or that no program has used yet. */
  values: unknown;
  readonly resource?: GPUBuffer;
}

function heldOf(running: WebGPUBackend, tensor: TensorInfo): Held {
  return running.tensorMap.get(tensor.dataId) as unknown as Held;
}

/** To be called of every tensor that changes in place: tfjs would go on answering what it read before. */
export function forgetReadValues(running: WebGPUBackend, tensor: Tensor): void {
  heldOf(running, tensor).values = null;
}

function submit(running: WebGPUBackend): void {
  running.ensureCommandEncoderReady();
  running.endComputePassEncoder();
  running.submitQueue();
}

/** Milliseconds in which a lost device says so after a read failed. */
const patience = 1000;

/** Why a read failed: where the device was lost, that. */
async function reasonOf(error: unknown, { lost }: GPUDevice): Promise<unknown> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, patience, null));
  const loss = await Promise.race([lost, late]);
  return loss === null ? error : new Error(`the GPU was taken away: ${loss.message}`);
}

async function readSlices({ device, queue }: WebGPUBackend, buffer: GPUBuffer): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(buffer.size);
  const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
  const staging = device.createBuffer({ size: Math.min(sliceBytes, buffer.size), usage });
  try {
    for (let begin = 0; begin < buffer.size; begin += sliceBytes) {
      const size = Math.min(sliceBytes, buffer.size - begin);
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer, begin, staging, 0, size);
      queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ, 0, size);
      bytes.set(new Uint8Array(staging.getMappedRange(0, size)), begin);
      staging.unmap();
    }
  } finally {
    staging.destroy();
  }
  return bytes.buffer;
}

/**
 * Lets a backend read large buffers in slices (a tensor must not change until it was read), and lets a read fail where what it reads cannot be right:
 * WebGPU itself goes on after a buffer that it had no memory for.
 */
export function watchReads(running: WebGPUBackend): void {
  const { device } = running;
  let problem: Error | null = null;
  device.addEventListener("uncapturederror", ({ error }) => {
    const isMemory = error instanceof GPUOutOfMemoryError;
    problem ??= isMemory
      ? new RangeError(`the GPU has no memory for that: ${error.message}`)
      : new Error(error.message);
  });
  const readAtOnce = running.getBufferData.bind(running);
  const read = (buffer: GPUBuffer): Promise<ArrayBuffer> => {
    if (buffer.size <= smallBytes) return readAtOnce(buffer);
    submit(running);
    return readSlices(running, buffer);
  };
  running.getBufferData = async (buffer) => {
    const bytes = await read(buffer).catch(async (error: unknown) => {
      throw await reasonOf(error, device);
    });
    const told = problem;
    problem = null;
    if (told !== null) throw told;
    return bytes;
  };
}

/** Gives a tensor new values in the buffer that it has, or gets now. */
function writeInSlices(running: WebGPUBackend, tensor: Tensor, values: Float32Array<ArrayBuffer>): void {
  const held = heldOf(running, tensor);
  held.values = null;
  running.uploadToGPU(tensor.dataId);
  if (held.resource === undefined) throw new Error("a tensor has no buffer");
  // What was asked for before is to see the old values.
  submit(running);
  const length = sliceBytes / Float32Array.BYTES_PER_ELEMENT;
  for (let begin = 0; begin < values.length; begin += length) {
    const part = values.subarray(begin, begin + length);
    running.queue.writeBuffer(held.resource, begin * Float32Array.BYTES_PER_ELEMENT, part);
  }
}

export function variableMemory(running: WebGPUBackend): VariableMemory {
  return {
    read: async (variable) => {
      const values = (await variable.data()) as Float32Array<ArrayBuffer>;
      forgetReadValues(running, variable);
      return values;
    },
    write: (variable, values) => {
      writeInSlices(running, variable, values);
    },
  };
}

/** A tensor of this shape without memory, for a deferred gradient. */
export function makePlace(running: WebGPUBackend, shape: number[]): TensorInfo {
  const unreadable = new Proxy(new Float32Array(), {
    get: () => {
      throw new Error(noTensor);
    },
  });
  return { dataId: running.write(unreadable, shape, "float32"), shape, dtype: "float32" };
}
