/** A dataset of a few pictures that a small network can tell apart, stored as an import would store it. */
import type { Dataset, DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { bytesPerImage, type PixelFormat, pixelFormatKey } from "../../../src/domain/image/pixel-format.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { queuedRun, type Run } from "../../../src/domain/run/run.ts";
import { putDataset } from "../../../src/storage/datasets.ts";
import { putRun } from "../../../src/storage/runs.ts";
import { storeChunk } from "../../../src/storage/shards.ts";

const classNames = ["Painting", "Photo", "Text"];
const imagesPerClass = 16;
const imagesPerShard = 20;

/** Photos are reddish, paintings bluish, text is light grey, all with noise. */
function fill(pixels: Uint8Array, className: string, random: SeededRandom): void {
  const colour = className === "Photo" ? [170, 90, 80] : className === "Painting" ? [80, 90, 170] : [200, 200, 200];
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = Math.min(255, Math.max(0, colour[i % 3]! + random.uniform(-50, 50)));
  }
}

export async function storeTinyDataset(format: PixelFormat, classes = classNames): Promise<Dataset> {
  const random = new SeededRandom(7);
  const dataset: Dataset = {
    id: crypto.randomUUID(),
    name: "Tiny",
    createdAt: Date.now(),
    classNames: classes,
    positiveClass: "Photo",
    classCounts: classes.map(() => imagesPerClass),
    findingCount: 0,
    cachedFormats: [pixelFormatKey(format)],
  };
  const images = classes.flatMap((className) =>
    Array.from({ length: imagesPerClass }, (_, i): DatasetImage => {
      const imageId = `${className}/${i % 2 ? "first" : "second"}__${i}.png`;
      const size = { width: 300 + 10 * i, height: 400 };
      const file = { byteLength: 1000, lastModified: 0, mediaType: "image/png" };
      return { datasetId: dataset.id, imageId, path: imageId, page: 0, className, ...size, ...file };
    }),
  );
  for (let begin = 0; begin < images.length; begin += imagesPerShard) {
    const chunk = images.slice(begin, begin + imagesPerShard);
    const bytes = bytesPerImage(format);
    const pixels = new Uint8Array(chunk.length * bytes);
    for (const [i, { className }] of chunk.entries())
      fill(pixels.subarray(i * bytes, (i + 1) * bytes), className, random);
    await storeChunk({
      shard: {
        datasetId: dataset.id,
        format: pixelFormatKey(format),
        shardId: String(begin).padStart(6, "0"),
        imageIds: chunk.map(({ imageId }) => imageId),
        pixels: new Blob([pixels]),
      },
      images: chunk,
      thumbnails: [],
      findings: [],
    });
  }
  await putDataset(dataset);
  return dataset;
}

/** Ids of the dataset's images; every fourth is for validation. */
export function tinySplit(dataset: Dataset): Run["split"] {
  const ids = dataset.classNames.flatMap((className) =>
    Array.from({ length: imagesPerClass }, (_, i) => `${className}/${i % 2 ? "first" : "second"}__${i}.png`),
  );
  return {
    kind: "given",
    validationShare: 0.25,
    testShare: 0,
    bySource: false,
    seed: 1,
    training: ids.filter((_, i) => i % 4 !== 3),
    validation: ids.filter((_, i) => i % 4 === 3),
    test: [],
  };
}

export async function queueRun(dataset: Dataset, experiment: Experiment): Promise<Run> {
  const planned = { id: crypto.randomUUID(), experiment, split: tinySplit(dataset), leakage: null, queue: null };
  const run = queuedRun(dataset, { ...planned, createdAt: Date.now() });
  await putRun(run);
  return run;
}
