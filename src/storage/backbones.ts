/** Backbones: info and weights in separate stores, as models have them. */
import type { Backbone } from "../domain/experiment/backbone.ts";
import { database, writeTogether } from "./database.ts";
import type { ModelWeights } from "./schema.ts";

/** Newest first. */
export async function listBackbones(): Promise<Backbone[]> {
  const backbones = await (await database()).getAll("backbones");
  return backbones.sort((a, b) => b.createdAt - a.createdAt);
}

/** @param weights of the backbone's id */
export async function putBackbone(backbone: Backbone, weights: ModelWeights): Promise<void> {
  await writeTogether(["backbones", "weights"], (writes) => {
    writes.put("backbones", backbone);
    writes.put("weights", weights);
  });
}
