import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { Job, JobName } from "../../../kernels/control.ts";
import { noTensor } from "../deferred-gradients.ts";
import { changesInPlace } from "../in-place.ts";
import type { KernelThreads } from "./threads.ts";

export type KernelExports = Readonly<Record<JobName, Job>> & {
  productScratch(): number;
};

/** What we use of the Emscripten module inside tfjs' backend. */
interface EmscriptenModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** The threaded build's shared memory. */
  readonly wasmMemory?: WebAssembly.Memory;
  /** The single-threaded build's exports. */
  readonly asm?: { readonly memory?: WebAssembly.Memory };
}

interface TensorPlace {
  readonly memoryOffset: number;
}

const wordsForArguments = 64;
const partsPerThread = 4;
/** Waking a thread costs about as much as this many operations. */
const operationsPerPart = 100_000;

const cacheLine = 64;
/** What is kept of transformed filters in all. */
const preparedBudget = 64 * 1024 * 1024;

/** Bytes rounded up to whole cache lines, so that threads do not write to the same one. */
export function wholeLines(bytes: number): number {
  return Math.ceil(bytes / cacheLine) * cacheLine;
}

const floatBits = new Float32Array(1);
const integerBits = new Int32Array(floatBits.buffer);

/** A float32 as the word that a kernel's argument block holds. */
export function floatWord(value: number): number {
  floatBits[0] = value;
  return integerBits[0] ?? 0;
}

/** The linear memory that tfjs' WASM backend keeps its tensors in. */
export function memoryOf(backend: BackendWasm): WebAssembly.Memory {
  const module = backend.wasm as unknown as EmscriptenModule;
  const memory = module.wasmMemory ?? module.asm?.memory;
  if (memory === undefined)
    throw new Error("the WASM backend's memory is out of reach: this tfjs build is not the expected one");
  return memory;
}

/**
 * Runs kernels on the tensors of tfjs' WASM backend, in place. Owns one argument block and one scratch area, both on the
 * backend's heap; the scratch grows to what the largest job so far needed.
 */
export class KernelRunner {
  private readonly module: EmscriptenModule;
  private readonly memory: WebAssembly.Memory;
  private readonly argumentsAt: number;
  private scratchAt = 0;
  private scratchSize = 0;
  private readonly preparations = new Map<object, { readonly address: number; readonly bytes: number }>();
  private preparedBytes = 0;

  constructor(
    readonly backend: BackendWasm,
    readonly kernels: KernelExports,
    private readonly pool: KernelThreads | undefined,
    /** The engine worker's own included. */
    readonly threads: number,
    /** Without vectors some kernels are missing: those of Winograd's way. */
    readonly hasVectors: boolean,
  ) {
    this.module = backend.wasm;
    this.memory = memoryOf(backend);
    refuseNull(this.module);
    this.argumentsAt = this.allocate(wordsForArguments * 4);
    this.forgetWithTensors();
  }

  /** Where a tensor's values lie. */
  address(tensor: TensorInfo): number {
    const { memoryOffset } = this.backend.dataIdMap.get(tensor.dataId) as TensorPlace;
    if (memoryOffset === 0) throw new Error(noTensor);
    return memoryOffset;
  }

  /** `count` floats of the backend's memory, valid until the next allocation. */
  floats(address: number, count: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, count);
  }

  /** `count` doubles of the backend's memory, valid until the next allocation. */
  doubles(address: number, count: number): Float64Array {
    return new Float64Array(this.memory.buffer, address, count);
  }

  /** Scratch of at least `bytes`, valid until the next call of this function. */
  scratch(bytes: number): number {
    if (bytes > this.scratchSize) {
      if (this.scratchAt !== 0) this.module._free(this.scratchAt);
      this.scratchAt = 0;
      this.scratchSize = 0;
      this.scratchAt = this.allocate(bytes + cacheLine);
      this.scratchSize = bytes;
    }
    return wholeLines(this.scratchAt);
  }

  /**
   * What was prepared from a tensor's values, for as long as the tensor lives; undefined where it would be out of date with the next change of
   * its values, or too much to keep.
   * @param prepare writes `bytes` to the address that it gets
   */
  prepared(tensor: TensorInfo, bytes: number, prepare: (address: number) => void): number | undefined {
    if (changesInPlace(tensor)) return undefined;
    const known = this.preparations.get(tensor.dataId);
    if (known !== undefined) return wholeLines(known.address);
    if (this.preparedBytes + bytes > preparedBudget) return undefined;
    const address = this.allocate(bytes + cacheLine);
    this.preparations.set(tensor.dataId, { address, bytes });
    this.preparedBytes += bytes;
    prepare(wholeLines(address));
    return wholeLines(address);
  }

  private forgetWithTensors(): void {
    const { backend, module, preparations } = this;
    const disposeData = backend.disposeData.bind(backend);
    backend.disposeData = (dataId, force) => {
      const isGone = disposeData(dataId, force);
      const known = isGone ? preparations.get(dataId) : undefined;
      if (known !== undefined) {
        module._free(known.address);
        preparations.delete(dataId);
        this.preparedBytes -= known.bytes;
      }
      return isGone;
    };
  }

  /** Milliseconds by kernel since `profile` was set; null where nothing is measured. */
  profile: Map<JobName, number> | null = null;

  /**
   * Does all of a job, on all threads.
   * @param words its argument block (see the @unmanaged class of its source)
   * @param parts into how many independent parts the work is cut
   */
  run(name: JobName, words: readonly number[], parts: number): void {
    const block = new Int32Array(this.memory.buffer, this.argumentsAt, wordsForArguments);
    block.set(words);
    const job = this.kernels[name];
    const begin = this.profile === null ? 0 : performance.now();
    if (this.pool !== undefined && parts > 1) this.pool.run(name, job, this.argumentsAt, parts);
    else for (let part = 0; part < parts; part++) job(this.argumentsAt, part, parts, 0);
    this.profile?.set(name, (this.profile.get(name) ?? 0) + performance.now() - begin);
  }

  /** Parts for a job of so many arithmetic operations: some for each thread, so that none waits long, but none too small to share. */
  partsFor(operations: number): number {
    if (this.threads === 1) return 1;
    return Math.max(1, Math.min(this.threads * partsPerThread, Math.floor(operations / operationsPerPart)));
  }

  /** Frees what the runner holds, threads included. */
  dispose(): void {
    this.pool?.terminate();
  }

  private allocate(bytes: number): number {
    return this.module._malloc(bytes) >>> 0;
  }
}

/** Lets an allocation fail where it fails: tfjs takes address 0 for a tensor's, and would overwrite what lies there. */
function refuseNull(module: EmscriptenModule): void {
  const allocate = module._malloc.bind(module);
  module._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0) throw new RangeError(`the WASM heap has no room for ${bytes} bytes more`);
    return address;
  };
}
