/** Judges a network on the validation images after an epoch. */
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import { type Calibration, calibrated } from "../../../src/domain/model/calibration.ts";
import type { ModelOutput, Preprocessing } from "../../../src/domain/model/model.ts";
import { positiveOf } from "../../../src/domain/model/output.ts";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { Forward, meanOf } from "../evaluation/forward.ts";
import { predictionBatch } from "../evaluation/predict.ts";
import { judge } from "../evaluation/probability.ts";
import type { PixelStore } from "../stream/pixel-store.ts";
import { letMessagesIn } from "../yield.ts";
import { isPositive, targetOf } from "./targets.ts";

export interface Validation {
  readonly loss: number;
  readonly accuracy: number;
}

/** The logits of some of the validation images, those from `begin` to before `end`: `[image][view]` numbers an output. */
export type LogitsOf = (begin: number, end: number) => Promise<Float32Array[][]>;

/**
 * Logits of cached pictures.
 * @param store opened with the ids of `images`, in their order
 */
export function pictureLogits(
  network: LayersModel,
  preprocessing: Preprocessing,
  images: readonly DatasetImage[],
  store: PixelStore,
): LogitsOf {
  const forward = new Forward(network, preprocessing);
  return async (begin, end) => {
    const places = Array.from({ length: end - begin }, (_, place) => begin + place);
    const pixels = await store.read(places);
    return forward.run(
      images.slice(begin, end).map(({ width, height }, place) => ({ rgb: pixels[place]!, width, height })),
    );
  };
}

/**
 * Loss: mean over images (as Keras' `evaluate` has it) of the cross-entropy without label smoothing; with several views, of its mean over the
 * views. Accuracy: share of images where P(positive) > 0.5, the calibrated mean of the views, says rightly whether the image is positive.
 * Both are NaN without images.
 */
export async function validate(
  images: readonly DatasetImage[],
  logitsOf: LogitsOf,
  output: ModelOutput,
  calibration: Calibration | null,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<Validation> {
  let loss = 0;
  let right = 0;
  for (let begin = 0; begin < images.length; begin += predictionBatch) {
    await letMessagesIn();
    signal.throwIfAborted();
    const batch = images.slice(begin, begin + predictionBatch);
    for (const [place, views] of (await logitsOf(begin, begin + batch.length)).entries()) {
      const target = targetOf(output, batch[place]!.className);
      const judged = views.map((logits) => judge(output.kind, logits, target));
      loss += judged.reduce((sum, view) => sum + view.loss, 0) / views.length;
      const probabilities = meanOf(judged.map((view) => view.probabilities));
      const positive = calibrated(positiveOf(output, probabilities)[0]!, calibration);
      if (positive > 0.5 === isPositive(output, target)) right += 1;
    }
    onProgress(begin + batch.length);
  }
  return { loss: loss / images.length, accuracy: right / images.length };
}
