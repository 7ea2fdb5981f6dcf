/** The batches of a run, epoch by epoch, drawn from a seed: cached pixels, shuffled or sampled, augmented. */
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { drawEpoch, type Sampler, samplerOf, samplesPerEpoch } from "../../../src/domain/experiment/sampling.ts";
import { trainingSizeAt } from "../../../src/domain/experiment/schedule.ts";
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import { epochStream, RandomStream } from "../../../src/domain/experiment/random-streams.ts";
import type { PixelStore } from "./pixel-store.ts";
import { TrainingViews } from "./training-views.ts";

export interface Batch {
  /** [images, size, size, 3], 0 to 255. */
  readonly pixels: Float32Array;
  readonly size: number;
  /** Of the images, in the list of training images. */
  readonly indices: Uint32Array;
}

/** Where a session gets its batches from. */
export interface BatchSource {
  readonly stepsPerEpoch: number;
  /** Milliseconds that training had to wait for batches so far. */
  readonly waited: number;
  /** The batches of an epoch (from 0); the same whatever the time that each of them took. */
  epoch(epoch: number): AsyncGenerator<Batch, void, void>;
  dispose(): void;
}

export class TrainingBatches {
  readonly stepsPerEpoch: number;
  readonly #experiment: Experiment;
  readonly #images: readonly DatasetImage[];
  readonly #store: PixelStore;
  readonly #sampler: Sampler;

  /** @param store opened with the ids of `images`, in their order. */
  constructor(experiment: Experiment, positiveClass: string, images: readonly DatasetImage[], store: PixelStore) {
    this.#experiment = experiment;
    this.#images = images;
    this.#store = store;
    this.#sampler = samplerOf(experiment.sampling, images, positiveClass);
    const positives = images.filter(({ className }) => className === positiveClass).length;
    const samples = samplesPerEpoch(experiment.sampling, images.length, positives);
    this.stepsPerEpoch = Math.ceil(samples / experiment.batchSize);
  }

  /** The batches of an epoch (from 0), each made while the one before it is trained on. The last one may be smaller. */
  async *epoch(epoch: number): AsyncGenerator<Batch, void, void> {
    const { seed, batchSize } = this.#experiment;
    const order = drawEpoch(this.#sampler, seed, epoch);
    const size = trainingSizeAt(this.#experiment, epoch);
    const views = new TrainingViews(this.#experiment, size);
    const random = new SeededRandom(seed, epochStream(RandomStream.augmentation, epoch));
    const repeats = repeatsIn(order);
    const make = (begin: number) =>
      this.#make(
        { indices: order.subarray(begin, begin + batchSize), repeats: repeats.subarray(begin, begin + batchSize) },
        size,
        views,
        random,
      );
    let next = make(0);
    for (let begin = 0; begin < order.length; begin += batchSize) {
      const batch = await next;
      // Reading is under way while the caller trains; what it draws comes in the order of the batches either way.
      if (begin + batchSize < order.length) next = make(begin + batchSize);
      // Where the caller stops, nobody waits for it any more.
      next.catch(() => undefined);
      yield batch;
    }
  }

  /** `repeats`: 1 for each draw of an image that the epoch had drawn before. */
  async #make(
    { indices, repeats }: { readonly indices: Uint32Array; readonly repeats: Uint8Array },
    size: number,
    views: TrainingViews,
    random: SeededRandom,
  ): Promise<Batch> {
    const pictures = await this.#store.read(indices);
    const pixels = new Float32Array(indices.length * size * size * 3);
    for (const [place, rgb] of pictures.entries()) {
      const { width, height } = this.#images[indices[place]!]!;
      views.write({ rgb, width, height }, random, repeats[place] === 1, pixels, place * size * size * 3);
    }
    return { pixels, size, indices };
  }
}

/** 1 for each draw of an image that was drawn before. */
function repeatsIn(order: Uint32Array): Uint8Array {
  const drawn = new Set<number>();
  return Uint8Array.from(order, (index) => {
    if (drawn.has(index)) return 1;
    drawn.add(index);
    return 0;
  });
}
