/** Which training images an epoch sees, in which order, and what follows from it for the probabilities. */
import { sourceOf } from "../dataset/dataset.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { type Calibration, evenPrior } from "../model/calibration.ts";
import { epochStream, RandomStream } from "./random-streams.ts";
import type { Experiment, Sampling } from "./experiment.ts";

/** What sampling looks at. */
export interface SampledImage {
  readonly path: string;
  readonly className: string;
}

/** Draws the indices of an epoch's images. */
export type Sampler = (random: SeededRandom) => Uint32Array;

/**
 * Prepares the draws of a run.
 * @throws RangeError where there is no image to draw from.
 */
export function samplerOf(sampling: Sampling, images: readonly SampledImage[], positiveClass: string): Sampler {
  if (images.length === 0) throw new RangeError("There is no image to draw from.");
  if (sampling.kind === "shuffle") return (random) => random.permutation(images.length);
  if (sampling.kind === "oversample") return oversampler(images, positiveClass);
  const classes = weighted([...byKey(images, allOf(images), (image) => image.className)], ([name]) =>
    classWeight(sampling, name, positiveClass, images),
  ).map(({ item: [, members], upTo }) => ({
    upTo,
    sources: weighted([...byKey(images, members, (image) => sourceOf(image.path)).values()], (source) =>
      Math.sqrt(source.length),
    ),
  }));
  return (random) =>
    Uint32Array.from({ length: sampling.samplesPerEpoch }, () => {
      const source = pick(pick(classes, random).sources, random).item;
      return source[random.int(source.length)]!;
    });
}

/** The images of an epoch (from 0), in the order that training sees them. */
export function drawEpoch(sampler: Sampler, seed: number, epoch: number): Uint32Array {
  return sampler(new SeededRandom(seed, epochStream(RandomStream.order, epoch)));
}

/**
 * How many images an epoch sees.
 * @param positives of the training images
 */
export function samplesPerEpoch(sampling: Sampling, trainingImages: number, positives: number): number {
  switch (sampling.kind) {
    case "shuffle":
      return trainingImages;
    case "oversample":
      return 2 * Math.max(positives, trainingImages - positives);
    case "class-and-source":
      return sampling.samplesPerEpoch;
  }
}

/**
 * The calibration that a model gets with its training.
 * @param positiveShare of the training images, between 0 and 1 exclusive; counts where every one of them is seen once an epoch.
 */
export function calibrationOf(
  { calibration, sampling }: Pick<Experiment, "calibration" | "sampling">,
  positiveShare: number,
): Calibration | null {
  switch (calibration.kind) {
    case "none":
      return null;
    case "given":
      return { scale: calibration.scale, shift: calibration.shift };
    case "even-prior":
      return evenPrior(drawnShare(sampling, positiveShare));
  }
}

/** Share of the positive class in what an epoch draws. */
function drawnShare(sampling: Sampling, positiveShare: number): number {
  switch (sampling.kind) {
    case "shuffle":
      return positiveShare;
    case "oversample":
      return 0.5;
    case "class-and-source":
      return sampling.positiveShare;
  }
}

/** Pairs of a positive and a negative image, either of them first by chance: every batch is even within one image. */
function oversampler(images: readonly SampledImage[], positiveClass: string): Sampler {
  const sides: readonly [number[], number[]] = [[], []];
  for (const [index, { className }] of images.entries()) sides[className === positiveClass ? 1 : 0].push(index);
  const length = Math.max(sides[0].length, sides[1].length);
  if (Math.min(sides[0].length, sides[1].length) === 0) throw new RangeError("One of the two sides has no image.");
  return (random) => {
    const [negatives, positives] = sides.map((side) => repeated(side, length, random)) as [number[], number[]];
    const order = new Uint32Array(2 * length);
    for (let pair = 0; pair < length; pair++) {
      const positiveFirst = random.chance(0.5) ? 0 : 1;
      order[2 * pair + positiveFirst] = positives[pair]!;
      order[2 * pair + 1 - positiveFirst] = negatives[pair]!;
    }
    return order;
  };
}

/** `length` draws from `side`, shuffled: each member as often as the others, or once more. */
function repeated(side: readonly number[], length: number, random: SeededRandom): number[] {
  const draws: number[] = [];
  while (draws.length < length) {
    for (const place of random.permutation(side.length)) if (draws.length < length) draws.push(side[place]!);
  }
  return draws;
}

/** A class's share of the draws; only ratios matter. Classes without images have no part in it. */
function classWeight(
  sampling: Extract<Sampling, { kind: "class-and-source" }>,
  name: string,
  positiveClass: string,
  images: readonly SampledImage[],
): number {
  if (name === positiveClass) return sampling.positiveShare;
  const present = new Set(images.map((image) => image.className));
  present.delete(positiveClass);
  const given = [...present].map((other) => sampling.negativeWeights[other] ?? null);
  const named = given.filter((weight) => weight !== null);
  // Those not named share equally as 1: each weighs as much as a named one on average, where any is named.
  const unnamedWeight = named.length > 0 ? sumOf(named) / named.length : 1;
  const total = sumOf(given.map((weight) => weight ?? unnamedWeight));
  if (total <= 0) return 1 - sampling.positiveShare;
  return ((1 - sampling.positiveShare) * (sampling.negativeWeights[name] ?? unnamedWeight)) / total;
}

interface Weighted<T> {
  readonly item: T;
  /** Share of all weights up to and including this item's, 0 to 1. */
  readonly upTo: number;
}

function weighted<T>(items: readonly T[], weightOf: (item: T) => number): (Weighted<T> & { item: T })[] {
  const weights = items.map(weightOf);
  const total = sumOf(weights);
  let sum = 0;
  return items.map((item, index) => {
    sum += weights[index]!;
    return { item, upTo: sum / total };
  });
}

function pick<T extends { readonly upTo: number }>(items: readonly T[], random: SeededRandom): T {
  const drawn = random.uniform();
  return items.find(({ upTo }) => drawn < upTo) ?? items.at(-1)!;
}

function allOf(images: readonly SampledImage[]): number[] {
  return images.map((_, index) => index);
}

function byKey(
  images: readonly SampledImage[],
  indices: readonly number[],
  keyOf: (image: SampledImage) => string,
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const index of indices) {
    const key = keyOf(images[index]!);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  return groups;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
