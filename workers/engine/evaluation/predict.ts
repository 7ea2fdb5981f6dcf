/** What a model says of cached images. */
import type { MeasuredOutputs, PredictionEvent, PredictionRequest } from "../../../src/contract/engine.ts";
import { millisecondsPerImage, type TimedBatch } from "../../../src/domain/metrics/image-time.ts";
import { calibrated } from "../../../src/domain/model/calibration.ts";
import type { Preprocessing } from "../../../src/domain/model/model.ts";
import { outputWidth, positiveOf } from "../../../src/domain/model/output.ts";
import type { LoadedModel } from "../models/loaded-models.ts";
import { imagesById, requireDataset } from "../stream/image-list.ts";
import { PixelStore } from "../stream/pixel-store.ts";
import type { StretchedPicture } from "../stream/views.ts";
import { letMessagesIn } from "../yield.ts";
import { Forward, meanOf } from "./forward.ts";

/** Pictures a batch; small ones, so that a stop comes through soon. */
export const predictionBatch = 32;

/**
 * What the network puts out for each image, the mean over its views: as many numbers an image as the network has outputs. Images that fit one batch
 * are judged twice, so that their time can be told.
 */
export async function outputsOfCached(
  { info, network }: LoadedModel,
  request: PredictionRequest,
  onEvent: (event: PredictionEvent) => void,
  signal: AbortSignal,
): Promise<MeasuredOutputs> {
  const { preprocessing, output } = info.metadata;
  await requireDataset(request.datasetId);
  const images = await imagesById(request.datasetId, request.imageIds);
  const store = await PixelStore.open(request.datasetId, preprocessing.pixels, request.imageIds);
  const forward = new Forward(network, preprocessing);
  const total = images.length;
  const width = outputWidth(output);
  const all = new Float32Array(total * width);
  const times: TimedBatch[] = [];
  const timed = async (pictures: readonly StretchedPicture[]): Promise<Float32Array[][]> => {
    const begin = performance.now();
    const outputs = await forward.run(pictures);
    times.push({ images: pictures.length, milliseconds: performance.now() - begin });
    return outputs;
  };
  for (let begin = 0; begin < total; begin += predictionBatch) {
    await letMessagesIn();
    signal.throwIfAborted();
    const batch = images.slice(begin, begin + predictionBatch);
    const pixels = await store.read(batch.map((_, place) => begin + place));
    const pictures = batch.map(({ width: w, height: h }, place) => ({ rgb: pixels[place]!, width: w, height: h }));
    const outputs = await timed(pictures);
    if (total <= predictionBatch) await timed(pictures);
    for (const [place, views] of outputs.entries()) all.set(meanOf(views), (begin + place) * width);
    onEvent({ done: begin + batch.length, total });
  }
  return { outputs: all, millisecondsPerImage: millisecondsPerImage(times) };
}

/** P(positive) of each image, calibrated. */
export async function predictCached(
  model: LoadedModel,
  request: PredictionRequest,
  onEvent: (event: PredictionEvent) => void,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { output, calibration } = model.info.metadata;
  const { outputs } = await outputsOfCached(model, request, onEvent, signal);
  return positiveOf(output, outputs).map((p) => calibrated(p, calibration));
}

/** What a network that Tamis builds expects: it rescales by itself. */
export function preprocessingOf(experiment: Omit<Preprocessing, "scale" | "offset">): Preprocessing {
  const { pixels, inputSize, views } = experiment;
  return { pixels, inputSize, views, scale: 1, offset: 0 };
}
