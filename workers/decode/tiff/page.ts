/** One page of a TIFF: what its fields say, checked before anything of its picture is read. */
import { Refusal, refuseSize } from "../refusal.ts";
import { decompressionOf } from "./decompress.ts";
import { type Directory, tag } from "./directory.ts";
import type { SampleLayout } from "./samples.ts";

/** Of the assembled page and what of it is decompressed at once. */
const mostMemory = 240 * 1024 * 1024;
const mostBlocks = 1 << 18;

export const jpegCompression = 7;
/** By TIFF's number. */
const faxKinds = new Map([
  [2, "plain"],
  [3, "t4"],
  [4, "t6"],
] as const);
export const kindRgb = 2;
export const kindYCbCr = 6;
const separatePlanes = 2;
/** Not said, or whole numbers without a sign. */
const wholeSamples = [1, 4];
const knownBits = [1, 2, 4, 8, 16];
/** Compressions that a predictor may stand before. */
const predictable = [5, 8, 32946];

export interface TiffPage {
  readonly width: number;
  readonly height: number;
  /** EXIF's numbers. */
  readonly orientation: number;
  readonly compression: number;
  /** Which of the fax encodings it is; null for another. */
  readonly fax: "plain" | "t4" | "t6" | null;
  /** The colour space, TIFF's PhotometricInterpretation. */
  readonly kind: number;
  readonly layout: SampleLayout;
  /** Samples of a pixel, in however many planes. */
  readonly samples: number;
  /** The sample that is alpha, and whether the colours are multiplied by it; null where none is. */
  readonly alpha: { readonly sample: number; readonly isPremultiplied: boolean } | null;
  readonly isTiled: boolean;
  /** A strip or tile, in pixels. */
  readonly block: { readonly width: number; readonly height: number };
  /** How many of them lie beside and below each other. */
  readonly across: number;
  readonly down: number;
  readonly directory: Directory;
}

/** @throws Refusal where the page is too large, damaged or stored in a way that is not known; nothing is decompressed */
export function describePage(directory: Directory, isLittleEndian: boolean): TiffPage {
  const width = directory.value(tag.width);
  const height = directory.value(tag.height);
  refuseSize(width, height);
  if (width < 1 || height < 1) throw new Refusal("damaged", "A page of the TIFF has no size.");
  const isTiled = directory.value(tag.tileWidth) > 0;
  const block = isTiled
    ? { width: directory.value(tag.tileWidth), height: directory.value(tag.tileHeight) }
    : { width, height: Math.min(height, directory.value(tag.rowsPerStrip, height) || height) };
  refuseSize(block.width, block.height);
  const samples = directory.value(tag.samplesPerPixel, 1);
  const bits = directory.value(tag.bitsPerSample, 1);
  const isPlanar = directory.value(tag.planarConfiguration, 1) === separatePlanes && samples > 1;
  const compression = directory.value(tag.compression, 1);
  const kind = directory.value(tag.photometric);
  const fax = faxKinds.get(compression as 2 | 3 | 4) ?? null;
  const layout: SampleLayout = {
    isLittleEndian,
    bits,
    samples: isPlanar ? 1 : samples,
    isPredicted: directory.value(tag.predictor, 1) === 2 && predictable.includes(compression),
  };
  refuseUnknown(directory, layout, compression);
  const across = Math.ceil(width / block.width);
  const down = Math.ceil(height / block.height);
  if (!(across * down <= mostBlocks)) throw new Refusal("damaged", `The TIFF declares ${across * down} parts.`);
  const channels = kind === 0 || kind === 1 ? 1 : 3;
  const decompressed = fax || compression === jpegCompression ? 4 * samples : (bits * samples) / 8;
  const memory = width * height * channels + block.width * block.height * (decompressed + channels);
  if (memory > mostMemory)
    throw new Refusal("too-large", `The TIFF declares ${width} × ${height} pixels of ${samples} × ${bits} bits.`);
  const extra = directory.values(tag.extraSamples);
  const alphaAt = extra.findIndex((meaning) => meaning === 1 || meaning === 2);
  return {
    ...{ width, height, isTiled, compression, fax, kind, layout, samples, block, across, down, directory },
    orientation: directory.value(tag.orientation, 1),
    alpha: alphaAt < 0 ? null : { sample: samples - extra.length + alphaAt, isPremultiplied: extra[alphaAt] === 1 },
  };
}

function refuseUnknown(directory: Directory, { bits }: SampleLayout, compression: number): void {
  const refuse = (what: string): never => {
    throw new Refusal("unsupported-format", `TIFF with ${what}`);
  };
  if (compression !== jpegCompression && !faxKinds.has(compression as 2 | 3 | 4) && !decompressionOf(compression))
    refuse(`the compression ${compression}`);
  if (!knownBits.includes(bits) || directory.values(tag.bitsPerSample).some((other) => other !== bits))
    refuse(`samples of ${directory.values(tag.bitsPerSample).join(", ")} bits`);
  if (!wholeSamples.includes(directory.value(tag.sampleFormat, 1))) refuse("samples that are not whole numbers");
  if (directory.value(tag.predictor, 1) > 2) refuse("a predictor of floating-point numbers");
}
