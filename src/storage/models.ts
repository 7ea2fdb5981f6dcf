/** Models: info and weights in separate stores, always written together. */
import type { Model } from "../domain/model/model.ts";
import { database, writeTogether } from "./database.ts";
import type { ModelWeights } from "./schema.ts";

/** Newest first. */
export async function listModels(): Promise<Model[]> {
  const models = await (await database()).getAll("models");
  return models.sort((a, b) => b.metadata.createdAt - a.metadata.createdAt);
}

export async function getModel(modelId: string): Promise<Model | undefined> {
  return (await database()).get("models", modelId);
}

export async function getWeights(modelId: string): Promise<ModelWeights | undefined> {
  return (await database()).get("weights", modelId);
}

/** Stores a model, in one transaction. */
export async function putModel(model: Model, weights: ModelWeights): Promise<void> {
  await writeTogether(["models", "weights"], (writes) => {
    writes.put("models", model);
    writes.put("weights", weights);
  });
}

/** Changes a model's info; its weights stay as they are. */
export async function updateModel(model: Model): Promise<void> {
  await (await database()).put("models", model);
}

export async function deleteModel(modelId: string): Promise<void> {
  await writeTogether(["models", "weights"], (writes) => {
    writes.delete("models", modelId);
    writes.delete("weights", modelId);
  });
}
