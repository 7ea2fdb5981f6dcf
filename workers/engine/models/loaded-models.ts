/** The model that was used last stays loaded: classifying one capture after the other must not read its weights each time. */
import type { Model } from "../../../src/domain/model/model.ts";
import { getModel, getWeights } from "../../../src/storage/models.ts";
import { EngineError, isOutOfMemory } from "../failure.ts";
import { loadStored } from "../formats/load.ts";
import { withAdapters } from "./adapters.ts";
import type { LoadedNetwork } from "./loaded-network.ts";

export interface LoadedModel {
  readonly info: Model;
  /** Takes pictures as `preprocessing` makes them, and gives probabilities. */
  readonly network: LoadedNetwork;
  /** The network as its files have it. */
  readonly bare: LoadedNetwork;
}

export class LoadedModels {
  #current: { readonly id: string; readonly network: Promise<LoadedNetwork> } | null = null;
  /** Calls that use a network now: it is not disposed of under them. */
  readonly #users = new Map<Promise<LoadedNetwork>, number>();

  /**
   * Runs `work` with a model.
   * @throws EngineError `not-found` where there is no such model, `bad-model` where its weights cannot be loaded.
   */
  async use<T>(modelId: string, work: (model: LoadedModel) => Promise<T>): Promise<T> {
    const info = await getModel(modelId);
    if (!info) {
      await this.drop(modelId);
      throw new EngineError("not-found", "There is no such model.", "Choose another model.");
    }
    const network = this.#load(modelId);
    this.#users.set(network, (this.#users.get(network) ?? 0) + 1);
    try {
      const bare = await network;
      return await work({ info, network: withAdapters(bare, info.metadata), bare });
    } finally {
      await this.#release(network);
    }
  }

  #load(modelId: string): Promise<LoadedNetwork> {
    if (this.#current?.id === modelId) return this.#current.network;
    void this.drop();
    const network = load(modelId);
    this.#current = { id: modelId, network };
    // A failed load is tried again at the next call.
    network.catch(() => {
      if (this.#current?.network === network) this.#current = null;
    });
    return network;
  }

  /** Forgets the loaded model (the one of this id, if one is given); its tensors go once nobody uses it. */
  async drop(modelId?: string): Promise<void> {
    const dropped = this.#current;
    if (!dropped || (modelId !== undefined && dropped.id !== modelId)) return;
    this.#current = null;
    if (!this.#users.has(dropped.network)) await disposeOf(dropped.network);
  }

  /** Forgets without disposing: the backend and all of its tensors are gone. */
  forget(): void {
    this.#current = null;
    this.#users.clear();
  }

  async #release(network: Promise<LoadedNetwork>): Promise<void> {
    const users = this.#users.get(network);
    if (users === undefined) return;
    if (users > 1) {
      this.#users.set(network, users - 1);
      return;
    }
    this.#users.delete(network);
    if (this.#current?.network !== network) await disposeOf(network);
  }
}

async function load(modelId: string): Promise<LoadedNetwork> {
  const stored = await getWeights(modelId);
  if (!stored) throw new EngineError("not-found", "The weights of this model are gone.", "Import the model again.");
  try {
    return await loadStored(stored);
  } catch (error) {
    if (isOutOfMemory(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError("bad-model", `The model cannot be loaded: ${reason}`, "Import or train it again.");
  }
}

async function disposeOf(network: Promise<LoadedNetwork>): Promise<void> {
  try {
    (await network).dispose();
  } catch {
    // It never loaded: there is nothing to free, and who asked for it was told.
  }
}
