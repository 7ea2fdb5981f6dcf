/** The batches of a run on a backbone: of each image that is drawn, the features of one of its views. */
import type { DatasetImage } from "../../../../src/domain/dataset/dataset.ts";
import type { Experiment } from "../../../../src/domain/experiment/experiment.ts";
import { type Sampler, samplerOf, samplesPerEpoch } from "../../../../src/domain/experiment/sampling.ts";
import { SeededRandom } from "../../../../src/domain/random/seeded-random.ts";
import type { Batch, BatchSource } from "../../stream/training-batches.ts";
import { epochStream, RandomStream } from "../../../../src/domain/experiment/random-streams.ts";
import type { ImageFeatures } from "./features.ts";

export class FeatureBatches implements BatchSource {
  readonly stepsPerEpoch: number;
  readonly waited = 0;
  readonly #experiment: Experiment;
  readonly #rows: readonly (readonly Float32Array[])[];
  readonly #sampler: Sampler;

  /** @param features of `images`, in their order */
  constructor(
    experiment: Experiment,
    positiveClass: string,
    images: readonly DatasetImage[],
    features: readonly ImageFeatures[],
  ) {
    this.#experiment = experiment;
    this.#rows = features.map(({ views, changed }) => [...views, ...changed]);
    this.#sampler = samplerOf(experiment.sampling, images, positiveClass);
    const positives = images.filter(({ className }) => className === positiveClass).length;
    const samples = samplesPerEpoch(experiment.sampling, images.length, positives);
    this.stepsPerEpoch = Math.ceil(samples / experiment.batchSize);
  }

  async *epoch(epoch: number): AsyncGenerator<Batch, void, void> {
    const { seed, batchSize, inputSize } = this.#experiment;
    const order = this.#sampler(new SeededRandom(seed, epochStream(RandomStream.order, epoch)));
    const random = new SeededRandom(seed, epochStream(RandomStream.augmentation, epoch));
    for (let begin = 0; begin < order.length; begin += batchSize) {
      const indices = order.slice(begin, begin + batchSize);
      const rows = Array.from(indices, (index) => {
        const views = this.#rows[index]!;
        return views[random.int(views.length)]!;
      });
      const pixels = new Float32Array(rows.length * rows[0]!.length);
      for (const [place, row] of rows.entries()) pixels.set(row, place * row.length);
      yield await Promise.resolve({ pixels, size: inputSize, indices });
    }
  }

  dispose(): void {
    // Nothing is held.
  }
}
