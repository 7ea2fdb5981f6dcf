/** The predictions of runs: computed once, then read. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { type JudgedImages, type JudgedPart, judgedImages, type Predictions } from "../../domain/run/predictions.ts";
import type { Run } from "../../domain/run/run.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { listImages } from "../../storage/datasets.ts";
import { getModel } from "../../storage/models.ts";
import { getPredictions, putPredictions } from "../../storage/predictions.ts";
import { getRun } from "../../storage/runs.ts";
import type { Progress } from "../../ui/services/progress.ts";
import type { PixelPreparer } from "./judging.ts";
import { ProgressMeter } from "./progress-meter.ts";

interface Parts {
  readonly engine: Pick<Engine, "outputs">;
  readonly pixels: PixelPreparer;
}

/** Of a part of a run's split, from storage, or else from the engine. */
export async function predictionsOf(
  runId: string,
  part: JudgedPart,
  parts: Parts,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome<JudgedImages>> {
  const run = await getRun(runId);
  if (!run) return failed("not-found", "This run is not there any more.");
  if (run.split[part].length === 0) {
    return failed(
      "too-few-images",
      "This run kept no images apart for a test.",
      "Train with a split that has a test part.",
    );
  }
  const stored = await storedPredictions(run, part);
  if (stored) return succeeded(stored);
  const predictions = await compute(run, part, parts, onProgress, signal);
  return predictions.ok ? succeeded(await judgedBy(run, predictions.value)) : predictions;
}

/** Of a part of a run's split, as of its last epoch; null where they were not computed yet. */
export async function storedPredictions(run: Run, part: JudgedPart): Promise<JudgedImages | null> {
  const stored = await getPredictions(run.id, part);
  return stored?.epochs === run.history.length ? judgedBy(run, stored) : null;
}

async function judgedBy(run: Run, predictions: Predictions): Promise<JudgedImages> {
  const model = run.modelId === null ? undefined : await getModel(run.modelId);
  return judgedImages(run, predictions, model?.metadata.calibration ?? null);
}

async function compute(
  run: Run,
  part: JudgedPart,
  { engine, pixels }: Parts,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome<Predictions>> {
  const { id: runId, datasetId, modelId } = run;
  if (modelId === null) return failed("not-found", "This run has no model yet: no epoch has ended.");
  const model = await getModel(modelId);
  if (!model) return failed("not-found", "The model is not there any more.");
  const { preprocessing, output } = model.metadata;
  const cached = await pixels.prepare(datasetId, preprocessing.pixels, onProgress, signal);
  if (!cached.ok) return cached;
  const meter = new ProgressMeter();
  const imageIds = run.split[part];
  const computed = await engine.outputs(
    { modelId, datasetId, imageIds },
    ({ done, total }) => onProgress(meter.measure(done, total)),
    signal,
  );
  if (!computed.ok) return computed;
  const { outputs, millisecondsPerImage } = computed.value;
  if (outputs.some(Number.isNaN)) {
    return failed(
      "diverged",
      "The model's probabilities are not numbers: its training diverged.",
      "Train again with a smaller learning rate.",
    );
  }
  const classOf = new Map((await listImages(datasetId)).map((image) => [image.imageId, image.className]));
  const classNames = imageIds.map((imageId) => classOf.get(imageId) ?? "");
  const epochs = run.history.length;
  const predictions = { runId, part, epochs, classNames, output, outputs, millisecondsPerImage };
  // A run that was deleted meanwhile leaves nothing behind.
  if (await getRun(runId)) await putPredictions(predictions);
  return succeeded(predictions);
}
