/** Stores what an epoch reached: run, model, weights and checkpoint in one transaction. */
import type { ImageSummary } from "../../../src/domain/drift/image-drift.ts";
import type { Calibration } from "../../../src/domain/model/calibration.ts";
import {
  type Model,
  modelMetadataVersion,
  type ModelOutput,
  type Preprocessing,
} from "../../../src/domain/model/model.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { getModel } from "../../../src/storage/models.ts";
import { putEpoch, type StoredEpoch } from "../../../src/storage/runs.ts";
import { storedNetwork } from "../models/artifacts.ts";
import { kernelStatistics } from "./kernel-statistics.ts";
import type { Trainer } from "./trainer.ts";

/** What the model of a run says of itself, besides the run. */
export interface ModelFacts {
  readonly preprocessing: Preprocessing;
  readonly output: ModelOutput;
  readonly calibration: Calibration | null;
  readonly images: ImageSummary;
}

export interface EpochEnd {
  /** Whether the model is to hold this epoch's weights. */
  readonly isKept: boolean;
  /** Whether more epochs follow, which somebody may have to go on from. */
  readonly goesOn: boolean;
}

/**
 * Where there is no room for the checkpoint the run goes on without one, and says so.
 * @param run with this epoch in its history
 * @returns the run as it was stored
 */
export async function saveEpoch(run: Run, trainer: Trainer, facts: ModelFacts, end: EpochEnd): Promise<Run> {
  const epoch = run.history.length;
  const modelId = run.modelId ?? crypto.randomUUID();
  const model = end.isKept ? await modelOf(run, modelId, trainer, facts) : null;
  const kept = model && { keptEpoch: epoch, kernels: await kernelStatistics(model.weights, layersOf(trainer)) };
  const saved: Run = { ...run, modelId, ...kept };
  if (!end.goesOn || saved.checkpointProblem !== "") return store({ run: { ...saved, checkpointEpoch: null }, model });
  try {
    const checkpoint = { runId: run.id, epoch, ...(await trainer.save()) };
    return await store({ run: { ...saved, checkpointEpoch: epoch }, model, checkpoint });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const checkpointProblem = `This run cannot go on once it is interrupted: there was no room for its state (${reason}).`;
    return store({ run: { ...saved, checkpointEpoch: null, checkpointProblem }, model });
  }
}

async function store(stored: Omit<StoredEpoch, "checkpoint"> & Partial<Pick<StoredEpoch, "checkpoint">>): Promise<Run> {
  await putEpoch({ checkpoint: null, ...stored });
  return stored.run;
}

function layersOf({ judged }: Trainer): ReadonlySet<string> {
  return new Set(judged.logits.layers.map(({ name }) => name));
}

async function modelOf(
  run: Run,
  modelId: string,
  trainer: Trainer,
  { preprocessing, output, calibration, images }: ModelFacts,
): Promise<NonNullable<StoredEpoch["model"]>> {
  const stored = await storedNetwork(trainer.judged.model, preprocessing.inputSize);
  // What the person changed meanwhile (its name, its threshold) stays.
  const known = (await getModel(modelId))?.metadata;
  const info: Model = {
    id: modelId,
    metadata: {
      version: modelMetadataVersion,
      name: known?.name ?? `${run.datasetName} · ${run.experiment.preset}`,
      createdAt: known?.createdAt ?? Date.now(),
      preset: run.experiment.preset,
      parameters: trainer.parameters,
      preprocessing,
      output,
      calibration,
      threshold: known?.threshold ?? 0.5,
      reviewBand: known?.reviewBand ?? null,
      training: {
        datasetName: run.datasetName,
        classNames: run.classNames,
        trainingImages: run.split.training.length,
        validationImages: run.split.validation.length,
        seed: run.experiment.seed,
        epochs: run.history.length,
        backend: run.engine?.backend ?? "",
        history: run.history,
      },
      images,
    },
    weightBytes: stored.weights.size,
    origin: "trained",
    runId: run.id,
  };
  return { info, weights: { modelId, ...stored } };
}
