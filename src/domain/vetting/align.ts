/** Lays one picture over another that may be a cropped copy of it, and tells how well they then agree. */
import type { Window } from "./descriptor.ts";

/** Where picture B lies on picture A: the place (x, y) of A, from −½ to ½, shows what B has at (scaleX·x + shiftX, scaleY·y + shiftY). */
export interface Placement {
  readonly scaleX: number;
  readonly shiftX: number;
  readonly scaleY: number;
  readonly shiftY: number;
}

export interface Aligned {
  readonly placement: Placement;
  /** Pearson's r over the pixels that both show. */
  readonly correlation: number;
}

/** Nothing that is a copy lost more than this of its sides. */
const mostScale = 1.18;
const mostShift = 0.1;

/** A step that gains less correlation is the last. */
const standstill = 1e-4;

/** The placement at which B shows what A shows through a window. */
export function placementOf({ left, top, right, bottom }: Window): Placement {
  const scaleX = 1 / (right - left);
  const scaleY = 1 / (bottom - top);
  return {
    scaleX,
    shiftX: -scaleX * ((left + right) / 2 - 0.5),
    scaleY,
    shiftY: -scaleY * ((top + bottom) / 2 - 0.5),
  };
}

/** How far B begins inside of each of A's four edges, as shares of A's sides; below 0 where it reaches beyond. */
export function insets({ scaleX, shiftX, scaleY, shiftY }: Placement): number[] {
  const along = (scale: number, shift: number) => [0.5 - (0.5 + shift) / scale, 0.5 - (0.5 - shift) / scale];
  return [...along(scaleX, shiftX), ...along(scaleY, shiftY)];
}

/** B as it lies on A, and which pixels of A it covers. */
interface Laid {
  readonly values: Float32Array;
  readonly covers: Uint8Array;
}

/** @param margin pixels along the borders of both pictures that are taken for uncovered */
function lay(b: Float32Array, side: number, { scaleX, shiftX, scaleY, shiftY }: Placement, margin = 0): Laid {
  const values = new Float32Array(side * side);
  const covers = new Uint8Array(side * side);
  const [low, high] = [margin - 0.5, side - margin - 0.5];
  for (let y = margin; y < side - margin; y++) {
    const fromY = (scaleY * ((y + 0.5) / side - 0.5) + shiftY + 0.5) * side - 0.5;
    if (fromY < low || fromY > high) continue;
    const top = Math.max(0, Math.min(side - 2, Math.floor(fromY)));
    const down = Math.max(0, Math.min(1, fromY - top));
    for (let x = margin; x < side - margin; x++) {
      const fromX = (scaleX * ((x + 0.5) / side - 0.5) + shiftX + 0.5) * side - 0.5;
      if (fromX < low || fromX > high) continue;
      const left = Math.max(0, Math.min(side - 2, Math.floor(fromX)));
      const right = Math.max(0, Math.min(1, fromX - left));
      const at = top * side + left;
      const upper = b[at]! + right * (b[at + 1]! - b[at]!);
      const lower = b[at + side]! + right * (b[at + side + 1]! - b[at + side]!);
      values[y * side + x] = upper + down * (lower - upper);
      covers[y * side + x] = 1;
    }
  }
  return { values, covers };
}

interface Agreement {
  /** Pearson's r over the pixels that both show. */
  readonly correlation: number;
  readonly gain: number;
  readonly meanA: number;
  readonly meanB: number;
}

function agreementOf(a: Float32Array, { values, covers }: Laid): Agreement {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < a.length; i++) {
    if (covers[i] === 0) continue;
    n += 1;
    sumA += a[i]!;
    sumB += values[i]!;
  }
  const meanA = sumA / Math.max(1, n);
  const meanB = sumB / Math.max(1, n);
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let i = 0; i < a.length; i++) {
    if (covers[i] === 0) continue;
    const ofA = a[i]! - meanA;
    const ofB = values[i]! - meanB;
    squaresA += ofA * ofA;
    squaresB += ofB * ofB;
    products += ofA * ofB;
  }
  // A grey value's worth of noise: empty pages agree on nothing.
  const floor = n * 0.5;
  const correlation = products / Math.sqrt((squaresA + floor) * (squaresB + floor));
  return { correlation, gain: products / (squaresB + 1e-6), meanA, meanB };
}

/** Pearson's correlation of A with B in a placement. */
export function correlationAt(a: Float32Array, b: Float32Array, side: number, placement: Placement): number {
  return agreementOf(a, lay(b, side, placement)).correlation;
}

/** Cells along a side; a block is two by two of them, so that blocks overlap by half. */
const cellsAlong = 32;
/** Share of a block's pixels that have to be covered. */
const leastCovered = 0.75;
/** Share of the blocks' mean energy below which one holds little to compare. */
const emptiest = 0.5;

/**
 * How well B agrees with A, block by block (a sixteenth of a side wide): the correlations of all blocks with something in them, the worst first. Two
 * forms that are filled in differently, or charts with another label, agree as a whole and disagree in a few blocks.
 * @param side a multiple of 32
 * @param margin pixels along the borders of both pictures that are not looked at: blurring drew on what lies beyond them
 */
export function blockCorrelations(
  a: Float32Array,
  b: Float32Array,
  side: number,
  placement: Placement,
  margin: number,
): number[] {
  const laid = lay(b, side, placement, margin);
  const cells = cellSums(a, laid, side);
  const pixels = (2 * (side / cellsAlong)) ** 2;
  const blocks: { readonly energy: number; readonly correlation: number }[] = [];
  const sum = new Float64Array(sumsLength);
  for (let y = 0; y + 1 < cellsAlong; y++) {
    for (let x = 0; x + 1 < cellsAlong; x++) {
      const cell = (y * cellsAlong + x) * sumsLength;
      const below = cell + cellsAlong * sumsLength;
      for (let k = 0; k < sumsLength; k++) {
        sum[k] = cells[cell + k]! + cells[cell + sumsLength + k]! + cells[below + k]! + cells[below + sumsLength + k]!;
      }
      const n = sum[0]!;
      if (n < leastCovered * pixels) continue;
      const squares = Math.max(sum[3]! - sum[1]! ** 2 / n, sum[4]! - sum[2]! ** 2 / n);
      blocks.push({ energy: squares / n, correlation: (sum[5]! - (sum[1]! * sum[2]!) / n) / (squares + 1e-6) });
    }
  }
  const mean = blocks.reduce((total, { energy }) => total + energy, 0) / Math.max(1, blocks.length);
  return blocks
    .filter(({ energy }) => energy >= emptiest * mean)
    .map(({ correlation }) => correlation)
    .sort((x, y) => x - y);
}

/** How many pixels both show, then Σa, Σb, Σa², Σb² and Σab of them. */
const sumsLength = 6;

/** These sums of each cell, one cell after the other. */
function cellSums(a: Float32Array, { values, covers }: Laid, side: number): Float64Array {
  const size = side / cellsAlong;
  const sums = new Float64Array(cellsAlong * cellsAlong * sumsLength);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const i = y * side + x;
      if (covers[i] === 0) continue;
      const at = (Math.floor(y / size) * cellsAlong + Math.floor(x / size)) * sumsLength;
      const ofA = a[i]!;
      const ofB = values[i]!;
      sums[at]! += 1;
      sums[at + 1]! += ofA;
      sums[at + 2]! += ofB;
      sums[at + 3]! += ofA * ofA;
      sums[at + 4]! += ofB * ofB;
      sums[at + 5]! += ofA * ofB;
    }
  }
  return sums;
}

/**
 * Moves B until it agrees best with A: Gauss–Newton on the squared differences (Lucas and Kanade 1981), with gain and offset of the grey values left
 * free.
 * @param a `side²` grey values, row-major, as `b`
 * @param steps at the most
 * @param hopeless gives up where they agree less than this after two steps
 */
export function align(
  a: Float32Array,
  b: Float32Array,
  side: number,
  start: Placement,
  steps: number,
  hopeless: number,
): Aligned {
  let placement = start;
  let best = { placement: start, correlation: -1 };
  for (let step = 0; ; step++) {
    const laid = lay(b, side, placement);
    const agreement = agreementOf(a, laid);
    const gained = agreement.correlation - best.correlation;
    if (gained > 0) best = { placement, correlation: agreement.correlation };
    const isStuck = step > 0 && gained < standstill;
    if (step === steps || isStuck || (step >= 2 && best.correlation < hopeless) || agreement.gain < 0.05) return best;
    const change = solve(normalEquations(a, laid, side, agreement));
    if (!change) return best;
    placement = {
      scaleX: clamp(placement.scaleX + change[0]!, 1 / mostScale, mostScale),
      shiftX: clamp(placement.shiftX + change[1]!, -mostShift, mostShift),
      scaleY: clamp(placement.scaleY + change[2]!, 1 / mostScale, mostScale),
      shiftY: clamp(placement.shiftY + change[3]!, -mostShift, mostShift),
    };
  }
}

/** Unknowns: the four numbers of a placement. */
const unknowns = 4;

/** JᵀJ with Jᵀr as its last column, row by row. */
function normalEquations(a: Float32Array, { values, covers }: Laid, side: number, fit: Agreement): Float64Array[] {
  const rows = Array.from({ length: unknowns }, () => new Float64Array(unknowns + 1));
  const jacobian = new Float64Array(unknowns);
  const { gain, meanA, meanB } = fit;
  for (let y = 1; y < side - 1; y++) {
    const placeY = (y + 0.5) / side - 0.5;
    for (let x = 1; x < side - 1; x++) {
      const i = y * side + x;
      if (!(covers[i - 1]! & covers[i + 1]! & covers[i - side]! & covers[i + side]! & covers[i]!)) continue;
      const slopeX = ((values[i + 1]! - values[i - 1]!) / 2) * side * gain;
      const slopeY = ((values[i + side]! - values[i - side]!) / 2) * side * gain;
      jacobian[0] = slopeX * ((x + 0.5) / side - 0.5);
      jacobian[1] = slopeX;
      jacobian[2] = slopeY * placeY;
      jacobian[3] = slopeY;
      const residual = a[i]! - meanA - gain * (values[i]! - meanB);
      for (let r = 0; r < unknowns; r++) {
        const row = rows[r]!;
        for (let c = r; c < unknowns; c++) row[c]! += jacobian[r]! * jacobian[c]!;
        row[unknowns]! += jacobian[r]! * residual;
      }
    }
  }
  for (let r = 0; r < unknowns; r++) {
    for (let c = 0; c < r; c++) rows[r]![c] = rows[c]![r]!;
    // A little of the diagonal keeps a picture of stripes from sliding along them.
    rows[r]![r]! *= 1.001;
    rows[r]![r]! += 1e-6;
  }
  return rows;
}

/** Gaussian elimination with pivots; null where the equations say nothing. */
function solve(rows: Float64Array[]): Float64Array | null {
  for (let c = 0; c < unknowns; c++) {
    let pivot = c;
    for (let r = c + 1; r < unknowns; r++) if (Math.abs(rows[r]![c]!) > Math.abs(rows[pivot]![c]!)) pivot = r;
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    const lead = rows[c]![c]!;
    if (Math.abs(lead) < 1e-9) return null;
    for (let r = 0; r < unknowns; r++) {
      if (r === c) continue;
      const factor = rows[r]![c]! / lead;
      for (let k = c; k <= unknowns; k++) rows[r]![k]! -= factor * rows[c]![k]!;
    }
  }
  return Float64Array.from({ length: unknowns }, (_, r) => rows[r]![unknowns]! / rows[r]![r]!);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** A square picture through the filter ¼ ½ ¼ along both axes, `times` times. */
export function blurred(picture: Float32Array, side: number, times: number): Float32Array {
  const across = new Float32Array(picture.length);
  const target = Float32Array.from(picture);
  const last = side - 1;
  for (let pass = 0; pass < times; pass++) {
    for (let row = 0; row < target.length; row += side) {
      across[row] = (3 * target[row]! + target[row + 1]!) / 4;
      for (let i = row + 1; i < row + last; i++) across[i] = (target[i - 1]! + 2 * target[i]! + target[i + 1]!) / 4;
      across[row + last] = (target[row + last - 1]! + 3 * target[row + last]!) / 4;
    }
    for (let row = 0; row < target.length; row += side) {
      const above = row === 0 ? 0 : -side;
      const below = row + side === target.length ? 0 : side;
      for (let i = row; i < row + side; i++) target[i] = (across[i + above]! + 2 * across[i]! + across[i + below]!) / 4;
    }
  }
  return target;
}
