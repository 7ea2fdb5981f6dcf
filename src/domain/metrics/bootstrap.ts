/** Percentile bootstrap: how far a figure would have moved with other images of the same kind. */
import { binomial } from "../random/binomial.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { type Interval, percentile, sampleDeviation } from "./statistics.ts";

/** Figures by name; `null` where one is undefined for a resample. */
export type Figures<K extends string = string> = Readonly<Record<K, number | null>>;

/** @param counts how often each image (or, of verdicts, each cell of their table) is in the resample */
export type Measure<K extends string> = (counts: Uint32Array) => Figures<K>;

export interface BootstrapSummary {
  /** From the 2.5 to the 97.5 percentile of the resamples where the figure is defined; `null` where it never is. */
  readonly interval: Interval | null;
  /** `null` with fewer than two defined resamples. */
  readonly standardError: number | null;
  /** Resamples in which the figure was undefined, which were dropped. */
  readonly undefined: number;
}

export type BootstrapSummaries<K extends string> = Readonly<Record<K, BootstrapSummary>>;

export const bootstrapResamples = 2000;

/** What is resampled: this many images, each drawn alike; or a table of cells with these counts of images. */
export type Population = { readonly images: number } | { readonly cells: ArrayLike<number> };

interface Options {
  readonly resamples?: number;
  readonly seed?: number;
}

/** Resamples with replacement, drawn from a seed: the same images and seed give the same intervals. */
export class Bootstrap<K extends string> {
  readonly #draw: () => Uint32Array;
  readonly #measure: Measure<K>;
  readonly #resamples: number;
  readonly #samples = new Map<K, (number | null)[]>();
  #done = 0;

  constructor(population: Population, measure: Measure<K>, { resamples = bootstrapResamples, seed = 1 }: Options = {}) {
    const random = new SeededRandom(seed);
    this.#draw = "images" in population ? drawImages(population.images, random) : drawCells(population.cells, random);
    this.#measure = measure;
    this.#resamples = resamples;
  }

  get isDone(): boolean {
    return this.#done >= this.#resamples;
  }

  /** Draws up to this many more resamples: a slice of the work, so that a screen need not stand still. */
  advance(resamples: number): void {
    const end = Math.min(this.#resamples, this.#done + resamples);
    for (; this.#done < end; this.#done++) {
      const figures = this.#measure(this.#draw());
      for (const name of Object.keys(figures) as K[]) {
        const samples = this.#samples.get(name);
        if (samples) samples.push(figures[name]);
        else this.#samples.set(name, [figures[name]]);
      }
    }
  }

  summary(): BootstrapSummaries<K> {
    const entries = [...this.#samples].map(([name, samples]) => [name, summarize(samples)] as const);
    return Object.fromEntries(entries) as Record<K, BootstrapSummary>;
  }
}

/** Counts of each image; the array is used again by the next draw. */
function drawImages(images: number, random: SeededRandom): () => Uint32Array {
  const counts = new Uint32Array(images);
  return () => {
    counts.fill(0);
    // Some images are likelier than others by images / 2³², which no figure shows; it saves the rejections of `int`.
    for (let draw = 0; draw < images; draw++) counts[Math.floor(random.uniform() * images)]! += 1;
    return counts;
  };
}

/**
 * Counts of each cell. To draw n images and to count how many fall in each cell is to draw once from the multinomial distribution, which is one
 * binomial a cell: thousands of times faster, and the same.
 */
function drawCells(cells: ArrayLike<number>, random: SeededRandom): () => Uint32Array {
  const totals = Array.from(cells);
  const images = totals.reduce((sum, count) => sum + count, 0);
  const counts = new Uint32Array(totals.length);
  return () => {
    let [drawsLeft, imagesLeft] = [images, images];
    totals.forEach((total, cell) => {
      const drawn = imagesLeft === 0 ? 0 : binomial(random, drawsLeft, total / imagesLeft);
      counts[cell] = drawn;
      drawsLeft -= drawn;
      imagesLeft -= total;
    });
    return counts;
  };
}

/** @param samples the figure in each resample */
export function summarize(samples: readonly (number | null)[]): BootstrapSummary {
  const defined = samples.filter((value) => value !== null);
  const sorted = Float64Array.from(defined).sort();
  return {
    interval: sorted.length === 0 ? null : [percentile(sorted, 0.025), percentile(sorted, 0.975)],
    standardError: sorted.length < 2 ? null : sampleDeviation(defined),
    undefined: samples.length - defined.length,
  };
}

/** How often each place from 0 occurs. */
export function countsOf(places: ArrayLike<number>, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  for (let i = 0; i < places.length; i++) counts[places[i]!]! += 1;
  return counts;
}

/** All of it at once: for cells, or for what nobody waits at a screen for. */
export function bootstrap<K extends string>(
  population: Population,
  measure: Measure<K>,
  options: Options = {},
): BootstrapSummaries<K> {
  const drawn = new Bootstrap(population, measure, options);
  drawn.advance(options.resamples ?? bootstrapResamples);
  return drawn.summary();
}

/** The figures of A less those of B on the same resample: which of two is better on the very same images. */
export function differenceOf<K extends string>(a: Measure<K>, b: Measure<K>): Measure<K> {
  return (counts) => {
    const [figuresA, figuresB] = [a(counts), b(counts)];
    const entries = (Object.keys(figuresA) as K[]).map((name) => {
      const [valueA, valueB] = [figuresA[name], figuresB[name]];
      return [name, valueA === null || valueB === null ? null : valueA - valueB];
    });
    return Object.fromEntries(entries) as Record<K, number | null>;
  };
}
