/** A kernel thread: waits for jobs on the shared control block and does parts of them, until it is terminated. */
import { control, jobNames, takeParts, type Job, type ThreadStart } from "./control.ts";

/** Looks this many times before it sleeps: jobs of one training step follow one another within microseconds. */
const spins = 2000;

function waitForJob(words: Int32Array, seen: number): number {
  for (let i = 0; i < spins; i++) {
    const generation = Atomics.load(words, control.generation);
    if (generation !== seen) return generation;
  }
  while (Atomics.load(words, control.generation) === seen) Atomics.wait(words, control.generation, seen);
  return Atomics.load(words, control.generation);
}

function serve(start: ThreadStart): never {
  const words = new Int32Array(start.control);
  const instance = new WebAssembly.Instance(start.module, { env: { memory: start.memory } });
  const jobs = jobNames.map((name) => instance.exports[name] as Job);
  let seen = 0;
  self.postMessage("ready");
  for (;;) {
    seen = waitForJob(words, seen);
    const job = jobs[Atomics.load(words, control.job)];
    try {
      if (job === undefined) throw new Error("unknown kernel");
      takeParts(words, job, start.thread);
    } catch (error) {
      console.error("a kernel thread failed", error);
      Atomics.store(words, control.failed, 1);
    }
    if (Atomics.sub(words, control.busy, 1) === 1) Atomics.notify(words, control.busy);
  }
}

self.onmessage = (event: MessageEvent<ThreadStart>) => {
  serve(event.data);
};
