/** What JPEG does to a picture: cosine transform, quantisation and halved colour, without writing a file. Baseline JPEG, ITU-T T.81. */
import { aanScale, forwardDct, inverseDct } from "./dct.ts";

/** Annex K of T.81. */
const lumaTable = [
  ...[16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55],
  ...[14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62],
  ...[18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92],
  ...[49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99],
];
const chromaTable = [
  ...[17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99],
  ...[24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99],
  ...Array.from({ length: 32 }, () => 99),
];

interface Quantiser {
  /** From a transformed coefficient to its level. */
  readonly there: Float32Array;
  /** And back to what `inverseDct` takes. */
  readonly back: Float32Array;
}

/** The tables of libjpeg's quality 1 to 100. */
function quantiser(table: readonly number[], quality: number): Quantiser {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const there = new Float32Array(64);
  const back = new Float32Array(64);
  for (let i = 0; i < 64; i++) {
    const step = Math.min(Math.max(Math.floor((table[i]! * percent + 50) / 100), 1), 255);
    const scale = aanScale(i >> 3) * aanScale(i & 7);
    there[i] = 1 / (step * scale * 8);
    back[i] = (step * scale) / 8;
  }
  return { there, back };
}

/** Keeps its workspace between calls. */
export class JpegArtefacts {
  readonly #block = new Float32Array(64);
  #luma = new Float32Array(0);
  #blue = new Float32Array(0);
  #red = new Float32Array(0);
  #blueRow = new Float32Array(0);
  #redRow = new Float32Array(0);
  #side = 0;

  /**
   * Sends the `size × size` RGB picture at `offset` of `data` through JPEG of this quality (1 to 100, whole) with colour at half the resolution,
   * in place.
   */
  apply(data: Float32Array, offset: number, size: number, quality: number): void {
    const side = Math.ceil(size / 16) * 16;
    if (this.#side !== side) {
      this.#side = side;
      this.#luma = new Float32Array(side * side);
      this.#blue = new Float32Array((side * side) / 4);
      this.#red = new Float32Array((side * side) / 4);
      this.#blueRow = new Float32Array(side / 2);
      this.#redRow = new Float32Array(side / 2);
    }
    this.#split(data, offset, size);
    const chroma = quantiser(chromaTable, quality);
    this.#quantise(this.#luma, side, quantiser(lumaTable, quality));
    this.#quantise(this.#blue, side / 2, chroma);
    this.#quantise(this.#red, side / 2, chroma);
    this.#join(data, offset, size);
  }

  /** To luma, blue and red difference around 0, beyond the edge with the last pixel repeated. */
  #split(data: Float32Array, offset: number, size: number): void {
    const side = this.#side;
    const halfSide = side / 2;
    const luma = this.#luma;
    const blue = this.#blue;
    const red = this.#red;
    blue.fill(0);
    red.fill(0);
    for (let y = 0; y < side; y++) {
      const row = offset + Math.min(y, size - 1) * size * 3;
      const chromaRow = (y >> 1) * halfSide;
      for (let x = 0; x < side; x++) {
        const i = row + Math.min(x, size - 1) * 3;
        const r = data[i]!;
        const g = data[i + 1]!;
        const b = data[i + 2]!;
        const brightness = 0.299 * r + 0.587 * g + 0.114 * b;
        luma[y * side + x] = brightness - 128;
        // A quarter: the mean of four pixels.
        blue[chromaRow + (x >> 1)]! += (b - brightness) * (0.25 / 1.772);
        red[chromaRow + (x >> 1)]! += (r - brightness) * (0.25 / 1.402);
      }
    }
  }

  #quantise(plane: Float32Array, side: number, { there, back }: Quantiser): void {
    const block = this.#block;
    for (let top = 0; top < side; top += 8) {
      for (let left = 0; left < side; left += 8) {
        const at = top * side + left;
        for (let i = 0; i < 64; i++) block[i] = plane[at + (i >> 3) * side + (i & 7)]!;
        forwardDct(block);
        for (let i = 0; i < 64; i++) block[i] = Math.round(block[i]! * there[i]!) * back[i]!;
        inverseDct(block);
        for (let i = 0; i < 64; i++) plane[at + (i >> 3) * side + (i & 7)] = block[i]!;
      }
    }
  }

  /** Colour comes back to full resolution by a triangle filter, as libjpeg's "fancy upsampling" has it. */
  #join(data: Float32Array, offset: number, size: number): void {
    const side = this.#side;
    const last = side / 2 - 1;
    const blueRow = this.#blueRow;
    const redRow = this.#redRow;
    for (let y = 0; y < size; y++) {
      const near = (y >> 1) * (last + 1);
      const far = neighbour(y, last) * (last + 1);
      for (let k = 0; k <= last; k++) {
        blueRow[k] = 0.75 * this.#blue[near + k]! + 0.25 * this.#blue[far + k]!;
        redRow[k] = 0.75 * this.#red[near + k]! + 0.25 * this.#red[far + k]!;
      }
      for (let x = 0; x < size; x++) {
        const brightness = this.#luma[y * side + x]! + 128;
        const k = x >> 1;
        const other = neighbour(x, last);
        const blue = 0.75 * blueRow[k]! + 0.25 * blueRow[other]!;
        const red = 0.75 * redRow[k]! + 0.25 * redRow[other]!;
        const i = offset + (y * size + x) * 3;
        data[i] = level(brightness + 1.402 * red);
        data[i + 1] = level(brightness - 0.344136 * blue - 0.714136 * red);
        data[i + 2] = level(brightness + 1.772 * blue);
      }
    }
  }
}

/** The second nearest of the half-resolution pixels, 0 to `last`, to pixel `i` of the full resolution. */
function neighbour(i: number, last: number): number {
  const k = (i >> 1) + (i & 1 ? 1 : -1);
  return k < 0 ? 0 : k > last ? last : k;
}

/** As a decoder writes it: a whole number from 0 to 255. */
function level(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : Math.round(value);
}
