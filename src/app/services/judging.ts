/** Judges a model on images whose classes are known. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { PixelFormat } from "../../domain/image/pixel-format.ts";
import { type Evaluation, evaluate } from "../../domain/metrics/evaluation.ts";
import type { JudgedImages } from "../../domain/run/predictions.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { listImages } from "../../storage/datasets.ts";
import { getModel } from "../../storage/models.ts";
import type { Progress } from "../../ui/services/progress.ts";
import { ProgressMeter } from "./progress-meter.ts";

/** Sees to it that a dataset's images are in the cache in a pixel format. */
export interface PixelPreparer {
  prepare(
    datasetId: string,
    pixels: PixelFormat,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<void>>;
}

/** What a model says of one image. */
export interface EvaluatedImage {
  readonly imageId: string;
  readonly className: string;
  /** Of the photo, 0 to 1. */
  readonly probability: number;
  readonly wrong: boolean;
}

export interface ModelEvaluation {
  readonly evaluation: Evaluation;
  /** Surest mistakes first, then the rest. */
  readonly images: readonly EvaluatedImage[];
}

export interface JudgingTask {
  readonly modelId: string;
  readonly datasetId: string;
  /** The original class that is a photo here: datasets name it as they like, so it need not be the model's. */
  readonly positiveClass: string;
  readonly imageIds: readonly string[];
}

/** Judged at the model's own threshold, on pixels as the model was trained with. */
export async function judge(
  task: JudgingTask,
  parts: { readonly engine: Pick<Engine, "predict">; readonly pixels: PixelPreparer },
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome<ModelEvaluation>> {
  const { modelId, datasetId, positiveClass, imageIds } = task;
  const model = await getModel(modelId);
  if (!model) return failed("not-found", "The model is not there any more.");
  const { preprocessing, threshold } = model.metadata;
  const cached = await parts.pixels.prepare(datasetId, preprocessing.pixels, onProgress, signal);
  if (!cached.ok) return cached;

  const meter = new ProgressMeter();
  const predicted = await parts.engine.predict(
    { modelId, datasetId, imageIds },
    ({ done, total }) => onProgress(meter.measure(done, total)),
    signal,
  );
  if (!predicted.ok) return predicted;
  const probabilities = predicted.value;

  if (probabilities.some(Number.isNaN)) {
    return failed(
      "diverged",
      "The model's probabilities are not numbers: its training diverged.",
      "Train again with a smaller learning rate.",
    );
  }
  const classOf = new Map((await listImages(datasetId)).map((image) => [image.imageId, image.className]));
  const classes = imageIds.map((imageId) => classOf.get(imageId) ?? "");
  return succeeded(evaluationOf({ imageIds, classNames: classes, probabilities }, positiveClass, threshold));
}

/** @param judged lists in the same order */
function evaluationOf(
  {
    imageIds,
    classNames,
    probabilities,
  }: Pick<JudgedImages, "imageIds" | "classNames"> & {
    readonly probabilities: ArrayLike<number>;
  },
  positiveClass: string,
  threshold: number,
): ModelEvaluation {
  const images: EvaluatedImage[] = imageIds.map((imageId, index) => {
    const className = classNames[index]!;
    const probability = probabilities[index]!;
    return { imageId, className, probability, wrong: probability >= threshold !== (className === positiveClass) };
  });
  const evaluation = evaluate(probabilities, classNames, positiveClass, threshold);
  return { evaluation, images: surestMistakesFirst(images, threshold) };
}

function surestMistakesFirst(images: readonly EvaluatedImage[], threshold: number): EvaluatedImage[] {
  const distance = (image: EvaluatedImage): number => Math.abs(image.probability - threshold);
  return [...images].sort((a, b) => Number(b.wrong) - Number(a.wrong) || distance(b) - distance(a));
}
