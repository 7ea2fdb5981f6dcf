import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** The jobs of workers/kernels/assembly: each does one thread's part of what its arguments say. */
export type KernelJob = (args: number, thread: number, threads: number) => void;

export interface KernelExports {
  readonly pack: KernelJob;
  readonly multiplyTall: KernelJob;
  readonly multiplyFlat: KernelJob;
  readonly convolve: KernelJob;
  readonly filterGradient: KernelJob;
  readonly adam: KernelJob;
  readonly sumParts: KernelJob;
  readonly maxPoolGradient: KernelJob;
  readonly averagePoolGradient: KernelJob;
  readonly depthwiseFilterGradient: KernelJob;
  readonly depthwiseInputGradient: KernelJob;
  productScratch(): number;
  flatRows(): number;
}

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
  readonly threads: number;
  private readonly module: EmscriptenModule;
  private readonly memory: WebAssembly.Memory;
  private readonly argumentsAt: number;
  private scratchAt = 0;
  private scratchSize = 0;

  constructor(
    readonly backend: BackendWasm,
    readonly kernels: KernelExports,
  ) {
    this.module = backend.wasm as unknown as EmscriptenModule;
    this.memory = memoryOf(backend);
    this.threads = 1;
    this.argumentsAt = this.allocate(wordsForArguments * 4);
  }

  /** Where a tensor's values lie. */
  address(tensor: TensorInfo): number {
    return (this.backend.dataIdMap.get(tensor.dataId) as TensorPlace).memoryOffset;
  }

  /** Scratch of at least `bytes`, valid until the next call of this function. */
  scratch(bytes: number): number {
    if (bytes > this.scratchSize) {
      if (this.scratchAt !== 0) this.module._free(this.scratchAt);
      this.scratchSize = 0;
      this.scratchAt = this.allocate(bytes);
      this.scratchSize = bytes;
    }
    return this.scratchAt;
  }

  /** Does all of a job; `words` is its argument block (see the @unmanaged class of its source). */
  run(job: KernelJob, words: readonly number[]): void {
    const block = new Int32Array(this.memory.buffer, this.argumentsAt, wordsForArguments);
    block.set(words);
    for (let thread = 0; thread < this.threads; thread++) job(this.argumentsAt, thread, this.threads);
  }

  private allocate(bytes: number): number {
    const address = this.module._malloc(bytes) >>> 0;
    if (address === 0) throw new RangeError(`the WASM heap has no room for ${bytes} bytes of scratch`);
    return address;
  }
}
