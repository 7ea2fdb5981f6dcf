/** P(positive) of cached images. */
import type { PredictionEvent, PredictionRequest } from "../../../src/contract/engine.ts";
import { calibrated } from "../../../src/domain/model/calibration.ts";
import type { Preprocessing } from "../../../src/domain/model/model.ts";
import type { LoadedModel } from "../models/loaded-models.ts";
import { imagesById, requireDataset } from "../stream/image-list.ts";
import { PixelStore } from "../stream/pixel-store.ts";
import { letMessagesIn } from "../yield.ts";
import { Forward, meanOf } from "./forward.ts";
import { positiveOf } from "./probability.ts";

/** Pictures a batch; small ones, so that a stop comes through soon. */
export const predictionBatch = 32;

export async function predictCached(
  { info, network }: LoadedModel,
  request: PredictionRequest,
  onEvent: (event: PredictionEvent) => void,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { preprocessing, output, calibration } = info.metadata;
  await requireDataset(request.datasetId);
  const images = await imagesById(request.datasetId, request.imageIds);
  const store = await PixelStore.open(request.datasetId, preprocessing.pixels, request.imageIds);
  const forward = new Forward(network, preprocessing);
  const total = images.length;
  const probabilities = new Float32Array(total);
  for (let begin = 0; begin < total; begin += predictionBatch) {
    await letMessagesIn();
    signal.throwIfAborted();
    const batch = images.slice(begin, begin + predictionBatch);
    const pixels = await store.read(batch.map((_, place) => begin + place));
    const pictures = batch.map(({ width, height }, place) => ({ rgb: pixels[place]!, width, height }));
    const outputs = await forward.run(pictures);
    for (const [place, views] of outputs.entries()) {
      probabilities[begin + place] = calibrated(positiveOf(output, meanOf(views))[0]!, calibration);
    }
    onEvent({ done: begin + batch.length, total });
  }
  return probabilities;
}

/** What a network that Tamis builds expects: it rescales by itself. */
export function preprocessingOf(experiment: Omit<Preprocessing, "scale" | "offset">): Preprocessing {
  const { pixels, inputSize, views } = experiment;
  return { pixels, inputSize, views, scale: 1, offset: 0 };
}
