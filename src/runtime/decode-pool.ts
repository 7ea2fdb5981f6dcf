/** The decode workers: a bounded number of them, started one by one as there is work for them. */
import { transfer } from "comlink";
import type {
  ArchiveListing,
  AugmentedViewsRequest,
  DecodedFile,
  DecodeRequest,
  DecodeService,
  DuplicateEvent,
  DuplicateRequest,
  ImportChunk,
  ImportChunkSummary,
  ImportEvent,
} from "../contract/decode.ts";
import type { KnownDuplicates } from "../domain/dataset/leakage.ts";
import { failed, type Outcome } from "../contract/outcome.ts";
import { SupervisedWorker } from "./supervised-worker.ts";

/** More workers than this do not decode faster on what operators have, and each holds a decoder's memory. */
const mostWorkers = 8;

function createDecodeWorker(): Worker {
  return new Worker(new URL("../../workers/decode/entry.ts", import.meta.url), { type: "module" });
}

/** What the app needs of the pool. */
export interface Decoders {
  readonly size: number;
  /** Decodes and stores a chunk on the next free worker; waits for one where all are at work. */
  importChunk(
    chunk: ImportChunk,
    onEvent: (event: ImportEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ImportChunkSummary>>;
  /** Reads what a zip archive holds. */
  listArchive(archive: File, onEvent: (entries: number) => void, signal: AbortSignal): Promise<Outcome<ArchiveListing>>;
  decode(request: DecodeRequest): Promise<DecodedFile>;
  augmentedViews(request: AugmentedViewsRequest): Promise<Outcome<readonly Blob[]>>;
  findDuplicates(
    request: DuplicateRequest,
    onEvent: (event: DuplicateEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<KnownDuplicates>>;
}

interface Slot {
  readonly worker: SupervisedWorker<DecodeService>;
  isBusy: boolean;
  /** Generation of the worker that the engine has a port to; 0 for none. */
  connectedGeneration: number;
}

type ConnectDecoder = (slot: number, port: MessagePort) => Promise<void>;

export class DecodePool implements Decoders {
  readonly size: number;
  readonly #slots: Slot[] = [];
  readonly #waiting: ((slot: Slot) => void)[] = [];
  readonly #create: () => Worker;
  /** Set while the engine decodes through the pool: a decode worker that dies is replaced at once, since the engine waits on its port. */
  #connectDecoder: ConnectDecoder | null = null;
  #connections = 0;

  constructor(size = Math.min(navigator.hardwareConcurrency || 1, mostWorkers), create = createDecodeWorker) {
    this.size = size;
    this.#create = create;
  }

  importChunk(
    chunk: ImportChunk,
    onEvent: (event: ImportEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ImportChunkSummary>> {
    return this.#withSlot(async ({ worker }) => {
      if (signal.aborted) return failed("cancelled", "Cancelled.");
      return worker.longCall(onEvent, signal, (service, forward, callSignal) =>
        service.importChunk(chunk, forward, callSignal),
      );
    });
  }

  listArchive(
    archive: File,
    onEvent: (entries: number) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ArchiveListing>> {
    return this.#withSlot(({ worker }) =>
      worker.longCall(onEvent, signal, (service, forward, callSignal) =>
        service.listArchive(archive, forward, callSignal),
      ),
    );
  }

  /** @throws WorkerDiedError */
  decode(request: DecodeRequest): Promise<DecodedFile> {
    return this.#withSlot(({ worker }) => worker.call((service) => service.decode(request)));
  }

  async findDuplicates(
    request: DuplicateRequest,
    onEvent: (event: DuplicateEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<KnownDuplicates>> {
    return this.#withSlot(({ worker }) =>
      worker.longCall(onEvent, signal, (service, forward, callSignal) =>
        service.findDuplicates(request, forward, callSignal),
      ),
    );
  }

  /** @throws WorkerDiedError */
  augmentedViews(request: AugmentedViewsRequest): Promise<Outcome<readonly Blob[]>> {
    return this.#withSlot(({ worker }) => worker.call((service) => service.augmentedViews(request)));
  }

  /**
   * Gives the engine a port to as many decode workers as `items` keep busy, and again to each that dies in the meantime.
   * @returns what to call when the engine needs them no longer
   */
  async connect(items: number, connectDecoder: ConnectDecoder): Promise<() => void> {
    this.#connectDecoder = connectDecoder;
    this.#connections += 1;
    const wanted = Math.max(1, Math.min(this.size, items));
    while (this.#slots.length < wanted) this.#addSlot();
    await Promise.all(this.#slots.slice(0, wanted).map((_, index) => this.#connectSlot(index)));
    return () => {
      this.#connections -= 1;
      if (this.#connections === 0) this.#connectDecoder = null;
    };
  }

  /** To be called when the engine died: its ports are gone. */
  disconnect(): void {
    for (const slot of this.#slots) slot.connectedGeneration = 0;
  }

  /** Ends all workers; those that are needed again are started again. */
  terminate(): void {
    for (const slot of this.#slots) slot.worker.terminate();
  }

  async #connectSlot(index: number): Promise<void> {
    const slot = this.#slots[index]!;
    const connectDecoder = this.#connectDecoder;
    const isConnected = slot.worker.isRunning && slot.connectedGeneration === slot.worker.generation;
    if (isConnected || !connectDecoder) return;
    const { port1, port2 } = new MessageChannel();
    await slot.worker.call(async (service, generation) => {
      await service.connect(transfer(port1, [port1]));
      slot.connectedGeneration = generation;
    });
    await connectDecoder(index, port2);
  }

  async #withSlot<T>(use: (slot: Slot) => Promise<T>): Promise<T> {
    const slot = this.#takeSlot() ?? (await new Promise<Slot>((resolve) => this.#waiting.push(resolve)));
    try {
      return await use(slot);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(slot);
      else slot.isBusy = false;
    }
  }

  #takeSlot(): Slot | null {
    const free =
      this.#slots.find((slot) => !slot.isBusy) ?? (this.#slots.length < this.size ? this.#addSlot() : undefined);
    if (!free) return null;
    free.isBusy = true;
    return free;
  }

  #addSlot(): Slot {
    const index = this.#slots.length;
    const worker = new SupervisedWorker<DecodeService>({
      name: `decode worker ${index + 1}`,
      create: this.#create,
      onDeath: () => {
        const wasConnected = slot.connectedGeneration !== 0;
        slot.connectedGeneration = 0;
        // A worker that cannot start again is reported by the calls that need it.
        if (wasConnected && this.#connectDecoder) this.#connectSlot(index).catch(() => undefined);
      },
    });
    const slot: Slot = { worker, isBusy: false, connectedGeneration: 0 };
    this.#slots.push(slot);
    return slot;
  }
}
