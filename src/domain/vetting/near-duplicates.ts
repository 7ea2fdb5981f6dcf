/** Near-duplicates in two steps: candidates from fingerprints, then a look at finer pictures of the few pairs that are left. */
import {
  align,
  type Aligned,
  blockCorrelations,
  blurred,
  correlationAt,
  type Placement,
  placementOf,
} from "./align.ts";
import { describe, descriptorLength, likeness, oriented, orientations, spectrumOf, windows } from "./descriptor.ts";
import { fingerprintSide } from "./fingerprint.ts";
import { NeighbourTree } from "./neighbour-tree.ts";

/** Descriptors of copies lie closer than this; see docs/performance.md for what it finds. */
const radius = 0.3;
/** Spectra of copies look the same in one orientation at least this much. */
const leastLikeness = 0.88;
/** Correlation of the blurred fingerprints, moved to agree. */
const leastCoarse = 0.87;
/** Side of the finer pictures, in pixels. */
export const fineSide = 128;
const softSide = fineSide / 2;
/** Correlation of the blurred finer pictures that is worth going on from. */
const leastSoft = 0.85;
/** Correlation of what the finer pictures have beyond their blurred selves: strokes and texture, which pages of one layout do not share. */
const leastDetail = 0.3;
/** How well the blocks agree at the worst tenth and fifth of them. */
interface Agreement {
  readonly tenth: number;
  readonly fifth: number;
}
/** Printed forms with other entries, and diagrams of one template, stay below. */
const leastOfCopies: Agreement = { tenth: 0.67, fifth: 0.75 };
/** A trimmed copy was resampled to another grid, which thin strokes do not survive as well. */
const leastOfTrimmed: Agreement = { tenth: 0.64, fifth: 0.69 };
const leastOfAlike: Agreement = { tenth: 0.4, fifth: 0.45 };
/** A placement that differs less from that of the whole picture trims nothing, as shares of a side. */
const leastTrim = 0.012;
/** Pixels at the borders of the finer pictures whose detail is another one in a trimmed copy. */
const margin = 5;
/** Of the images that look like one, only the most alike are looked at closely: thousands of typed pages look alike from afar. */
const mostRough = 24;
const mostClose = 16;

/** Two images that may show the same, and how the second lies on the first. */
export interface Candidate {
  readonly first: number;
  readonly second: number;
  readonly orientation: number;
  readonly placement: Placement;
}

export class CandidateSearch {
  readonly #greys: readonly Uint8Array[];
  readonly #spectra: Float32Array[];
  readonly #tree: NeighbourTree;

  /** @param greys fingerprints, `fingerprintSide²` bytes each */
  constructor(greys: readonly Uint8Array[]) {
    this.#greys = greys;
    const points = new Float32Array(greys.length * descriptorLength);
    this.#spectra = greys.map((grey, index) => {
      const spectrum = spectrumOf(grey, 0);
      describe(spectrum, points, index * descriptorLength);
      return spectrum;
    });
    this.#tree = new NeighbourTree(points, descriptorLength);
  }

  /** Images that may show what image `first` shows, or a part of it, each once; the pair is found from either side. */
  candidatesOf(first: number): Candidate[] {
    const query = new Float32Array(descriptorLength);
    const best = new Map<number, { likeness: number; window: number; orientation: number }>();
    for (const window of windows.keys()) {
      const spectrum = window === 0 ? this.#spectra[first]! : spectrumOf(this.#greys[first]!, window);
      describe(spectrum, query, 0);
      this.#tree.within(query, radius, (second) => {
        if (second === first) return;
        for (const orientation of orientations) {
          const like = likeness(spectrum, this.#spectra[second]!, orientation);
          if (like < leastLikeness || like <= (best.get(second)?.likeness ?? 0)) continue;
          best.set(second, { likeness: like, window, orientation });
        }
      });
    }
    const rough = [...best].sort(([, a], [, b]) => b.likeness - a.likeness).slice(0, mostRough);
    const found: (Candidate & { readonly correlation: number })[] = [];
    for (const [second, { window, orientation }] of rough) {
      const coarse = this.#coarse(first, second, orientation, placementOf(windows[window]!));
      if (coarse.correlation >= leastCoarse) found.push({ first, second, orientation, ...coarse });
    }
    return found.sort((a, b) => b.correlation - a.correlation).slice(0, mostClose);
  }

  #coarse(first: number, second: number, orientation: number, start: Placement): Aligned {
    const a = blurred(Float32Array.from(this.#greys[first]!), fingerprintSide, 1);
    const turned = oriented(Float32Array.from(this.#greys[second]!), fingerprintSide, orientation);
    return align(a, blurred(turned, fingerprintSide, 1), fingerprintSide, start, 8, leastCoarse - 0.2);
  }
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
  const sharp = blurred(Float32Array.from(grey), fineSide, 1);
  const smooth = blurred(sharp, fineSide, 6);
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
export function compareFinely(a: FinePicture, b: FinePicture, { orientation, placement }: Candidate): Likeness {
  const soft = align(a.soft, oriented(b.soft, softSide, orientation), softSide, placement, 8, leastSoft - 0.1);
  if (soft.correlation < leastSoft) return "different";
  const detail = oriented(b.detail, fineSide, orientation);
  if (correlationAt(a.detail, detail, fineSide, soft.placement) < leastDetail) return "different";
  const exact = align(a.detail, detail, fineSide, soft.placement, 8, 0);
  const correlations = blockCorrelations(a.detail, detail, fineSide, exact.placement, margin);
  const at = (share: number): number => correlations[Math.floor(share * correlations.length)] ?? 0;
  const agree = ({ tenth, fifth }: Agreement): boolean => at(0.1) >= tenth && at(0.2) >= fifth;
  if (agree(isTrimmed(exact.placement) ? leastOfTrimmed : leastOfCopies)) return "same";
  return agree(leastOfAlike) ? "alike" : "different";
}

function isTrimmed({ scaleX, scaleY, shiftX, shiftY }: Placement): boolean {
  return Math.max(Math.abs(scaleX - 1), Math.abs(scaleY - 1), Math.abs(shiftX), Math.abs(shiftY)) >= leastTrim;
}
