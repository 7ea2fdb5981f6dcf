/** Figures with their 95 % bootstrap intervals, from what a model says of images whose classes are known. */
import { Bootstrap, bootstrap, type BootstrapSummaries, countsOf } from "./bootstrap.ts";
import {
  type Judged,
  type RankingFigure,
  rankingFigures,
  rankingMeasure,
  type VerdictFigure,
  verdictCells,
  verdictFigures,
  verdictMeasure,
} from "./measures.ts";
import type { Interval } from "./statistics.ts";

export interface Figure {
  /** `null` where it is undefined, as an AUROC with one class. */
  readonly value: number | null;
  readonly interval: Interval | null;
}

export type FiguresOf<K extends string> = Readonly<Record<K, Figure>>;

function withIntervals<K extends string>(
  names: readonly K[],
  values: Readonly<Record<K, number | null>>,
  summaries: BootstrapSummaries<K>,
): FiguresOf<K> {
  const entries = names.map((name) => [name, { value: values[name], interval: summaries[name].interval }] as const);
  return Object.fromEntries(entries) as Record<K, Figure>;
}

/** Accuracy and its like at a threshold. Fast enough to follow a moving threshold: the table of verdicts is resampled, not the images. */
export function figuresAt(judged: Judged, threshold: number): FiguresOf<VerdictFigure> {
  const cells = countsOf(verdictCells(judged, threshold), 4);
  return withIntervals(verdictFigures, verdictMeasure(cells), bootstrap({ cells }, verdictMeasure));
}

/** AUROC, average precision and calibration error: seconds for tens of thousands of images, so it goes on in slices. */
export class RankingFigures {
  readonly #values: Readonly<Record<RankingFigure, number | null>>;
  readonly #bootstrap: Bootstrap<RankingFigure>;

  constructor(judged: Judged) {
    const measure = rankingMeasure(judged);
    const images = judged.labels.length;
    this.#values = measure(new Uint32Array(images).fill(1));
    this.#bootstrap = new Bootstrap({ images }, measure);
  }

  get isDone(): boolean {
    return this.#bootstrap.isDone;
  }

  advance(resamples: number): void {
    this.#bootstrap.advance(resamples);
  }

  /** Without intervals until it is done. */
  figures(): FiguresOf<RankingFigure> {
    if (this.isDone) return withIntervals(rankingFigures, this.#values, this.#bootstrap.summary());
    const entries = rankingFigures.map((name) => [name, { value: this.#values[name], interval: null }] as const);
    return Object.fromEntries(entries) as Record<RankingFigure, Figure>;
  }
}

export interface ClassFigures {
  readonly className: string;
  readonly n: number;
  readonly wrong: number;
  /** Share that got the right verdict; undefined without an image. */
  readonly right: Figure;
}

/** Each original class on its own, in the order of `names`. */
export function classFigures(
  judged: Judged & { readonly classNames: readonly string[] },
  threshold: number,
  names: readonly string[],
): ClassFigures[] {
  const places = new Map(names.map((name, place) => [name, place]));
  const right = new Uint32Array(names.length);
  const n = new Uint32Array(names.length);
  judged.classNames.forEach((name, i) => {
    const place = places.get(name);
    if (place === undefined) return;
    n[place]! += 1;
    if (judged.probabilities[i]! >= threshold === (judged.labels[i] === 1)) right[place]! += 1;
  });
  return names.map((className, place) => {
    const cells = [right[place]!, n[place]! - right[place]!];
    if (n[place] === 0) return { className, n: 0, wrong: 0, right: { value: null, interval: null } };
    // Within the class: how many of it there are is not what is asked.
    const measure = (counts: Uint32Array) => ({ right: counts[0]! / n[place]! });
    const { interval } = bootstrap({ cells }, measure).right;
    return { className, n: n[place]!, wrong: cells[1]!, right: { value: cells[0]! / n[place]!, interval } };
  });
}
