/** How a dataset's images spread over sizes, shapes, formats and colours: counted from what is stored of each, without any pixels. */
import type { CatalogueImage } from "./catalogue.ts";

/** Images of both sides in a bin. */
export interface Bin {
  readonly positives: number;
  readonly negatives: number;
}

export interface RangeBin extends Bin {
  /** Inclusive. */
  readonly from: number;
  /** Exclusive; infinite for the last one. */
  readonly to: number;
}

export interface NamedBin extends Bin {
  readonly name: string;
}

type Counted = Pick<CatalogueImage, "image" | "isPositive" | "colourfulness">;

/** Pixels of the longer side. */
export const sizeEdges = [0, 256, 512, 1024, 2048, 4096, 8192] as const;
/** Width by height: from tall to wide; 5:7 and 7:5 (A4 and most photographs) bound what is nearly square. */
export const aspectEdges = [0, 0.5, 0.72, 0.9, 1.1, 1.4, 2] as const;
/** Hasler and Süsstrunk's steps: not, slightly, moderately, averagely, quite, highly and extremely colourful. */
export const colourEdges = [0, 15, 33, 45, 59, 82, 109] as const;

export function binned(
  images: readonly Counted[],
  edges: readonly number[],
  valueOf: (image: Counted) => number | null,
): RangeBin[] {
  const positives = new Uint32Array(edges.length);
  const negatives = new Uint32Array(edges.length);
  for (const image of images) {
    const value = valueOf(image);
    if (value === null) continue;
    const bin = edges.findLastIndex((edge) => value >= edge);
    if (bin >= 0) (image.isPositive ? positives : negatives)[bin]! += 1;
  }
  return edges.map((from, index) => ({
    ...{ from, to: edges[index + 1] ?? Number.POSITIVE_INFINITY },
    ...{ positives: positives[index]!, negatives: negatives[index]! },
  }));
}

export function longerSide({ image }: Counted): number {
  return Math.max(image.width, image.height);
}

export function aspectRatio({ image }: Counted): number {
  return image.width / image.height;
}

/** Most frequent first. */
export function tallied(images: readonly Counted[], nameOf: (image: Counted) => string): NamedBin[] {
  const bins = new Map<string, { positives: number; negatives: number }>();
  for (const image of images) {
    const name = nameOf(image);
    const bin = bins.get(name) ?? { positives: 0, negatives: 0 };
    bins.set(name, bin);
    bin[image.isPositive ? "positives" : "negatives"] += 1;
  }
  const sum = ({ positives, negatives }: Bin) => positives + negatives;
  return [...bins].map(([name, bin]) => ({ name, ...bin })).sort((a, b) => sum(b) - sum(a));
}
