/** What runs' models say of the images kept from training. */
import type { JudgedPart, Predictions } from "../domain/run/predictions.ts";
import { database } from "./database.ts";

export async function getPredictions(runId: string, part: JudgedPart): Promise<Predictions | undefined> {
  return (await database()).get("predictions", [runId, part]);
}

/** In place of the run's last ones for that part. */
export async function putPredictions(predictions: Predictions): Promise<void> {
  await (await database()).put("predictions", predictions);
}
