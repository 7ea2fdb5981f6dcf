/** Which run was decided for, one a dataset. */
import type { FinalDecision } from "../domain/comparison/decision.ts";
import { database } from "./database.ts";

export async function listDecisions(): Promise<FinalDecision[]> {
  return (await database()).getAll("decisions");
}

export async function getDecision(datasetId: string): Promise<FinalDecision | undefined> {
  return (await database()).get("decisions", datasetId);
}

/** In the place of what was decided for the dataset before. */
export async function putDecision(decision: FinalDecision): Promise<void> {
  await (await database()).put("decisions", decision);
}

export async function deleteDecision(datasetId: string): Promise<void> {
  await (await database()).delete("decisions", datasetId);
}
