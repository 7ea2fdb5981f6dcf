/** Near-duplicates in two steps: candidates from fingerprints, then a look at finer pictures of the few pairs that are left. */
import {
  align,
  type Aligned,
  blockCorrelations,
  blurred,
  correlationAt,
  insets,
  type Placement,
  placementOf,
} from "./align.ts";
import {
  bestOrientation,
  describe,
  descriptorLength,
  oriented,
  spectrumLength,
  spectrumOf,
  windows,
} from "./descriptor.ts";
import { fingerprintSide } from "./fingerprint.ts";
import { NeighbourTree } from "./neighbour-tree.ts";

/** Descriptors of copies lie closer than this; see docs/performance.md for what it finds. */
const radius = 0.32;
/** Spectra of copies look the same in one orientation at least this much. */
const leastLikeness = 0.9;
/** Correlation of the blurred fingerprints, moved to agree. */
const leastCoarse = 0.87;
/** Side of the finer pictures, in pixels. */
export const fineSide = 128;
const softSide = fineSide / 2;
/** Correlation of the blurred finer pictures that is worth going on from. */
const leastSoft = 0.85;
/** Correlation of what the finer pictures have beyond their blurred selves: strokes and texture, which pages of one layout do not share. */
const leastDetail = 0.3;
/** Agreement of the worst block of copies: charts of one template, and receipts of one shop, have blocks that say something else. */
const leastWorst = 0.3;
/** Agreement at the worst fifth of the blocks, of copies and of what may be one. */
const leastFifth = 0.6;
const leastFifthOfAlike = 0.4;

/** How the second picture has to lie on the first. */
interface Fit {
  /** How much it may be stretched along one side, as a logarithm. */
  readonly stretch: number;
  /** A copy lies within its picture, or around it; how far it may be off, as a share of a side. */
  readonly overhang: number;
  /** How much may be lost at an edge, as a share of a side. */
  readonly trim: number;
}
const fitOfCopies: Fit = { stretch: 0.02, overhang: 0.003, trim: 0.08 };
const fitOfAlike: Fit = { stretch: 0.03, overhang: 0.01, trim: 0.1 };
/** Fingerprints tell less exactly how they lie. */
const coarseFit: Fit = { stretch: 0.1, overhang: 0.03, trim: 0.13 };
/** Weight of the logarithm of an image's width by its height beside its descriptor: copies hardly differ in it. */
const shapeWeight = 2;
/** Pixels at the borders of the finer pictures whose detail is another one in a trimmed copy. */
const margin = 5;
/**
 * Of the images that look like one, only the most alike are looked at: thousands of typed pages look alike from afar. How many that are follows from
 * how many looks there may be in all, so that the time does not grow with the square of a dataset.
 */
const roughLooks = { all: 1_000_000, least: 24, most: 64 };
const closeLooks = { all: 200_000, least: 8, most: 48 };

/** What candidates are searched by. */
export interface SearchedImage {
  /** `fingerprintSide²` bytes; see `Fingerprint`. */
  readonly grey: Uint8Array;
  /** Of the image, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Two images that may show the same, and how the second lies on the first. */
export interface Candidate {
  readonly first: number;
  readonly second: number;
  readonly orientation: number;
  readonly placement: Placement;
  /** The logarithm of how much wider the second is for its height, in this orientation. */
  readonly widening: number;
  /** How much of that may be due to sizes that are whole pixels. */
  readonly rounding: number;
}

/** Numbers a point: a descriptor, then the shape. */
const pointLength = descriptorLength + 1;

export class CandidateSearch {
  readonly #images: readonly SearchedImage[];
  /** One after the other. */
  readonly #spectra: Float32Array;
  readonly #tree: NeighbourTree;
  readonly #mostRough: number;
  readonly #mostClose: number;

  constructor(images: readonly SearchedImage[]) {
    this.#images = images;
    this.#mostRough = shareOf(roughLooks, images.length);
    this.#mostClose = shareOf(closeLooks, images.length);
    this.#spectra = new Float32Array(images.length * spectrumLength);
    const points = new Float32Array(images.length * pointLength);
    for (const [index, image] of images.entries()) {
      const spectrum = spectrumOf(image.grey, 0);
      this.#spectra.set(spectrum, index * spectrumLength);
      writePoint(spectrum, image, points, index * pointLength);
    }
    this.#tree = new NeighbourTree(points, pointLength);
  }

  /**
   * Images that may show what image `first` shows, or a part of it, each once; the pair is found from either side.
   * @param isKnown whether an image need not be looked at
   */
  candidatesOf(first: number, isKnown: (second: number) => boolean): Candidate[] {
    const image = this.#images[first]!;
    const query = new Float32Array(pointLength);
    const best = new Map<number, { likeness: number; window: number; orientation: number } | null>();
    for (const window of windows.keys()) {
      const spectrum = window === 0 ? this.#spectrum(first) : spectrumOf(image.grey, window);
      writePoint(spectrum, image, query, 0);
      this.#tree.within(query, radius, (second) => {
        const known = best.get(second);
        if (known === null) return;
        if (known === undefined && (second === first || isKnown(second))) {
          best.set(second, null);
          return;
        }
        const like = bestOrientation(spectrum, this.#spectrum(second));
        if (like.likeness < leastLikeness || like.likeness <= (known?.likeness ?? 0)) return;
        best.set(second, { ...like, window });
      });
    }
    const rough: [number, { likeness: number; window: number; orientation: number }][] = [];
    for (const [second, like] of best) if (like) rough.push([second, like]);
    rough.sort(([, a], [, b]) => b.likeness - a.likeness);
    const found: (Candidate & { readonly correlation: number })[] = [];
    for (const [second, { window, orientation }] of rough.slice(0, this.#mostRough)) {
      const coarse = this.#coarse(first, second, orientation, placementOf(windows[window]!));
      if (coarse.correlation < leastCoarse) continue;
      const shape = shapeOf(image, this.#images[second]!, orientation);
      if (fits(shape, coarse.placement, coarseFit)) found.push({ first, second, orientation, ...shape, ...coarse });
    }
    return found.sort((a, b) => b.correlation - a.correlation).slice(0, this.#mostClose);
  }

  #spectrum(index: number): Float32Array {
    return this.#spectra.subarray(index * spectrumLength, (index + 1) * spectrumLength);
  }

  #coarse(first: number, second: number, orientation: number, start: Placement): Aligned {
    const a = blurred(Float32Array.from(this.#images[first]!.grey), fingerprintSide, 1);
    const turned = oriented(Float32Array.from(this.#images[second]!.grey), fingerprintSide, orientation);
    return align(a, blurred(turned, fingerprintSide, 1), fingerprintSide, start, 8, leastCoarse - 0.2);
  }
}

function shareOf({ all, least, most }: typeof roughLooks, images: number): number {
  return Math.max(least, Math.min(most, Math.round(all / Math.max(1, images))));
}

function writePoint(spectrum: Float32Array, image: SearchedImage, target: Float32Array, offset: number): void {
  describe(spectrum, target, offset);
  // Turning makes wide what was tall.
  target[offset + descriptorLength] = shapeWeight * Math.abs(Math.log(image.width / image.height));
}

type Shape = Pick<Candidate, "widening" | "rounding">;

function shapeOf(a: SearchedImage, b: SearchedImage, orientation: number): Shape {
  const ofA = Math.log(a.width / a.height);
  const ofB = Math.log(b.width / b.height);
  return {
    widening: (orientation & 4 ? -ofB : ofB) - ofA,
    rounding: 1 / Math.min(a.width, a.height, b.width, b.height),
  };
}

/** By how much, as a logarithm, the second picture would have been stretched along one side to lie so on the first. */
function stretchOf({ widening, rounding }: Shape, { scaleX, scaleY }: Placement): number {
  return Math.max(0, Math.abs(widening + Math.log(scaleX / scaleY)) - rounding);
}

function fits(shape: Shape, placement: Placement, { stretch, overhang, trim }: Fit): boolean {
  const inside = insets(placement);
  const [least, most] = [Math.min(...inside), Math.max(...inside)];
  const isWithin = least >= -overhang || most <= overhang;
  return isWithin && Math.max(-least, most) <= trim && stretchOf(shape, placement) <= stretch;
}

/** A finer picture, split into what blurring keeps and what it takes away. */
export interface FinePicture {
  /** `(fineSide / 2)²` */
  readonly soft: Float32Array;
  /** `fineSide²` */
  readonly detail: Float32Array;
}

/** @param grey `fineSide²` grey values, row-major: the whole picture squashed to a square */
export function finePicture(grey: ArrayLike<number>): FinePicture {
  const sharp = blurred(Float32Array.from(grey), fineSide, 2);
  const smooth = blurred(sharp, fineSide, 5);
  const soft = new Float32Array(softSide * softSide);
  for (let y = 0; y < softSide; y++) {
    for (let x = 0; x < softSide; x++) {
      const at = 2 * y * fineSide + 2 * x;
      soft[y * softSide + x] =
        (smooth[at]! + smooth[at + 1]! + smooth[at + fineSide]! + smooth[at + fineSide + 1]!) / 4;
    }
  }
  return { soft, detail: sharp.map((value, i) => value - smooth[i]!) };
}

/**
 * What two pictures have in common: `same` for copies of one picture; `alike` where that is in doubt, so that they had better lie on one side of a
 * split.
 */
export type Likeness = "same" | "alike" | "different";

/** Compares two candidates by their finer pictures. */
export function compareFinely(a: FinePicture, b: FinePicture, candidate: Candidate): Likeness {
  const { orientation, placement } = candidate;
  const soft = align(a.soft, oriented(b.soft, softSide, orientation), softSide, placement, 8, leastSoft - 0.1);
  if (soft.correlation < leastSoft) return "different";
  const detail = oriented(b.detail, fineSide, orientation);
  if (correlationAt(a.detail, detail, fineSide, soft.placement) < leastDetail) return "different";
  const exact = align(a.detail, detail, fineSide, soft.placement, 8, 0);
  if (!fits(candidate, exact.placement, fitOfAlike)) return "different";
  const correlations = blockCorrelations(a.detail, detail, fineSide, exact.placement, margin);
  const fifth = correlations[Math.floor(correlations.length / 5)] ?? 0;
  const isCopy = fifth >= leastFifth && correlations[0]! >= leastWorst;
  if (isCopy && fits(candidate, exact.placement, fitOfCopies)) return "same";
  return fifth >= leastFifthOfAlike ? "alike" : "different";
}
