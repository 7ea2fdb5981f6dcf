/** Strips and tiles of a TIFF page to grey or RGB bytes. */
import { Refusal } from "../refusal.ts";
import { decompressionOf } from "./decompress.ts";
import { tag } from "./directory.ts";
import { decodeFax } from "./fax.ts";
import { type DecodedBlock, decodeJpeg } from "./pdf-image.ts";
import { jpegCompression, kindRgb, kindYCbCr, type TiffPage } from "./page.ts";
import { bytesPerRow, type Colours, coloursOf, unpackRow } from "./samples.ts";

interface BlockSize {
  readonly width: number;
  readonly height: number;
}

export interface BlockDecoder {
  /** What the page is made of: grey, or red, green and blue. */
  readonly channels: 1 | 3;
  /** @param planes the block's bytes, of each sample where samples have planes of their own @throws Refusal */
  decode(planes: readonly Uint8Array<ArrayBuffer>[], size: BlockSize): Promise<DecodedBlock> | DecodedBlock;
}

/** @throws Refusal where its fields contradict each other */
export function blockDecoderOf(page: TiffPage): BlockDecoder {
  if (page.fax) return faxDecoder(page, page.fax);
  return page.compression === jpegCompression ? jpegDecoder(page) : sampleDecoder(page);
}

function faxDecoder({ kind, directory }: TiffPage, fax: NonNullable<TiffPage["fax"]>): BlockDecoder {
  const isMixed = (directory.value(tag.t4Options) & 1) !== 0;
  return {
    channels: 1,
    decode([bytes], size) {
      const { data, damagedRows } = decodeFax(bytes!, { kind: fax, isMixed, ...size });
      // Its white is 0 where the TIFF says so, as faxes do.
      if (kind !== 0) for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
      return { ...size, channels: 1, data, damagedRows };
    },
  };
}

function jpegDecoder({ kind, samples, directory, layout }: TiffPage): BlockDecoder {
  if (layout.samples !== samples) throw new Refusal("unsupported-format", "TIFF with a JPEG for each colour");
  const tables = Uint8Array.from(directory.values(tag.jpegTables));
  const isRgb = kind === kindRgb;
  return {
    channels: samples === 1 ? 1 : 3,
    decode: ([bytes], { width, height }) =>
      decodeJpeg(bytes!, { tables, samples, isRgb, mostWidth: width, mostHeight: height }),
  };
}

/** Blocks of samples as they are, whatever they were compressed with. */
function sampleDecoder({ layout, samples, compression, kind, directory, alpha }: TiffPage): BlockDecoder {
  if (kind === kindYCbCr) throw new Refusal("unsupported-format", "TIFF with YCbCr colours outside of JPEG");
  const colours = coloursOf(kind, layout.bits, directory.values(tag.colorMap));
  if (colours.samples > samples)
    throw new Refusal("damaged", `The TIFF declares ${samples} samples where ${colours.samples} belong.`);
  const decompress = decompressionOf(compression)!;
  return {
    channels: colours.channels,
    async decode(planes, size) {
      const length = bytesPerRow(size.width, layout) * size.height;
      const stored: Uint8Array[] = [];
      for (const plane of planes) stored.push(await decompress(plane, length));
      const data = convertBlock(stored, { ...size, layout, samples, colours, alpha });
      return { ...size, channels: colours.channels, data, damagedRows: 0 };
    },
  };
}

interface BlockShape extends BlockSize, Pick<TiffPage, "layout" | "samples" | "alpha"> {
  readonly colours: Colours;
}

function convertBlock(
  planes: readonly Uint8Array[],
  { width, height, layout, samples, colours, alpha }: BlockShape,
): Uint8Array {
  const { channels, convert } = colours;
  const rowLength = bytesPerRow(width, layout);
  const data = new Uint8Array(width * height * channels);
  const line = new Uint8Array(width * samples);
  const part = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    if (planes.length === 1) unpackRow(planes[0]!.subarray(y * rowLength, (y + 1) * rowLength), width, layout, line);
    else {
      for (const [plane, bytes] of planes.entries()) {
        unpackRow(bytes.subarray(y * rowLength, (y + 1) * rowLength), width, layout, part);
        for (let x = 0; x < width; x++) line[x * samples + plane] = part[x]!;
      }
    }
    for (let x = 0, at = 0, out = y * width * channels; x < width; x++, at += samples, out += channels) {
      convert(line, at, data, out);
      if (alpha) overWhite(data, out, channels, line[at + alpha.sample]!, alpha.isPremultiplied);
    }
  }
  return data;
}

function overWhite(data: Uint8Array, at: number, channels: number, alpha: number, isPremultiplied: boolean): void {
  for (let c = at; c < at + channels; c++) {
    const value = isPremultiplied ? data[c]! : (data[c]! * alpha) / 255;
    data[c] = Math.min(255, value + 255 - alpha);
  }
}
