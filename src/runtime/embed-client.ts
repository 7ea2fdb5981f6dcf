/** The page's side of the worker of `<tamis-classify>`. */
import type { EmbedService, OpenedModel, PageVerdict } from "../contract/embed.ts";
import type { ModelFile } from "../contract/engine.ts";
import type { Outcome } from "../contract/outcome.ts";
import { SupervisedWorker, workerFailureOf } from "./supervised-worker.ts";

function createEmbedWorker(): Worker {
  return new Worker(new URL("../../workers/embed/entry.ts", import.meta.url), { type: "module" });
}

export class EmbedClient implements EmbedService {
  readonly #worker: SupervisedWorker<EmbedService>;
  /** A worker that was started again is given the model again. */
  #files: readonly ModelFile[] | null = null;
  #openedIn = 0;

  constructor(create: () => Worker = createEmbedWorker) {
    this.#worker = new SupervisedWorker<EmbedService>({ name: "worker of tamis-classify", create });
  }

  async open(files: readonly ModelFile[]): Promise<Outcome<OpenedModel>> {
    try {
      const outcome = await this.#worker.call((service, generation) => {
        this.#openedIn = generation;
        return service.open(files);
      });
      if (outcome.ok) this.#files = files;
      return outcome;
    } catch (error) {
      return workerFailureOf(error);
    }
  }

  async classify(file: Blob): Promise<Outcome<readonly PageVerdict[]>> {
    const isForgotten = !this.#worker.isRunning || this.#openedIn !== this.#worker.generation;
    if (this.#files && isForgotten) {
      const opened = await this.open(this.#files);
      if (!opened.ok) return opened;
    }
    try {
      return await this.#worker.call((service) => service.classify(file));
    } catch (error) {
      return workerFailureOf(error);
    }
  }

  /** Ends the worker and frees what it holds. */
  terminate(): void {
    this.#worker.terminate();
  }
}
