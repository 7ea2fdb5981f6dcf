/** Fits an experiment's dictionaries to the images that it trains on. */
import { DictionaryFit, type FittedDictionary } from "../../../../src/domain/dictionary/fit.ts";
import type { DatasetImage } from "../../../../src/domain/dataset/dataset.ts";
import { dictionariesOf } from "../../../../src/domain/experiment/backbone.ts";
import type { Experiment } from "../../../../src/domain/experiment/experiment.ts";
import { RandomStream } from "../../../../src/domain/experiment/random-streams.ts";
import { samplerOf } from "../../../../src/domain/experiment/sampling.ts";
import { SeededRandom } from "../../../../src/domain/random/seeded-random.ts";
import { PixelStore } from "../../stream/pixel-store.ts";
import { letMessagesIn } from "../../yield.ts";
import { FeatureViews } from "./feature-views.ts";

/** Drawn as training draws them. More of them move the words by less than another seed does. */
const images = 1024;

export interface FitTask {
  readonly experiment: Experiment;
  readonly positiveClass: string;
  readonly datasetId: string;
  readonly training: readonly DatasetImage[];
}

/** The same task gives the same dictionaries, on every device. */
export async function fitDictionaries(
  { experiment, positiveClass, datasetId, training }: FitTask,
  signal: AbortSignal,
): Promise<FittedDictionary[]> {
  const dictionaries = dictionariesOf(experiment.backbone);
  if (dictionaries.length === 0) return [];
  const random = new SeededRandom(experiment.seed, RandomStream.dictionaries);
  const drawn = samplerOf(experiment.sampling, training, positiveClass)(random).slice(0, images);
  const ids = training.map(({ imageId }) => imageId);
  const store = await PixelStore.open(datasetId, experiment.pixels, ids);
  const maker = new FeatureViews(experiment);
  const fit = new DictionaryFit(dictionaries, random);
  for (const index of drawn) {
    const image = training[index]!;
    const [pixels] = await store.read([index]);
    const [crop] = maker.crops(image, pixels!, 1);
    fit.add(crop ?? maker.views(image, pixels!)[0]!, experiment.inputSize);
    await letMessagesIn();
    signal.throwIfAborted();
  }
  return fit.fit();
}
