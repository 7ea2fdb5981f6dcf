/** What fewer bits a weight change in a model's verdicts: both are judged on the same images. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { verdictOf } from "../../domain/capture/capture.ts";
import { evaluate } from "../../domain/metrics/evaluation.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { getDataset, listUsedImages } from "../../storage/datasets.ts";
import { getModel } from "../../storage/models.ts";
import { getRun } from "../../storage/runs.ts";
import type { PrecisionChange, PrecisionTask } from "../../ui/services/model-service.ts";
import type { Progress } from "../../ui/services/progress.ts";
import type { PixelPreparer } from "./judging.ts";
import { ProgressMeter } from "./progress-meter.ts";

interface Parts {
  readonly engine: Pick<Engine, "predict">;
  readonly pixels: PixelPreparer;
}

export async function precisionChange(
  { modelId, datasetId, precision }: PrecisionTask,
  { engine, pixels }: Parts,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome<PrecisionChange>> {
  const [model, dataset] = await Promise.all([getModel(modelId), getDataset(datasetId)]);
  if (!model || !dataset) return failed("not-found", "The model or the dataset is not there any more.");
  const images = await listUsedImages(datasetId);
  const run = model.runId === null ? undefined : await getRun(model.runId);
  const held = run?.datasetId === datasetId ? new Set(run.split.validation) : null;
  const judged = held ? images.filter(({ imageId }) => held.has(imageId)) : images;
  if (judged.length === 0) return failed("too-few-images", "There is no image to judge by.", "Choose another dataset.");
  const { preprocessing, threshold } = model.metadata;
  const cached = await pixels.prepare(datasetId, preprocessing.pixels, onProgress, signal);
  if (!cached.ok) return cached;

  const meter = new ProgressMeter();
  const imageIds = judged.map(({ imageId }) => imageId);
  const request = { modelId, datasetId, imageIds };
  const total = 2 * imageIds.length;
  const full = await engine.predict(request, ({ done }) => onProgress(meter.measure(done, total)), signal);
  if (!full.ok) return full;
  const fewer = await engine.predict(
    { ...request, precision },
    ({ done }) => onProgress(meter.measure(imageIds.length + done, total)),
    signal,
  );
  if (!fewer.ok) return fewer;

  const classes = judged.map(({ className }) => className);
  const balanced = (probabilities: Float32Array): number =>
    evaluate(probabilities, classes, dataset.positiveClass, threshold).balancedAccuracy;
  const changed = imageIds.filter(
    (_, place) => verdictOf(full.value[place]!, model.metadata) !== verdictOf(fewer.value[place]!, model.metadata),
  );
  return succeeded({
    images: imageIds.length,
    isValidation: held !== null,
    before: balanced(full.value),
    after: balanced(fewer.value),
    changedVerdicts: changed.length,
  });
}
