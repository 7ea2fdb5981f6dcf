/** Tells what a run will cost from a few real steps of its own network. */
import type { EstimateRequest, RunEstimate } from "../../../src/contract/engine.ts";
import { memoryEstimate } from "../../../src/domain/experiment/memory-estimate.ts";
import { samplesPerEpoch } from "../../../src/domain/experiment/sampling.ts";
import { trainingSizeAt } from "../../../src/domain/experiment/schedule.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { Forward } from "../evaluation/forward.ts";
import { predictionBatch, preprocessingOf } from "../evaluation/predict.ts";
import { Trainer } from "../session/trainer.ts";
import { letMessagesIn } from "../yield.ts";

/** The first one grows the heap and is not counted. */
const steps = 3;
/** A validation pass over no more pictures than this is timed. */
const mostProbed = 32;

export async function estimateRun(request: EstimateRequest, signal: AbortSignal): Promise<RunEstimate> {
  const { experiment, classes, trainingImages, positives, validationImages } = request;
  const { batchSize, inputSize, epochs } = experiment;
  const outputs = experiment.output === "binary" ? 1 : classes;
  const trainer = new Trainer(experiment, outputs, steps);
  try {
    const pixels = noise(batchSize * inputSize * inputSize * 3);
    const targets = Array.from({ length: batchSize }, (_, i) => i % Math.max(2, outputs));
    trainer.beginEpoch(0);
    let step = Infinity;
    for (let i = 0; i < steps; i++) {
      await letMessagesIn();
      signal.throwIfAborted();
      const begin = performance.now();
      await trainer.step(pixels, inputSize, targets);
      if (i > 0) step = Math.min(step, performance.now() - begin);
    }
    const picture = await timePictures(trainer, request, signal);
    const perEpoch = Math.ceil(samplesPerEpoch(experiment.sampling, trainingImages, positives) / batchSize);
    const validation = picture * validationImages;
    // A step's time goes with the area of its pictures, which may be smaller in the first epochs.
    const areas = Array.from({ length: epochs }, (_, epoch) => (trainingSizeAt(experiment, epoch) / inputSize) ** 2);
    const training = areas.reduce((sum, area) => sum + area, 0) * perEpoch * step;
    const { parameters, bytes } = memoryEstimate(experiment, outputs);
    return {
      parameters,
      memoryBytes: bytes,
      millisecondsPerStep: step,
      secondsPerEpoch: (perEpoch * step + validation) / 1000,
      seconds: (training + epochs * validation) / 1000,
    };
  } finally {
    trainer.dispose();
  }
}

/** Milliseconds that validation takes for a picture, all of its views. */
async function timePictures(
  trainer: Trainer,
  { experiment, validationImages }: EstimateRequest,
  signal: AbortSignal,
): Promise<number> {
  const count = Math.min(validationImages, predictionBatch, mostProbed);
  if (count === 0) return 0;
  const { width, height } = experiment.pixels;
  const random = new SeededRandom(2);
  const rgb = Uint8Array.from({ length: width * height * 3 }, () => random.int(256));
  const pictures = Array.from({ length: count }, () => ({ rgb, width, height }));
  const forward = new Forward(trainer.judged.logits, preprocessingOf(experiment));
  // The first one packs filters and the like.
  await forward.run(pictures);
  signal.throwIfAborted();
  const begin = performance.now();
  await forward.run(pictures);
  return (performance.now() - begin) / count;
}

function noise(count: number): Float32Array {
  const random = new SeededRandom(1);
  return Float32Array.from({ length: count }, () => random.int(256));
}
