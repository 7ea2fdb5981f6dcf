/** What augmentation costs: the making of a batch alone, and training steps that get their batches from the stream, with it and without. */
import type { AugmentationTimes, AugmentationTimesRequest } from "../../../src/contract/measurement.ts";
import type { Dataset, DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { bytesPerImage, pixelFormatKey } from "../../../src/domain/image/pixel-format.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { deleteDataset, putDataset } from "../../../src/storage/datasets.ts";
import { storeChunk } from "../../../src/storage/shards.ts";
import { heapBytes } from "../backends/index.ts";
import { Trainer } from "../session/trainer.ts";
import { BatchStream } from "../stream/batch-stream.ts";
import { TrainingViews } from "../stream/training-views.ts";

/** Epochs without and with augmentation take turns, so that a machine that slows down slows both. */
const rounds = 3;
const classNames = ["a", "b"];

/** Pictures of noise in the cache, half of them of each class. */
async function storeNoise({ pixels }: Experiment, count: number): Promise<[Dataset, DatasetImage[]]> {
  const dataset: Dataset = {
    id: crypto.randomUUID(),
    name: "noise",
    createdAt: Date.now(),
    classNames,
    positiveClass: classNames[0]!,
    classCounts: classNames.map((_, i) => Math.floor((count + 1 - i) / 2)),
    findingCount: 0,
    cachedFormats: [pixelFormatKey(pixels)],
  };
  const images = Array.from({ length: count }, (_, i): DatasetImage => {
    const className = classNames[i % 2]!;
    const imageId = `${className}/${i}.png`;
    const { width, height } = pixels;
    const file = { byteLength: 0, lastModified: 0, mediaType: "image/png" };
    return { datasetId: dataset.id, imageId, path: imageId, page: 0, className, width, height, ...file };
  });
  const random = new SeededRandom(1);
  const bytes = Uint8Array.from({ length: count * bytesPerImage(pixels) }, () => random.int(256));
  await storeChunk({
    shard: {
      datasetId: dataset.id,
      format: pixelFormatKey(pixels),
      shardId: crypto.randomUUID(),
      imageIds: images.map(({ imageId }) => imageId),
      pixels: new Blob([bytes]),
    },
    images,
    thumbnails: [],
    findings: [],
  });
  await putDataset(dataset);
  return [dataset, images];
}

/** Milliseconds that each of some batches takes, made on this thread while nothing else computes. */
function timeMaking(experiment: Experiment, batches: number): number[] {
  const { batchSize, inputSize, pixels } = experiment;
  const random = new SeededRandom(2);
  const rgb = Uint8Array.from({ length: bytesPerImage(pixels) }, () => random.int(256));
  const { width, height } = pixels;
  const length = inputSize * inputSize * 3;
  const target = new Float32Array(batchSize * length);
  const views = new TrainingViews(experiment, inputSize);
  return Array.from({ length: batches }, () => {
    const begin = performance.now();
    for (let i = 0; i < batchSize; i++) views.write({ rgb, width, height }, random, true, target, i * length);
    return performance.now() - begin;
  });
}

interface EpochTimes {
  readonly steps: readonly number[];
  readonly waited: number;
}

/** One epoch of steps, each with the wait for its batch. */
async function timeEpoch(trainer: Trainer, stream: BatchStream, size: number, warmup: number): Promise<EpochTimes> {
  const steps: number[] = [];
  const before = stream.waited;
  let begin = performance.now();
  let step = 0;
  for await (const { pixels, indices } of stream.epoch(0)) {
    await trainer.step(
      pixels,
      size,
      Array.from(indices, (index) => index % 2),
    );
    if (step++ >= warmup) steps.push(performance.now() - begin);
    begin = performance.now();
  }
  return { steps, waited: stream.waited - before };
}

export async function timeAugmentation(request: AugmentationTimesRequest): Promise<AugmentationTimes> {
  const { experiment, outputs, warmup, steps } = request;
  const { batchSize, inputSize } = experiment;
  const plain: Experiment = { ...experiment, augmentation: null };
  // The first batches warm up what is compiled while it runs.
  const making = timeMaking(experiment, warmup + steps).slice(warmup);
  const [dataset, images] = await storeNoise(experiment, batchSize * (warmup + steps));
  const trainer = new Trainer(experiment, outputs, 2 * rounds * (warmup + steps));
  try {
    trainer.beginEpoch(0);
    const times: Record<"plain" | "augmented", number[]> = { plain: [], augmented: [] };
    let waited = 0;
    for (let round = 0; round < rounds; round++) {
      for (const [name, each] of [["plain", plain] as const, ["augmented", experiment] as const]) {
        const task = { experiment: each, positiveClass: dataset.positiveClass, datasetId: dataset.id, images };
        const stream = await BatchStream.open(task);
        try {
          const epoch = await timeEpoch(trainer, stream, inputSize, warmup);
          times[name].push(...epoch.steps);
          if (name === "augmented") waited += epoch.waited;
        } finally {
          stream.dispose();
        }
      }
    }
    return {
      making,
      ...times,
      waited: waited / (rounds * (warmup + steps)),
      parameters: trainer.parameters,
      peakHeapBytes: heapBytes(),
    };
  } finally {
    trainer.dispose();
    await deleteDataset(dataset.id);
  }
}
