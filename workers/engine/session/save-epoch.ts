/** Stores what an epoch reached: run, model and weights in one transaction. */
import type { Calibration } from "../../../src/domain/model/calibration.ts";
import {
  type Model,
  modelMetadataVersion,
  type ModelOutput,
  type Preprocessing,
} from "../../../src/domain/model/model.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import { getModel, putModel } from "../../../src/storage/models.ts";
import { storedNetwork } from "../models/artifacts.ts";
import type { Trainer } from "./trainer.ts";

/** @returns the run with the id of its model. */
export async function saveEpoch(
  run: Run,
  trainer: Trainer,
  preprocessing: Preprocessing,
  output: ModelOutput,
  calibration: Calibration | null,
): Promise<Run> {
  const modelId = run.modelId ?? crypto.randomUUID();
  const stored = await storedNetwork(trainer.judged.model, preprocessing.inputSize);
  // What the person changed meanwhile (its name, its threshold) stays.
  const known = (await getModel(modelId))?.metadata;
  const model: Model = {
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
    },
    weightBytes: stored.weights.size,
    origin: "trained",
    runId: run.id,
  };
  const saved: Run = { ...run, modelId };
  await putModel(model, { modelId, ...stored }, saved);
  return saved;
}
