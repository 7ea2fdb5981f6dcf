/** Runs with their history. */
import type { Run } from "../domain/run/run.ts";
import { database } from "./database.ts";

/** Newest first. */
export async function listRuns(): Promise<Run[]> {
  return (await (await database()).getAllFromIndex("runs", "byCreation")).reverse();
}

export async function getRun(runId: string): Promise<Run | undefined> {
  return (await database()).get("runs", runId);
}

export async function putRun(run: Run): Promise<void> {
  await (await database()).put("runs", run);
}

/** Its model stays. */
export async function deleteRun(runId: string): Promise<void> {
  await (await database()).delete("runs", runId);
}
