/** Samples of a TIFF page as they were stored, to grey or RGB bytes: bit depths, predictor, colour spaces (TIFF 6.0, sections 3 to 23). */
import { Refusal } from "../refusal.ts";

/** How samples are stored. */
export interface SampleLayout {
  readonly isLittleEndian: boolean;
  /** 1, 2, 4, 8 or 16. */
  readonly bits: number;
  /** Samples of a pixel that stand together in a block: all of them, or one where each has planes of its own. */
  readonly samples: number;
  /** Whether each sample is stored as the difference to the one before it. */
  readonly isPredicted: boolean;
}

export function bytesPerRow(width: number, { bits, samples }: Pick<SampleLayout, "bits" | "samples">): number {
  return Math.ceil((width * samples * bits) / 8);
}

/**
 * One row's samples, each as 8 bits (of 16, the higher 8), but those below 8 bits as they are.
 * @param to `width × samples` values
 */
export function unpackRow(row: Uint8Array, width: number, layout: SampleLayout, to: Uint8Array): void {
  const { bits, samples, isLittleEndian, isPredicted } = layout;
  const count = width * samples;
  if (bits === 8) {
    to.set(row.subarray(0, count));
    if (isPredicted) for (let i = samples; i < count; i++) to[i] = to[i]! + to[i - samples]!;
  } else if (bits === 16) {
    const low = isLittleEndian ? 0 : 1;
    const before = new Uint16Array(samples);
    for (let i = 0; i < count; i++) {
      let value = row[i * 2 + low]! | (row[i * 2 + 1 - low]! << 8);
      if (isPredicted) value = before[i % samples]! += value;
      to[i] = (value & 0xffff) >> 8;
    }
  } else {
    const mask = (1 << bits) - 1;
    for (let i = 0, at = 0; i < count; i++, at += bits) to[i] = (row[at >> 3]! >> (8 - bits - (at & 7))) & mask;
  }
}

/** What the samples of a pixel mean. */
export interface Colours {
  /** Of a pixel as it comes out. */
  readonly channels: 1 | 3;
  /** Samples that it looks at. */
  readonly samples: number;
  /** Writes the colour of the pixel whose samples begin at `from[at]`. */
  readonly convert: (from: Uint8Array, at: number, to: Uint8Array, out: number) => void;
}

const photometric = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  mask: 4,
  separated: 5,
  cieLab: 8,
  iccLab: 9,
} as const;

/** @param colorMap red, green and blue of all entries, 16 bits each @throws Refusal where the colour space is not known */
export function coloursOf(kind: number, bits: number, colorMap: readonly number[]): Colours {
  switch (kind) {
    case photometric.whiteIsZero:
    case photometric.blackIsZero:
    case photometric.mask: {
      const most = bits < 8 ? (1 << bits) - 1 : 255;
      const flip = kind === photometric.whiteIsZero ? most : 0;
      const scale = 255 / most;
      return {
        channels: 1,
        samples: 1,
        convert: (from, at, to, out) => (to[out] = Math.abs(flip - from[at]!) * scale),
      };
    }
    case photometric.rgb:
      return { channels: 3, samples: 3, convert: copy };
    case photometric.palette:
      return { channels: 3, samples: 1, convert: paletteOf(colorMap, bits) };
    case photometric.separated:
      return { channels: 3, samples: 4, convert: fromInk };
    case photometric.cieLab:
      return { channels: 3, samples: 3, convert: labWith((value) => (value << 24) >> 24) };
    case photometric.iccLab:
      return { channels: 3, samples: 3, convert: labWith((value) => value - 128) };
    default:
      throw new Refusal("unsupported-format", `TIFF with the colour space ${kind}`);
  }
}

function copy(from: Uint8Array, at: number, to: Uint8Array, out: number): void {
  to[out] = from[at]!;
  to[out + 1] = from[at + 1]!;
  to[out + 2] = from[at + 2]!;
}

function paletteOf(colorMap: readonly number[], bits: number): Colours["convert"] {
  const entries = 1 << Math.min(8, bits);
  if (bits > 8 || colorMap.length < entries * 3) throw new Refusal("damaged", "The TIFF lacks its colour table.");
  // Some writers store 8 bits where 16 belong.
  const shift = colorMap.some((value) => value > 255) ? 8 : 0;
  return (from, at, to, out) => {
    for (let c = 0; c < 3; c++) to[out + c] = colorMap[c * entries + from[at]!]! >> shift;
  };
}

/** Cyan, magenta, yellow and black without a profile, 0 for no ink: (1 − ink)(1 − black), as browsers show a CMYK JPEG. */
function fromInk(from: Uint8Array, at: number, to: Uint8Array, out: number): void {
  const light = 255 - from[at + 3]!;
  for (let c = 0; c < 3; c++) to[out + c] = ((255 - from[at + c]!) * light) / 255;
}

/** D50, the white of Lab in files. */
const white = [0.9642, 1, 0.8249] as const;
/** From XYZ under D50 to linear sRGB (Bradford-adapted). */
const toLinear = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/** CIE L*a*b* in 8 bits: L* as 0 to 255 for 0 to 100. */
function labWith(signed: (value: number) => number): Colours["convert"] {
  return (from, at, to, out) => {
    const fy = ((from[at]! / 255) * 100 + 16) / 116;
    const xyz = [fy + signed(from[at + 1]!) / 500, fy, fy - signed(from[at + 2]!) / 200].map(
      (f, index) => (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29)) * white[index]!,
    );
    for (const [c, row] of toLinear.entries()) {
      const linear = Math.min(1, Math.max(0, row[0] * xyz[0]! + row[1] * xyz[1]! + row[2] * xyz[2]!));
      to[out + c] = Math.round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
    }
  };
}
