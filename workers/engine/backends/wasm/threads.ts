import { control, jobNames, takeParts, type Job, type JobName, type ThreadStart } from "../../../kernels/control.ts";

/** Looks this many times for the others to finish before it sleeps. */
const spins = 4000;
/** A part of a job takes milliseconds; a thread that is silent for this long is dead. */
const patience = 120_000;

/**
 * Kernel threads beside the engine worker, which is thread 0 itself: module workers that share the tensors' memory and block between jobs.
 * They end with `terminate`, or with the engine worker.
 */
export class KernelThreads {
  private readonly words: Int32Array;

  private constructor(
    private readonly workers: readonly Worker[],
    buffer: SharedArrayBuffer,
  ) {
    this.words = new Int32Array(buffer);
  }

  /**
   * @param threads how many in all, at least 2
   * @throws Error when a worker cannot start
   */
  static async start(module: WebAssembly.Module, memory: WebAssembly.Memory, threads: number): Promise<KernelThreads> {
    const buffer = new SharedArrayBuffer(control.words * Int32Array.BYTES_PER_ELEMENT);
    const workers = Array.from(
      { length: threads - 1 },
      (_, index) =>
        new Worker(new URL("../../../kernels/thread.ts", import.meta.url), {
          type: "module",
          name: `kernels-${index + 1}`,
        }),
    );
    const ready = workers.map(
      (worker, index) =>
        new Promise<void>((resolve, reject) => {
          worker.onmessage = () => resolve();
          worker.onerror = (event) => reject(new Error(`a kernel thread did not start: ${event.message}`));
          const start: ThreadStart = { module, memory, control: buffer, thread: index + 1 };
          worker.postMessage(start);
        }),
    );
    try {
      await Promise.all(ready);
    } catch (error) {
      for (const worker of workers) worker.terminate();
      throw error;
    }
    return new KernelThreads(workers, buffer);
  }

  /** Does all parts of a job on all threads, and returns when they are done. */
  run(name: JobName, job: Job, args: number, parts: number): void {
    const { words } = this;
    Atomics.store(words, control.job, jobNames.indexOf(name));
    Atomics.store(words, control.args, args);
    Atomics.store(words, control.parts, parts);
    Atomics.store(words, control.next, 0);
    Atomics.store(words, control.busy, this.workers.length);
    Atomics.add(words, control.generation, 1);
    Atomics.notify(words, control.generation);
    takeParts(words, job, 0);
    this.waitForOthers();
    if (Atomics.load(words, control.failed) !== 0) throw new Error(`the kernel ${name} failed on a thread`);
  }

  private waitForOthers(): void {
    const { words } = this;
    for (let i = 0; i < spins; i++) if (Atomics.load(words, control.busy) === 0) return;
    for (let busy = Atomics.load(words, control.busy); busy !== 0; busy = Atomics.load(words, control.busy)) {
      if (Atomics.wait(words, control.busy, busy, patience) === "timed-out") {
        throw new Error("a kernel thread does not answer");
      }
    }
  }

  terminate(): void {
    for (const worker of this.workers) worker.terminate();
  }
}
