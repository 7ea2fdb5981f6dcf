import { classOf, kerasListing } from "../dataset/listing.ts";
import { drawLikeKeras, kerasSplit } from "../dataset/split.ts";
import { MersenneTwister } from "../random/mersenne-twister.ts";
import { type ReferenceCase, type ReferenceValue, UnsupportedCaseError } from "./reference-case.ts";

/** Classes, listing and split of the folder that holds `files`. */
export function runSplitCase({ attributes, inputs }: ReferenceCase): Readonly<Record<string, ReferenceValue>> {
  const { files } = inputs;
  if (files?.kind !== "json") throw new UnsupportedCaseError("There is no list of files.");
  const seed = Number(attributes.seed);
  const share = Number(attributes.validation_split);
  const listing = kerasListing(files.value as string[]);
  const images = listing.files.map((path) => ({ imageId: path, path }));
  // Where Tamis refuses, Keras takes everything for validation, which is what the case expects.
  const { training, validation } = kerasSplit(images, share, seed) ?? drawLikeKeras(listing.files, share, seed);
  const labelsOf = (paths: readonly string[] | null) =>
    paths?.map((path) => listing.classNames.indexOf(classOf(path))) ?? null;
  return {
    class_names: json(listing.classNames),
    listing: json(listing.files),
    training: json(training),
    training_labels: json(labelsOf(training)),
    validation: json(validation),
    validation_labels: json(labelsOf(validation)),
  };
}

/** Raw outputs and permutations of NumPy's `RandomState(seed)`: `uint32`, `uint32_from_N` (as many as expected), `permutation_N`. */
export function runMersenneTwisterCase(reference: ReferenceCase): Readonly<Record<string, ReferenceValue>> {
  const seed = Number(reference.attributes.seed);
  const outputs: Record<string, ReferenceValue> = {};
  for (const [name, { value }] of Object.entries(reference.outputs)) {
    const [, what, number] = /^(permutation|uint32|uint32_from)(?:_(\d+))?$/.exec(name) ?? [];
    const generator = new MersenneTwister(seed);
    if (what === "permutation" && number) {
      outputs[name] = json(generator.permutation(Number(number)));
    } else if (what && what !== "permutation" && value.kind === "json" && Array.isArray(value.value)) {
      for (let i = 0; i < Number(number ?? 0); i++) generator.uint32();
      outputs[name] = json(value.value.map(() => generator.uint32()));
    } else {
      throw new UnsupportedCaseError(`Tamis does not compute the output ${name}.`);
    }
  }
  return outputs;
}

function json(value: unknown): ReferenceValue {
  return { kind: "json", value };
}
