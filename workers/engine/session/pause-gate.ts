/** Lets a training wait between two steps, with all that it has in memory. */
export class PauseGate {
  #isClosed = false;
  #open: () => void = () => undefined;
  #opened: Promise<void> = Promise.resolve();

  get isClosed(): boolean {
    return this.#isClosed;
  }

  set isClosed(isClosed: boolean) {
    if (isClosed === this.#isClosed) return;
    this.#isClosed = isClosed;
    if (isClosed) this.#opened = new Promise((resolve) => (this.#open = resolve));
    else this.#open();
  }

  /**
   * Resolves when the gate is open, with the milliseconds that it took.
   * @throws the signal's reason when it is aborted first
   */
  async pass(signal: AbortSignal): Promise<number> {
    if (!this.#isClosed) return 0;
    const begin = performance.now();
    let stop: () => void = () => undefined;
    const aborted = new Promise<void>((resolve) => (stop = resolve));
    signal.addEventListener("abort", stop, { once: true });
    try {
      if (!signal.aborted) await Promise.race([this.#opened, aborted]);
      signal.throwIfAborted();
      return performance.now() - begin;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }
}
