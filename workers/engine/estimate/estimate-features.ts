/** Tells what a run on fixed features will cost: nearly all of it is computing them, once for each view of an image. */
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type { EstimateRequest, RunEstimate } from "../../../src/contract/engine.ts";
import { memoryEstimate } from "../../../src/domain/experiment/memory-estimate.ts";
import { samplesPerEpoch } from "../../../src/domain/experiment/sampling.ts";
import { memoryLimits } from "../backends/index.ts";
import * as tf from "../backends/tensors.ts";
import { Trainer } from "../session/trainer.ts";
import { letMessagesIn } from "../yield.ts";

/** Of views through the fixed network and of steps; the first of each warms up. */
const repeats = 4;
const viewsAtOnce = 8;

/** @param outputs 1 for a sigmoid, else one a class */
export async function estimateFeatureRun(
  { experiment, trainingImages, positives, validationImages }: EstimateRequest,
  fixed: LayersModel,
  outputs: number,
  signal: AbortSignal,
): Promise<RunEstimate> {
  const { batchSize, inputSize, epochs, views, backbone: use, augmentation } = experiment;
  const trainer = new Trainer(experiment, outputs, repeats, fixed);
  try {
    trainer.beginEpoch(0);
    const features = new Float32Array(batchSize * fixed.outputs[0]!.shape[1]!).fill(0.5);
    const targets = Array.from({ length: batchSize }, (_, i) => i % Math.max(2, outputs));
    const step = await fastest(() => trainer.step(features, inputSize, targets), signal);
    const pictures = tf.fill([viewsAtOnce, inputSize, inputSize, 3], 128);
    const view = (await fastest(() => look(fixed, pictures), signal)) / viewsAtOnce;
    pictures.dispose();
    const mirrored = augmentation?.kind === "crops" && augmentation.horizontalFlip ? views.length : 0;
    const crops = use?.role === "features" ? use.crops : 0;
    const perImage = views.length + mirrored + crops;
    const looking = view * (trainingImages * perImage + validationImages * views.length);
    const steps = Math.ceil(samplesPerEpoch(experiment.sampling, trainingImages, positives) / batchSize);
    const { parameters, bytes } = memoryEstimate(experiment, outputs, memoryLimits().backend);
    return {
      parameters,
      memoryBytes: bytes,
      millisecondsPerStep: step,
      secondsPerEpoch: (steps * step) / 1000,
      seconds: (looking + epochs * steps * step) / 1000,
    };
  } finally {
    trainer.dispose();
  }
}

async function look(fixed: LayersModel, pictures: tf.Tensor): Promise<void> {
  const output = tf.tidy(() => fixed.predictOnBatch(pictures) as tf.Tensor);
  await output.data();
  output.dispose();
}

/** In milliseconds. */
async function fastest(work: () => Promise<unknown>, signal: AbortSignal): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    await letMessagesIn();
    signal.throwIfAborted();
    const begin = performance.now();
    await work();
    if (i > 0) best = Math.min(best, performance.now() - begin);
  }
  return best;
}
