/** Tells what a run will cost from a few real steps of its own network. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { EstimateRequest, RunEstimate } from "../../../src/contract/engine.ts";
import { dictionariesOf } from "../../../src/domain/experiment/backbone.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { memoryEstimate } from "../../../src/domain/experiment/memory-estimate.ts";
import { fitProblem } from "../../../src/domain/experiment/memory-limits.ts";
import { samplesPerEpoch } from "../../../src/domain/experiment/sampling.ts";
import { trainingSizeAt } from "../../../src/domain/experiment/schedule.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { loadBackbone } from "../backbone/import.ts";
import { memoryLimits } from "../backends/index.ts";
import { Forward } from "../evaluation/forward.ts";
import { buildFixedNetwork, type FixedNetwork } from "../models/fixed-network.ts";
import { predictionBatch, preprocessingOf } from "../evaluation/predict.ts";
import { EngineError } from "../failure.ts";
import { estimateFeatureRun } from "./estimate-features.ts";
import { Trainer } from "../session/trainer.ts";
import { TrainingViews } from "../stream/training-views.ts";
import { letMessagesIn } from "../yield.ts";

/** The first one grows the heap and is not counted. */
const steps = 3;
/** Enough for every effect to come up. */
const picturesAugmented = 48;
/** A validation pass over no more pictures than this is timed. */
const mostProbed = 32;

/** @param threads that the backend computes on */
export async function estimateRun(
  request: EstimateRequest,
  threads: number,
  signal: AbortSignal,
): Promise<RunEstimate> {
  const { experiment, classes } = request;
  const outputs = experiment.output === "binary" ? 1 : classes;
  const limits = memoryLimits();
  const problem = fitProblem(experiment, outputs, limits);
  if (problem) throw new EngineError("does-not-fit", problem.message, problem.remedy);
  const backbone = experiment.backbone?.network ? await loadBackbone(experiment.backbone.network) : null;
  let fixed: FixedNetwork | null = null;
  try {
    if (experiment.backbone?.role === "features") {
      const dictionaries = dictionariesOf(experiment.backbone).map((dictionary) => ({ dictionary, weights: null }));
      fixed = buildFixedNetwork(backbone, dictionaries, experiment.inputSize);
      return await estimateFeatureRun(request, fixed.model, outputs, signal);
    }
    return await estimateWholeRun(request, backbone, outputs, threads, signal);
  } finally {
    if (fixed) fixed.dispose();
    else backbone?.dispose();
  }
}

/** @param teacher what the network learns from, if anything */
async function estimateWholeRun(
  request: EstimateRequest,
  teacher: LayersModel | null,
  outputs: number,
  threads: number,
  signal: AbortSignal,
): Promise<RunEstimate> {
  const { experiment, trainingImages, positives, validationImages } = request;
  const { batchSize, inputSize, epochs } = experiment;
  const trainer = new Trainer(experiment, outputs, steps, teacher);
  try {
    trainer.beginEpoch(0);
    const sizes = Array.from({ length: epochs }, (_, epoch) => trainingSizeAt(experiment, epoch));
    const stepTimes = new Map<number, number>();
    // The largest first: it grows the heap once.
    for (const size of [...new Set([inputSize, ...sizes])].sort((a, b) => b - a)) {
      // Where no core is left for the worker that makes the batches, what it does adds to what the kernels do.
      const isCrowded = threads >= navigator.hardwareConcurrency;
      const making = isCrowded ? batchSize * timeAugmentation(experiment, size) : 0;
      stepTimes.set(size, making + (await timeStep(trainer, experiment, size, outputs, signal)));
    }
    const step = stepTimes.get(inputSize)!;
    const picture = await timePictures(trainer, request, signal);
    const perEpoch = Math.ceil(samplesPerEpoch(experiment.sampling, trainingImages, positives) / batchSize);
    const validation = picture * validationImages;
    const training = perEpoch * sizes.reduce((sum, size) => sum + stepTimes.get(size)!, 0);
    const { parameters, bytes } = memoryEstimate(experiment, outputs, memoryLimits().backend);
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

/** Milliseconds of a training step on pictures of this size. */
async function timeStep(
  trainer: Trainer,
  { batchSize }: Experiment,
  size: number,
  outputs: number,
  signal: AbortSignal,
): Promise<number> {
  const pixels = noise(batchSize * size * size * 3);
  const targets = Array.from({ length: batchSize }, (_, i) => i % Math.max(2, outputs));
  let best = Infinity;
  for (let i = 0; i < steps; i++) {
    await letMessagesIn();
    signal.throwIfAborted();
    const begin = performance.now();
    await trainer.step(pixels, size, targets);
    if (i > 0) best = Math.min(best, performance.now() - begin);
  }
  return best;
}

/** Milliseconds that the augmentation of a picture takes; 0 where there is none. */
function timeAugmentation(experiment: Experiment, size: number): number {
  if (!experiment.augmentation) return 0;
  const { width, height } = experiment.pixels;
  const picture = { rgb: Uint8Array.from(noise(width * height * 3)), width, height };
  const target = noise(size * size * 3);
  const random = new SeededRandom(3);
  const views = new TrainingViews(experiment, size);
  let begin = performance.now();
  for (let i = 0; i < 2 * picturesAugmented; i++) {
    // The first half warms up.
    if (i === picturesAugmented) begin = performance.now();
    views.write(picture, random, true, target, 0);
  }
  return (performance.now() - begin) / picturesAugmented;
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
