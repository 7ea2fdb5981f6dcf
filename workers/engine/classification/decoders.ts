/** The decode workers, as the engine sees them: slots with a port each, which the runtime connects and replaces. */
import { type Remote, wrap } from "comlink";
import type { DecodedFile, DecodeRequest, DecodeService } from "../../../src/contract/decode.ts";

/** The worker of a slot went away while it decoded; another try may succeed. */
class SlotLost extends Error {}

interface Slot {
  readonly port: MessagePort;
  readonly service: Remote<DecodeService>;
  /** Files that it decodes now: each is told when the slot is lost. */
  readonly lost: Set<(reason: SlotLost) => void>;
  /** It decodes one suspicious file, which nothing else may share its fate with. */
  isAlone: boolean;
}

/** Files that a slot is given at once: they are decoded while the engine computes and cannot hand out the next ones. */
const filesPerSlot = 4;

export class Decoders {
  readonly #slots = new Map<number, Slot>();
  readonly #waiting: (() => void)[] = [];

  /** How many files may be decoded at the same time. */
  get capacity(): number {
    return this.#slots.size * filesPerSlot;
  }

  /** A port given again for a slot replaces the old one; what was waiting there is tried again. */
  connect(index: number, port: MessagePort): void {
    const old = this.#slots.get(index);
    this.#slots.set(index, { port, service: wrap<DecodeService>(port), lost: new Set(), isAlone: false });
    if (old) {
      old.port.close();
      for (const reject of old.lost) reject(new SlotLost());
    }
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /**
   * Decodes a file on the least busy slot; where the worker dies, once more on a slot of its own, since any of the files there may have been the
   * one. A file that kills a second worker is unreadable.
   * @throws AbortError
   */
  async decode(request: DecodeRequest, signal: AbortSignal): Promise<DecodedFile> {
    for (const alone of [false, true]) {
      const slot = await this.#freeSlot(alone ? 1 : filesPerSlot, signal);
      slot.isAlone = alone;
      try {
        return await this.#decodeOn(slot, request, signal);
      } catch (error) {
        if (!(error instanceof SlotLost)) throw error;
      }
    }
    return { ok: false, reason: "unreadable", detail: "The decode worker died over this file, twice." };
  }

  /** The least busy slot that has fewer than `files` to decode. */
  async #freeSlot(files: number, signal: AbortSignal): Promise<Slot> {
    for (;;) {
      signal.throwIfAborted();
      let best: Slot | null = null;
      for (const slot of this.#slots.values()) {
        if (!slot.isAlone && (!best || slot.lost.size < best.lost.size)) best = slot;
      }
      if (best && best.lost.size < files) return best;
      await orAbort(signal, new Promise<void>((resolve) => this.#waiting.push(resolve)));
    }
  }

  async #decodeOn(slot: Slot, request: DecodeRequest, signal: AbortSignal): Promise<DecodedFile> {
    let giveUp: (reason: SlotLost) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => {
      giveUp = reject;
      slot.lost.add(reject);
    });
    try {
      return await orAbort(signal, Promise.race([slot.service.decode(request), lost]));
    } finally {
      slot.lost.delete(giveUp);
      slot.isAlone = false;
      // Who waits for a slot of its own may have to wait on.
      for (const resume of this.#waiting.splice(0)) resume();
    }
  }
}

/** The promise, or the abort if that comes first. */
async function orAbort<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
