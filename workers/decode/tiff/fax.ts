/**
 * Fax pictures: ITU-T T.4 in one and two dimensions, T.6, and TIFF's plain run lengths. Ours, since PDFium's decoder, which is at hand, does not tell
 * when a line is damaged, and gives something for it.
 */
import {
  blackRuns,
  codeBits,
  type CodeTable,
  horizontalMode,
  longestTerminating,
  modeTable,
  passMode,
  whiteRuns,
} from "./fax-codes.ts";

export interface FaxLayout {
  /** `plain`: rows on byte boundaries without marks between them (TIFF's compression 2). */
  readonly kind: "plain" | "t4" | "t6";
  /** T.4: whether rows may refer to the row above. */
  readonly isMixed: boolean;
  readonly width: number;
  readonly height: number;
}

export interface FaxPicture {
  /** A byte a pixel: 255 for the encoding's white, 0 for its black; rows that are missing are white. */
  readonly data: Uint8Array;
  /** Rows that cannot be read, or only up to a place. */
  readonly damagedRows: number;
}

export function decodeFax(bytes: Uint8Array, layout: FaxLayout): FaxPicture {
  const { kind, isMixed, width, height } = layout;
  const bits = new Bits(bytes);
  const data = new Uint8Array(width * height).fill(255);
  let above: readonly number[] = [];
  let damagedRows = 0;
  for (let y = 0; y < height; y++) {
    let isTwoDimensional = kind === "t6";
    if (kind === "plain") bits.align();
    if (kind === "t4") {
      // More than one: the end of the page.
      const marks = bits.skipEndsOfLine(isMixed);
      if (marks > 1) return { data, damagedRows: damagedRows + height - y };
      isTwoDimensional = isMixed && marks > 0 && bits.take(1) === 0;
    }
    const row = isTwoDimensional ? rowBelow(bits, above, width) : rowAlone(bits, width);
    paint(row.changes, data.subarray(y * width, (y + 1) * width));
    above = row.changes;
    if (row.isWhole) continue;
    damagedRows += 1;
    // Only the marks of T.4 tell where the next row begins.
    if (kind !== "t4" || !bits.seekEndOfLine()) return { data, damagedRows: damagedRows + height - y - 1 };
  }
  return { data, damagedRows };
}

interface Row {
  /** Where the colour changes, from white on; not falling, none beyond the row's end. */
  readonly changes: readonly number[];
  readonly isWhole: boolean;
}

function rowAlone(bits: Bits, width: number): Row {
  const changes: number[] = [];
  for (let at = 0; at < width;) {
    const run = bits.run(changes.length % 2 === 0 ? whiteRuns : blackRuns);
    if (run < 0 || at + run > width) return { changes, isWhole: false };
    at += run;
    changes.push(at);
  }
  return { changes, isWhole: true };
}

/** T.6, 2.2: a row by how it differs from the one above. */
function rowBelow(bits: Bits, above: readonly number[], width: number): Row {
  const changes: number[] = [];
  // Before the first pixel, so that a change above it counts.
  let at = -1;
  let next = 0;
  while (at < width) {
    const colour = changes.length % 2;
    // The first change above that lies beyond, to the other colour.
    next = Math.max(0, next - 2);
    if (next % 2 !== colour) next += 1;
    while (next < above.length && above[next]! <= at) next += 2;
    const change = above[next] ?? width;
    const mode = bits.look(modeTable);
    if (mode === null) return { changes, isWhole: false };
    if (mode === passMode) {
      at = above[next + 1] ?? width;
    } else if (mode === horizontalMode) {
      const first = bits.run(colour === 0 ? whiteRuns : blackRuns);
      const second = first < 0 ? -1 : bits.run(colour === 0 ? blackRuns : whiteRuns);
      const start = Math.max(0, at);
      if (second < 0 || start + first + second > width) return { changes, isWhole: false };
      at = start + first + second;
      changes.push(start + first, at);
    } else {
      const place = change + mode;
      if (place < Math.max(0, at) || place > width) return { changes, isWhole: false };
      at = place;
      changes.push(at);
    }
  }
  return { changes, isWhole: true };
}

function paint(changes: readonly number[], row: Uint8Array): void {
  for (let i = 0; i < changes.length; i += 2) row.fill(0, changes[i], changes[i + 1] ?? row.length);
}

const endOfLineZeros = 11;

/** Bits from the highest of each byte on; zeros past the end. */
class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get #isAtEnd(): boolean {
    return this.#at >= this.#bytes.length * 8;
  }

  align(): void {
    this.#at = Math.ceil(this.#at / 8) * 8;
  }

  take(count: number): number {
    const value = this.#peek(count);
    this.#at += count;
    return value;
  }

  /** The value of the next code word, which is taken; null where no code word stands there. */
  look(table: CodeTable): number | null {
    const found = table[this.#peek(codeBits)]!;
    if (found === 0 || this.#isAtEnd) return null;
    this.#at += found & 15;
    return found >> 4;
  }

  /** A run of as many code words as it takes; −1 where it is broken. */
  run(table: CodeTable): number {
    for (let length = 0; ;) {
      const part = this.look(table);
      if (part === null) return -1;
      length += part;
      if (part <= longestTerminating) return length;
    }
  }

  /**
   * Takes the marks that stand here (eleven zeros or more, then a one), up to the bit after the last that tells how the next row is coded.
   * @returns how many there were
   */
  skipEndsOfLine(isTagged: boolean): number {
    for (let marks = 0; ; marks++) {
      const before = this.#at;
      // Between two marks stands the first one's bit.
      if (marks > 0 && isTagged) this.#at += 1;
      if (this.#peek(endOfLineZeros) !== 0 || !this.#passZeros()) {
        this.#at = before;
        return marks;
      }
    }
  }

  /** Goes to the next mark; false where there is none. */
  seekEndOfLine(): boolean {
    while (!this.#isAtEnd) {
      if (this.#peek(endOfLineZeros) === 0) return true;
      this.#at += 1;
    }
    return false;
  }

  #passZeros(): boolean {
    while (!this.#isAtEnd) if (this.take(1) === 1) return true;
    return false;
  }

  #peek(count: number): number {
    const byte = this.#at >> 3;
    const bytes = this.#bytes;
    const bits = ((bytes[byte] ?? 0) << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
    return (bits >> (24 - (this.#at & 7) - count)) & ((1 << count) - 1);
  }
}
