/** A worker that is started when it is first needed, watched while it lives, and started again after it died. */
import { releaseProxy, wrap } from "comlink";
import { type Failure, failed, failureOf, type Outcome } from "../contract/outcome.ts";
import { installTransferHandlers, withTransferables } from "../contract/signal-transfer.ts";
import { isAliveMessage } from "../contract/worker-endpoint.ts";

/** How long a cancelled call may take to end by itself before its worker is terminated, in milliseconds. */
const defaultGrace = 10_000;

/** What waiting calls are rejected with when their worker dies. */
export class WorkerDiedError extends Error {
  override readonly name = "WorkerDiedError";
}

interface RunningWorker<S> {
  /** Comlink's proxy of it. */
  readonly service: S;
  /** Counts the starts of this supervised worker, from 1. */
  readonly generation: number;
  /** Never resolves; rejects with a `WorkerDiedError` when the worker ends, however it ends. */
  readonly death: Promise<never>;
  kill(reason: string): void;
}

export interface SupervisedWorkerOptions {
  /** For messages: "engine", "decode worker 2". */
  readonly name: string;
  /** Creates the worker. Only files of src/runtime say `new Worker`. */
  readonly create: () => Worker;
  readonly onDeath?: (reason: string) => void;
  readonly graceMilliseconds?: number;
}

/** @typeParam S a service whose methods are all asynchronous */
export class SupervisedWorker<S extends object> {
  readonly #options: SupervisedWorkerOptions;
  #running: Promise<RunningWorker<S>> | null = null;
  #kill: ((reason: string) => void) | null = null;
  #generation = 0;

  constructor(options: SupervisedWorkerOptions) {
    installTransferHandlers();
    this.#options = options;
  }

  /** Starts so far; a change means that what was told to the worker is forgotten. */
  get generation(): number {
    return this.#generation;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /**
   * Makes a short call, starting the worker where it does not run.
   * @throws WorkerDiedError when the worker cannot start or dies before it answered
   */
  async call<T>(invoke: (service: S, generation: number) => Promise<T>): Promise<T> {
    const worker = await this.#start();
    return Promise.race([invoke(worker.service, worker.generation), worker.death]);
  }

  /**
   * Makes a long call. Every end is an outcome: a worker that dies answers `worker-died`; a cancelled call that has not ended after the grace
   * period is answered `cancelled`, and its worker is terminated, with everything else that was waiting on it.
   */
  async longCall<E, T>(
    onEvent: (event: E) => void,
    signal: AbortSignal,
    invoke: (service: S, onEvent: (event: E) => void, signal: AbortSignal) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    if (signal.aborted) return failed("cancelled", "Cancelled.");
    let timer: ReturnType<typeof setTimeout> | undefined;
    let graceIsOver = false;
    const grace = this.#options.graceMilliseconds ?? defaultGrace;
    const waitForEnd = (): void => {
      timer = setTimeout(() => {
        graceIsOver = true;
        this.terminate(`It did not end within ${grace / 1000} seconds after it was cancelled.`);
      }, grace);
    };
    signal.addEventListener("abort", waitForEnd, { once: true });
    try {
      return await this.call((service) =>
        withTransferables(onEvent, signal, (forward, callSignal) => invoke(service, forward, callSignal)),
      );
    } catch (error) {
      return graceIsOver ? failed("cancelled", "Cancelled; the worker had to be terminated.") : workerFailureOf(error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", waitForEnd);
    }
  }

  /** Ends the worker where it runs; what waits on it is rejected. The next call starts it again. */
  terminate(reason = "It was terminated."): void {
    this.#kill?.(reason);
  }

  /** The promise is kept only as long as the worker lives, so that a failed start is tried again by the next call. */
  #start(): Promise<RunningWorker<S>> {
    if (this.#running) return this.#running;
    const worker = this.#create();
    const running = (async () => {
      const generation = ++this.#generation;
      await Promise.race([worker.alive, worker.death]);
      return { service: worker.service, generation, death: worker.death, kill: worker.kill };
    })();
    running.catch((error: unknown) => worker.kill(error instanceof Error ? error.message : String(error)));
    this.#running = running;
    return running;
  }

  #create(): Omit<RunningWorker<S>, "generation"> & { readonly alive: Promise<void> } {
    const worker = this.#options.create();
    const remote = wrap(worker);
    // Services have asynchronous methods only, so that what Comlink makes of the type is the type itself.
    const service = remote as unknown as S;
    const watch = new AbortController();

    let reject: (error: WorkerDiedError) => void = () => undefined;
    const death = new Promise<never>((_, rejectDeath) => {
      reject = rejectDeath;
    });
    // Also when nobody waits: a death is no unhandled rejection.
    death.catch(() => undefined);

    const kill = (reason: string): void => {
      if (watch.signal.aborted) return;
      watch.abort();
      if (this.#kill === kill) {
        this.#kill = null;
        this.#running = null;
      }
      remote[releaseProxy]();
      worker.terminate();
      reject(new WorkerDiedError(`The ${this.#options.name} stopped working. ${reason}`.trim()));
      this.#options.onDeath?.(reason);
    };
    this.#kill = kill;

    const until = { signal: watch.signal };
    worker.addEventListener(
      "error",
      (event) => {
        // What waits is told; it is no error of the page's own.
        event.preventDefault();
        kill(event.message || "Its script could not be loaded.");
      },
      until,
    );
    worker.addEventListener("messageerror", () => kill("A message to it could not be read."), until);
    const alive = new Promise<void>((resolve) => {
      const listen = (message: MessageEvent<unknown>): void => {
        if (!isAliveMessage(message.data)) return;
        worker.removeEventListener("message", listen);
        if (message.data.lock !== null) {
          navigator.locks
            .request(message.data.lock, { signal: watch.signal }, () => kill("It ended without a word."))
            // Aborted, since the worker is already known to be dead.
            .catch(() => undefined);
        }
        resolve();
      };
      worker.addEventListener("message", listen, until);
    });
    return { service, alive, death, kill };
  }
}

/** Turns what a call to a worker threw into a failure. */
export function workerFailureOf(error: unknown): Failure {
  if (error instanceof WorkerDiedError) {
    return failed("worker-died", error.message, "Try again; if it happens again, use smaller images or batches.");
  }
  return failureOf(error);
}
