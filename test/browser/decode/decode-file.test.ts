import { expect } from "chai";
import type { DecodedFile, DecodedPage } from "../../../src/contract/decode.ts";
import type { FindingReason } from "../../../src/domain/dataset/dataset.ts";
import type { PixelFormat } from "../../../src/domain/image/pixel-format.ts";
import { decodeFile } from "../../../workers/decode/decode-file.ts";
import { ascii, bmp, bytesOf, gif, joined, png, pngChunk, quarters, quartersAs, withOrientation } from "./pictures.ts";

const twoByTwo: PixelFormat = { width: 2, height: 2, resampling: "area", aspect: "stretch" };

function decode(bytes: Uint8Array<ArrayBuffer>, pixels = twoByTwo, thumbnailSize = 0): Promise<DecodedFile> {
  return decodeFile({ file: new Blob([bytes]), pixels, thumbnailSize });
}

async function pageOf(bytes: Uint8Array<ArrayBuffer>, pixels = twoByTwo): Promise<DecodedPage> {
  const decoded = await decode(bytes, pixels);
  if (!decoded.ok) throw new Error(`${decoded.reason}: ${decoded.detail}`);
  expect(decoded.pages).to.have.length(1);
  return decoded.pages[0]!;
}

/** The colours of the four quarters, row by row, as letters. */
async function coloursOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const { rgb } = await pageOf(bytes);
  const names: Record<string, string> = { "1,0,0": "R", "0,1,0": "G", "0,0,1": "B", "1,1,1": "W", "0,0,0": "K" };
  return [0, 1, 2, 3]
    .map((i) => names[[...rgb.subarray(i * 3, i * 3 + 3)].map((value) => Math.round(value / 255)).join()] ?? "?")
    .join("");
}

async function problemOf(bytes: Uint8Array<ArrayBuffer>): Promise<{ reason: FindingReason | null; detail: string }> {
  const decoded = await decode(bytes);
  return decoded.ok ? { reason: null, detail: "" } : decoded;
}

describe("decoding a file", () => {
  for (const type of ["image/png", "image/jpeg", "image/webp"]) {
    it(`reads ${type}, whatever its name or declared type`, async () => {
      const bytes = await quartersAs(type);
      const decoded = await decodeFile({
        file: new File([bytes], "x.svg", { type: "image/svg+xml" }),
        pixels: twoByTwo,
        thumbnailSize: 0,
      });
      expect(decoded).to.deep.include({ ok: true, mediaType: type });
      expect(await coloursOf(bytes)).to.equal("RGBW");
      expect(await pageOf(bytes)).to.deep.include({ page: 0, width: 64, height: 32, thumbnail: null });
    });
  }

  it("reads BMP and the first frame of an animated GIF", async () => {
    expect([...(await pageOf(bmp(5, 3, [10, 20, 30]))).rgb.subarray(0, 3)]).to.deep.equal([10, 20, 30]);
    expect(await coloursOf(gif(0, 1))).to.equal("RRRR");
    expect(await coloursOf(gif(1, 0))).to.equal("BBBB");
  });

  it("applies each EXIF orientation", async () => {
    const jpeg = await quartersAs("image/jpeg");
    // The stored picture is RG over BW; the orientation says where its top row and left column belong.
    const expected = ["RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"];
    for (const [index, colours] of expected.entries()) {
      const turned = withOrientation(jpeg, index + 1);
      expect(await coloursOf(turned), `orientation ${index + 1}`).to.equal(colours);
      const { width, height } = await pageOf(turned);
      expect([width, height]).to.deep.equal(index < 4 ? [64, 32] : [32, 64]);
    }
  });

  it("puts alpha over white, also after a dark picture", async () => {
    await pageOf(bmp(40, 40, [0, 0, 0]));
    const clear = await png({ width: 1, height: 1, bitDepth: 8, colourType: 6, rows: [[0, 0, 0, 0]] });
    expect(await coloursOf(clear)).to.equal("WWWW");
    const rgba = { bitDepth: 8, colourType: 6, width: 1, height: 1 };
    const half = await png({ ...rgba, rows: [[255, 0, 0, 128]] });
    const { rgb } = await pageOf(half);
    expect(rgb[0]).to.be.closeTo(255, 1);
    expect(rgb[1]).to.be.closeTo(127, 2);
    expect(rgb[2]).to.be.closeTo(127, 2);
  });

  it("reads grey, palettes with transparency, and 16 bits", async () => {
    const size = { width: 2, height: 2 };
    const grey = await png({
      ...size,
      bitDepth: 8,
      colourType: 0,
      rows: [
        [0, 255],
        [255, 0],
      ],
    });
    expect(await coloursOf(grey)).to.equal("KWWK");
    const chunks = [pngChunk("PLTE", [255, 0, 0, 0, 0, 255]), pngChunk("tRNS", [0])];
    const palette = await png({
      ...size,
      bitDepth: 8,
      colourType: 3,
      rows: [
        [0, 1],
        [1, 0],
      ],
      chunks,
    });
    expect(await coloursOf(palette)).to.equal("WBBW");
    const deep = { width: 1, height: 1, bitDepth: 16, colourType: 2 };
    const { rgb } = await pageOf(await png({ ...deep, rows: [[0x80, 0, 0x40, 0xff, 0xff, 0xff]] }));
    expect(rgb[0]).to.be.closeTo(0x80, 1);
    expect(rgb[1]).to.be.closeTo(0x40, 1);
    expect(rgb[2]).to.equal(255);
  });

  it("does not change colours by a gAMA chunk, as Keras does not", async () => {
    const grey = { width: 1, height: 1, bitDepth: 8, colourType: 0, rows: [[100]] };
    const linear = pngChunk("gAMA", [0, 1, 0x86, 0xa0]);
    expect((await pageOf(await png({ ...grey, chunks: [linear] }))).rgb[0]).to.equal(100);
  });

  it("resizes by the pixel format", async () => {
    const source = await quartersAs("image/png", 8, 8);
    const { rgb } = await pageOf(source, { width: 3, height: 1, resampling: "bilinear", aspect: "stretch" });
    // The middle of an even picture lies between all four quarters.
    expect([...rgb.subarray(3, 6)]).to.deep.equal([128, 128, 128]);
    const wide = await quartersAs("image/png", 16, 8);
    const framed = await pageOf(wide, { width: 8, height: 8, resampling: "area", aspect: "pad" });
    expect([...framed.rgb.subarray(0, 3)]).to.deep.equal([0, 0, 0]);
    expect([...framed.rgb.subarray(2 * 24, 2 * 24 + 3)]).to.deep.equal([255, 0, 0]);
  });

  it("reads a picture larger than what is read at once", async () => {
    const bytes = await quartersAs("image/png", 3000, 2400);
    expect(await coloursOf(bytes)).to.equal("RGBW");
    const { rgb } = await pageOf(bytes, { width: 30, height: 24, resampling: "bilinear", aspect: "stretch" });
    const row = (y: number) => [...rgb.subarray(y * 90, y * 90 + 3)].join();
    for (let y = 0; y < 24; y++) expect(row(y)).to.equal(y < 12 ? "255,0,0" : "0,0,255");
  });

  it("takes large pictures one after the other, and goes on after a broken one", async () => {
    const rows = Array.from({ length: 3000 }, (_, y) => new Array<number>(500).fill(y < 1500 ? 255 : 0));
    const large = await png({ width: 4000, height: 3000, bitDepth: 1, colourType: 0, rows });
    const broken = large.slice();
    broken.fill(0, indexOf(large, "IDAT") + 4, large.length - 20);
    const decoded = await Promise.all([large, broken, large].map((bytes) => decode(bytes)));
    expect(decoded.map((file) => file.ok || file.reason)).to.deep.equal([true, "damaged", true]);
    for (const file of decoded) {
      if (file.ok)
        expect([...file.pages[0]!.rgb]).to.deep.equal([...Array<number>(6).fill(255), ...Array<number>(6).fill(0)]);
    }
  });

  it("makes a thumbnail that keeps the shape, and enlarges nothing", async () => {
    const sizes: [number, number][] = [];
    for (const [width, height] of [
      [400, 200],
      [100, 300],
      [20, 10],
    ] as const) {
      const decoded = await decode(await quartersAs("image/png", width, height), twoByTwo, 100);
      const thumbnail = decoded.ok ? decoded.pages[0]!.thumbnail! : new Blob();
      const picture = await createImageBitmap(thumbnail);
      sizes.push([picture.width, picture.height]);
      expect(await coloursOf(await bytesOf(thumbnail))).to.equal("RGBW");
    }
    expect(sizes).to.deep.equal([
      [100, 50],
      [33, 100],
      [20, 10],
    ]);
  });
});

describe("refusing a file", () => {
  it("without bytes, and one that is no image", async () => {
    expect(await problemOf(new Uint8Array())).to.deep.include({ reason: "empty" });
    expect(await problemOf(ascii("Dear Sir,\r\nno image here.\n"))).to.deep.include({ reason: "not-an-image" });
    expect(await problemOf(ascii("BMW makes cars."))).to.deep.include({ reason: "not-an-image" });
    expect(await problemOf(Uint8Array.of(1, 2, 3, 0, 255))).to.deep.include({ reason: "not-an-image" });
  });

  const unsupported: readonly (readonly [string, Uint8Array<ArrayBuffer>])[] = [
    ["film", ascii("\0\0\0\x18ftypisom\0\0\0\0isomiso2")],
    ["ZIP", ascii("PK\x03\x04\x14\0")],
    ["Photoshop", ascii("8BPS\0\x01")],
    ["JPEG XL", ascii("\xff\x0a\x00")],
    ["DICOM", joined(new Uint8Array(128), ascii("DICM"))],
  ];
  for (const [name, bytes] of unsupported) {
    it(`of a format that it names: ${name}`, async () => {
      expect(await problemOf(bytes)).to.deep.include({ reason: "unsupported-format", detail: name });
    });
  }

  for (const type of ["image/png", "image/jpeg", "image/webp"]) {
    it(`that is cut off anywhere: ${type}`, async () => {
      const canvas = quarters(120, 90);
      const context = canvas.getContext("2d")!;
      for (let i = 0; i < 60; i++) context.fillRect((i * 37) % 120, (i * 53) % 90, 3, 2);
      const whole = await bytesOf(await canvas.convertToBlob({ type }));
      expect(await problemOf(whole)).to.deep.include({ reason: null });
      for (const share of [0.1, 0.3, 0.5, 0.7, 0.9, 0.99]) {
        const cut = whole.slice(0, Math.floor(whole.length * share));
        expect(await problemOf(cut), `${share} of it`).to.deep.include({ reason: "damaged" });
      }
      expect(await problemOf(whole.slice(0, -1)), "all but one byte").to.deep.include({ reason: "damaged" });
    });
  }

  it("that is cut off: BMP and GIF", async () => {
    expect(await problemOf(bmp(9, 9, [1, 2, 3]).slice(0, -9))).to.deep.include({ reason: "damaged" });
    const whole = gif(0);
    for (let length = 13; length < whole.length - 1; length++) {
      expect(await problemOf(whole.slice(0, length)), `${length} bytes`).to.deep.include({ reason: "damaged" });
    }
  });

  it("whose data does not hold what its header says", async () => {
    const whole = await quartersAs("image/png");
    const broken = whole.slice();
    // Within the compressed data, which the IDAT chunk's checksum and zlib's own cover.
    const at = ascii("IDAT").length + indexOf(whole, "IDAT") + 10;
    broken[at]! ^= 0xff;
    expect(await problemOf(broken)).to.deep.include({ reason: "damaged" });
    const jpeg = await quartersAs("image/jpeg");
    const headless = joined(jpeg.subarray(0, 2), jpeg.subarray(indexOf(jpeg, "\xff\xda")));
    expect(await problemOf(headless)).to.deep.include({ reason: "damaged" });
  });

  it("that declares too many pixels, before inflating any", async () => {
    const declared = { bitDepth: 1, colourType: 0, rows: [[0]] };
    const bombs = [
      await png({ ...declared, width: 65_536, height: 65_536 }),
      await png({ ...declared, width: 100_000, height: 10 }),
      withSize(gif(0), { at: 6, size: [0xff, 0xff, 0xff, 0xff] }),
      withSize(gif(0), { at: 28, size: [0xff, 0xff, 0xff, 0xff] }),
      withSize(bmp(1, 1, [0, 0, 0]), { at: 18, size: [0, 0, 1, 0, 0, 0, 1, 0] }),
    ];
    for (const [index, bomb] of bombs.entries()) {
      const started = performance.now();
      expect(await problemOf(bomb), `bomb ${index}`).to.deep.include({ reason: "too-large" });
      expect(performance.now() - started).to.be.below(2_000);
    }
  });

  it("that would take too much memory in its own way of being compressed", async () => {
    // 60 megapixels in a start-of-frame segment: sequential ones are decoded row by row, of progressive ones all coefficients are kept.
    const jpeg = (marker: number) =>
      joined([0xff, 0xd8, 0xff, marker, 0, 11, 8, ...[0x1d, 0x4c, 0x1f, 0x40], 1, 1, 0x11, 0], [0xff, 0xd9]);
    expect((await problemOf(jpeg(0xc0))).reason).to.equal("damaged");
    const progressive = await problemOf(jpeg(0xc2));
    expect(progressive.reason).to.equal("too-large");
    expect(progressive.detail).to.contain("8000 × 7500 pixels; up to 36 megapixels");
  });

  it("that cannot be read", async () => {
    class Vanished extends Blob {
      override arrayBuffer(): Promise<ArrayBuffer> {
        return Promise.reject(new DOMException("The file was moved.", "NotReadableError"));
      }
    }
    const decoded = await decodeFile({ file: new Vanished(["x"]), pixels: twoByTwo, thumbnailSize: 0 });
    expect(decoded).to.deep.equal({ ok: false, reason: "unreadable", detail: "The file was moved." });
  });
});

function indexOf(bytes: Uint8Array, text: string): number {
  const at = Array.from(bytes, (byte) => String.fromCharCode(byte))
    .join("")
    .indexOf(text);
  if (at < 0) throw new Error(`There is no ${text}.`);
  return at;
}

function withSize(
  bytes: Uint8Array<ArrayBuffer>,
  { at, size }: { at: number; size: number[] },
): Uint8Array<ArrayBuffer> {
  const changed = bytes.slice();
  changed.set(size, at);
  return changed;
}
