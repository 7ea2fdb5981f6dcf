/** Runs with their history, and the checkpoints that they go on from. */
import type { Model } from "../domain/model/model.ts";
import type { Run } from "../domain/run/run.ts";
import { database, keysBeginningWith, writeTogether } from "./database.ts";
import type { Checkpoint, ModelWeights } from "./schema.ts";

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

/** All of them, or none. */
export async function putRuns(runs: readonly Run[]): Promise<void> {
  await writeTogether(["runs"], (writes) => {
    for (const run of runs) writes.put("runs", run);
  });
}

/** What an epoch leaves: stored together, or not at all. */
export interface StoredEpoch {
  readonly run: Run;
  /** Null where an earlier epoch's is kept. */
  readonly model: { readonly info: Model; readonly weights: ModelWeights } | null;
  /** In place of the run's last one; null where the run cannot go on from here. */
  readonly checkpoint: Checkpoint | null;
}

export async function putEpoch({ run, model, checkpoint }: StoredEpoch): Promise<void> {
  await writeTogether(["runs", "models", "weights", "checkpoints"], (writes) => {
    writes.put("runs", run);
    if (model) {
      writes.put("models", model.info);
      writes.put("weights", model.weights);
    }
    if (checkpoint) writes.put("checkpoints", checkpoint);
    else writes.delete("checkpoints", run.id);
  });
}

export async function getCheckpoint(runId: string): Promise<Checkpoint | undefined> {
  return (await database()).get("checkpoints", runId);
}

/** Stores a run that will never go on, without its checkpoint. */
export async function putEndedRun(run: Run): Promise<void> {
  await writeTogether(["runs", "checkpoints"], (writes) => {
    writes.put("runs", run);
    writes.delete("checkpoints", run.id);
  });
}

/** With its checkpoint and predictions; its model stays. */
export async function deleteRun(runId: string): Promise<void> {
  await writeTogether(["runs", "checkpoints", "predictions"], (writes) => {
    writes.delete("runs", runId);
    writes.delete("checkpoints", runId);
    writes.delete("predictions", keysBeginningWith(runId));
  });
}
