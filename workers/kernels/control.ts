/**
 * How the engine worker and its kernel threads talk: a small shared block of words beside the tensors' memory. The engine writes a job,
 * raises the generation and takes parts of it like every other thread, by counting NEXT up; the last thread to finish wakes the engine.
 */
export const control = {
  /** Raised by one for each job: the threads wait for it to change. */
  generation: 0,
  /** Index into `jobNames`. */
  job: 1,
  /** Address of the job's arguments in the tensors' memory. */
  args: 2,
  parts: 3,
  /** The next part that nobody has taken. */
  next: 4,
  /** Threads that still work on the job. */
  busy: 5,
  /** Becomes 1 when a thread's kernel trapped. */
  failed: 6,
  words: 16,
} as const;

/** The kernels that threads run, in the order of their job index. */
export const jobNames = [
  "pack",
  "multiplyAdam",
  "multiplyTall",
  "multiplyFlat",
  "convolve",
  "filterGradient",
  "adam",
  "penaltySums",
  "sumSlices",
  "maxPool",
  "maxPoolGradient",
  "averagePoolGradient",
  "depthwiseFilterGradient",
  "depthwiseInputGradient",
  "activationGradient",
  "addClamped",
  "affine",
  "columnSquares",
  "columnSums",
  "groupSums",
  "normalizationGradient",
  "normalizationSums",
  "winogradConvolve",
  "winogradFilterGradient",
  "winogradFilterGradientEnd",
  "winogradFilters",
] as const;
export type JobName = (typeof jobNames)[number];

/** Does one part of a job, with the scratch of `thread`. */
export type Job = (args: number, part: number, parts: number, thread: number) => void;

/** What a kernel thread is given to start with. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** From 1; the engine itself is thread 0. */
  readonly thread: number;
}

/** Takes parts of the current job until none is left. */
export function takeParts(words: Int32Array, job: Job, thread: number): void {
  const args = Atomics.load(words, control.args) >>> 0;
  const parts = Atomics.load(words, control.parts);
  for (let part = Atomics.add(words, control.next, 1); part < parts; part = Atomics.add(words, control.next, 1)) {
    job(args, part, parts, thread);
  }
}
