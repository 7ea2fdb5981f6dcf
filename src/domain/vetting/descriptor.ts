/**
 * Descriptors that find candidates: low frequencies of a fingerprint, blind to turns by 90° and to flips, and of the picture less its edges as well,
 * so that a slightly cropped copy lies close to one of them.
 */
import { fingerprintSide } from "./fingerprint.ts";

/** Frequencies along each axis. */
const frequencies = 8;
/** Numbers of a spectrum. */
export const spectrumLength = frequencies ** 2;
/** Added to a descriptor's length before it is divided by it, so that noise on an empty page is not blown up, in grey values. */
const noiseFloor = 20;

/** A part of a picture, as shares of its sides. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const edge = 0.05;

/** The whole picture first, then what a copy may show that lost up to 5 % of a side at any edge. */
export const windows: readonly Window[] = [
  { left: 0, top: 0, right: 1, bottom: 1 },
  { left: edge / 2, top: edge / 2, right: 1 - edge / 2, bottom: 1 - edge / 2 },
  { left: edge, top: edge, right: 1 - edge, bottom: 1 - edge },
  { left: edge, top: edge, right: 1, bottom: 1 },
  { left: 0, top: edge, right: 1 - edge, bottom: 1 },
  { left: edge, top: 0, right: 1, bottom: 1 - edge },
  { left: 0, top: 0, right: 1 - edge, bottom: 1 - edge },
  { left: 0, top: 0, right: 1 - edge / 2, bottom: 1 - edge / 2 },
  { left: edge / 2, top: 0, right: 1, bottom: 1 - edge / 2 },
  { left: 0, top: edge / 2, right: 1 - edge / 2, bottom: 1 },
  { left: edge / 2, top: edge / 2, right: 1, bottom: 1 },
];

/** The pairs (u, v) with u ≤ v whose coefficients a descriptor is made of. */
const pairs: readonly (readonly [number, number])[] = Array.from({ length: frequencies ** 2 }, (_, i) => {
  return [Math.floor(i / frequencies), i % frequencies] as const;
}).filter(([u, v]) => u <= v && v > 0 && u + v <= frequencies);

export const descriptorLength = pairs.reduce((sum, [u, v]) => sum + (u === v ? 1 : 2), 0);

/** Row u of a matrix holds the DCT's cosine u over the pixels of a fingerprint, seen through the window along one axis. */
function cosines(low: number, high: number): Float32Array {
  const side = fingerprintSide;
  const matrix = new Float32Array(frequencies * side);
  for (let x = 0; x < side; x++) {
    // Bilinear between the centres of the fingerprint's pixels.
    const position = (low + ((x + 0.5) / side) * (high - low)) * side - 0.5;
    const first = Math.max(0, Math.min(side - 2, Math.floor(position)));
    const share = Math.max(0, Math.min(1, position - first));
    for (let u = 0; u < frequencies; u++) {
      const cosine = Math.cos((Math.PI * (x + 0.5) * u) / side) * Math.sqrt((u === 0 ? 1 : 2) / side);
      matrix[u * side + first]! += (1 - share) * cosine;
      matrix[u * side + first + 1]! += share * cosine;
    }
  }
  return matrix;
}

const matrices = windows.map(({ left, top, right, bottom }) => ({ x: cosines(left, right), y: cosines(top, bottom) }));

/** The low frequencies of a fingerprint's picture through a window: `frequencies²` DCT-II coefficients, row-major, without the mean. */
export function spectrumOf(grey: Uint8Array, window: number): Float32Array {
  const side = fingerprintSide;
  const { x: columns, y: rows } = matrices[window]!;
  const half = new Float32Array(frequencies * side);
  for (let u = 0; u < frequencies; u++) {
    for (let y = 0; y < side; y++) {
      const weight = rows[u * side + y]!;
      if (weight === 0) continue;
      for (let x = 0; x < side; x++) half[u * side + x]! += weight * grey[y * side + x]!;
    }
  }
  const spectrum = new Float32Array(spectrumLength);
  for (let u = 0; u < frequencies; u++) {
    for (let v = 0; v < frequencies; v++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += half[u * side + x]! * columns[v * side + x]!;
      spectrum[u * frequencies + v] = sum;
    }
  }
  spectrum[0] = 0;
  return spectrum;
}

/** Writes the descriptor of a spectrum to `target[offset…]`: magnitudes, the larger of (u, v) and (v, u) first, over their length. */
export function describe(spectrum: Float32Array, target: Float32Array, offset: number): void {
  let at = offset;
  let squares = 0;
  for (const [u, v] of pairs) {
    const a = Math.abs(spectrum[u * frequencies + v]!);
    const b = Math.abs(spectrum[v * frequencies + u]!);
    target[at++] = Math.max(a, b);
    if (u !== v) target[at++] = Math.min(a, b);
    squares += u === v ? a * a : a * a + b * b;
  }
  const scale = 1 / (Math.sqrt(squares) + noiseFloor);
  for (let i = offset; i < at; i++) target[i]! *= scale;
}

/** The eight ways a picture can lie: bit 0 mirrors left and right, bit 1 top and bottom, bit 2 swaps rows and columns first. */
export const orientations = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Products of two spectra, summed up by what mirroring does to them: rows of odd u or not, columns of odd v or not; then the same with B's rows and columns swapped. */
const sums = new Float32Array(8);

/** The orientation of B in which it is most like A, and the cosine of the angle between the two. */
export function bestOrientation(a: Float32Array, b: Float32Array): { orientation: number; likeness: number } {
  sums.fill(0);
  let squaresA = 0;
  let squaresB = 0;
  for (let u = 0; u < frequencies; u++) {
    for (let v = 0; v < frequencies; v++) {
      const ofA = a[u * frequencies + v]!;
      const ofB = b[u * frequencies + v]!;
      const parity = 2 * (u & 1) + (v & 1);
      sums[parity]! += ofA * ofB;
      sums[4 + parity]! += ofA * b[v * frequencies + u]!;
      squaresA += ofA * ofA;
      squaresB += ofB * ofB;
    }
  }
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const orientation of orientations) {
    const from = orientation & 4;
    // Mirroring turns the odd cosines round.
    const across = orientation & 1 ? -1 : 1;
    const down = orientation & 2 ? -1 : 1;
    const dot = sums[from]! + across * sums[from + 1]! + down * (sums[from + 2]! + across * sums[from + 3]!);
    if (dot > most) [best, most] = [orientation, dot];
  }
  return { orientation: best, likeness: most / (Math.sqrt(squaresA * squaresB) + 1e-9) };
}

/** A square picture in an orientation. */
export function oriented(picture: Float32Array, side: number, orientation: number): Float32Array {
  const turned = new Float32Array(picture.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const fromX = orientation & 1 ? side - 1 - x : x;
      const fromY = orientation & 2 ? side - 1 - y : y;
      turned[y * side + x] = orientation & 4 ? picture[fromX * side + fromY]! : picture[fromY * side + fromX]!;
    }
  }
  return turned;
}
