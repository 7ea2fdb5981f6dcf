/** One axis of a separable resize: which source pixels each target pixel is made of, and with which weights. */
import type { Resampling } from "./pixel-format.ts";

/**
 * Target pixel i is Σₖ weights[i · taps + k] · source[starts[i] + k] over k < taps. Every target pixel has the same number of taps, unused ones with
 * weight 0, and no tap lies outside the source.
 */
export interface AxisTable {
  readonly taps: number;
  readonly starts: Int32Array;
  readonly weights: Float64Array;
}

/**
 * The table from `from` to `to` pixels; formulas as in TensorFlow's `tf.image.resize`, half-pixel centres.
 * @param from source length, at least 1
 * @param to target length, at least 1
 */
export function axisTable(from: number, to: number, resampling: Resampling): AxisTable {
  const scale = from / to;
  const spans: Span[] = [];
  for (let i = 0; i < to; i++) {
    if (resampling === "area") spans.push(areaSpan(i, from, to));
    else if (resampling === "bilinear-antialias" && scale > 1) spans.push(triangleSpan((i + 0.5) * scale, scale, from));
    else spans.push(linearSpan((i + 0.5) * scale - 0.5, from));
  }
  const taps = Math.min(from, Math.max(...spans.map((span) => span.weights.length)));
  const starts = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  spans.forEach((span, i) => {
    const start = Math.min(span.start, from - taps);
    starts[i] = start;
    weights.set(span.weights, i * taps + span.start - start);
  });
  return { taps, starts, weights };
}

interface Span {
  readonly start: number;
  readonly weights: readonly number[];
}

/** The two neighbours of position x; at the edge, the edge pixel alone. */
function linearSpan(x: number, from: number): Span {
  const floor = Math.floor(x);
  const share = x - floor;
  if (floor < 0) return { start: 0, weights: [1] };
  if (floor >= from - 1) return { start: from - 1, weights: [1] };
  return { start: floor, weights: [1 - share, share] };
}

/** A triangle of half-width `radius` around the centre (in pixel edges: pixel j reaches from j to j + 1), cut off at the edges. */
function triangleSpan(centre: number, radius: number, from: number): Span {
  const start = Math.max(0, Math.floor(centre - radius));
  const end = Math.min(from, Math.ceil(centre + radius));
  const weights: number[] = [];
  for (let j = start; j < end; j++) weights.push(Math.max(0, 1 - Math.abs(j + 0.5 - centre) / radius));
  return { start, weights: normalised(weights) };
}

/** The pixels under [i · from / to, (i + 1) · from / to), by the share of each that lies inside. */
function areaSpan(i: number, from: number, to: number): Span {
  const low = (i * from) / to;
  const high = ((i + 1) * from) / to;
  const start = Math.min(from - 1, Math.floor(low));
  const end = Math.max(start + 1, Math.min(from, Math.ceil(high)));
  const weights: number[] = [];
  for (let j = start; j < end; j++) weights.push(Math.max(0, Math.min(j + 1, high) - Math.max(j, low)));
  return { start, weights: normalised(weights) };
}

function normalised(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
