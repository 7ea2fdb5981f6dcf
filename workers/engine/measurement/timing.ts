/** How long steps take, on made-up pictures: what they show does not change the time. */
import type { StepTimes, StepTimesRequest } from "../../../src/contract/measurement.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { getModel, getWeights } from "../../../src/storage/models.ts";
import { heapBytes } from "../backends/index.ts";
import * as tf from "../backends/tensors.ts";
import { profileKernels } from "../backends/wasm/start.ts";
import { EngineError } from "../failure.ts";
import { loadStored } from "../formats/load.ts";
import { withAdapters } from "../models/adapters.ts";
import { storedNetwork } from "../models/artifacts.ts";
import { initializeWeights } from "../models/initial-weights.ts";
import { buildNetwork } from "../models/network.ts";
import { Trainer } from "../session/trainer.ts";

/** [images, size, size, 3], 0 to 255 */
function pictures(images: number, size: number): Float32Array {
  const random = new SeededRandom(1);
  return Float32Array.from({ length: images * size * size * 3 }, () => random.int(256));
}

async function timed(
  { warmup, steps }: Pick<StepTimesRequest, "warmup" | "steps">,
  step: () => Promise<void>,
): Promise<Omit<StepTimes, "parameters">> {
  const milliseconds: number[] = [];
  for (let i = 0; i < warmup + steps; i++) {
    const begin = performance.now();
    await step();
    if (i >= warmup) milliseconds.push(performance.now() - begin);
    else profileKernels();
  }
  const kernels = Object.entries(profileKernels()).map(([name, sum]) => [name, sum / steps] as const);
  return { milliseconds, peakHeapBytes: heapBytes(), kernels: Object.fromEntries(kernels) };
}

export async function timeTrainingSteps(request: StepTimesRequest): Promise<StepTimes> {
  const { experiment, outputs } = request;
  const { batchSize, inputSize } = experiment;
  const trainer = new Trainer(experiment, outputs, request.warmup + request.steps);
  try {
    const pixels = pictures(batchSize, inputSize);
    const targets = Array.from({ length: batchSize }, (_, i) => i % Math.max(2, outputs));
    trainer.beginEpoch(0);
    const times = await timed(request, async () => {
      await trainer.step(pixels, inputSize, targets);
    });
    return { ...times, parameters: trainer.parameters };
  } finally {
    trainer.dispose();
  }
}

export async function timeInferences(request: StepTimesRequest): Promise<StepTimes> {
  const { experiment, outputs } = request;
  const { batchSize, inputSize, seed } = experiment;
  const network = buildNetwork(experiment, outputs);
  try {
    initializeWeights(network, seed);
    const pixels = pictures(batchSize, inputSize);
    const infer = (x: tf.Tensor4D) => network.model.predict(x, { batchSize }) as tf.Tensor;
    const times = await timed(request, () => answer(pixels, batchSize, inputSize, infer));
    return { ...times, parameters: network.model.countParams() };
  } finally {
    network.dispose();
  }
}

/** Of the network that `timeTrainingSteps` and `timeInferences` measure. */
export async function topologyOf({
  experiment,
  outputs,
}: Pick<StepTimesRequest, "experiment" | "outputs">): Promise<unknown> {
  const network = buildNetwork(experiment, outputs);
  try {
    return (await storedNetwork(network.model, experiment.inputSize)).topology;
  } finally {
    network.dispose();
  }
}

export async function timeModel(request: {
  readonly modelId: string;
  readonly batch: number;
  readonly warmup: number;
  readonly steps: number;
}): Promise<StepTimes> {
  const { modelId, batch } = request;
  const [model, stored] = await Promise.all([getModel(modelId), getWeights(modelId)]);
  if (!model || !stored) throw new EngineError("not-found", "There is no such model.", "Choose another model.");
  const network = withAdapters(await loadStored(stored), model.metadata);
  try {
    const { inputSize } = model.metadata.preprocessing;
    const pixels = pictures(batch, inputSize);
    const infer = (x: tf.Tensor4D) => network.predictOnBatch(x);
    const times = await timed(request, () => answer(pixels, batch, inputSize, infer));
    return { ...times, parameters: network.parameters };
  } finally {
    network.dispose();
  }
}

async function answer(
  pixels: Float32Array,
  images: number,
  size: number,
  infer: (x: tf.Tensor4D) => tf.Tensor,
): Promise<void> {
  const x = tf.tensor4d(pixels, [images, size, size, 3]);
  const probabilities = tf.tidy(() => infer(x));
  await probabilities.data();
  tf.dispose([x, probabilities]);
}
