import { expect } from "chai";
import type { DecodedFile } from "../../../src/contract/decode.ts";
import { decodeFile } from "../../../workers/decode/decode-file.ts";
import { withLimit } from "../../../workers/decode/sources/limited-wasm.ts";
import { ascii, joined } from "./pictures.ts";
import { pageFields, tiff, type TiffField } from "./tiff.ts";

const fixtures = import.meta.glob<string>("../../fixtures/pictures/*.{tif,heic}", {
  query: "?url",
  import: "default",
  eager: true,
});

async function fixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const url = fixtures[`../../fixtures/pictures/${name}`];
  if (url === undefined) throw new Error(`There is no ${name}.`);
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

function decode(bytes: Uint8Array<ArrayBuffer>, side = 2): Promise<DecodedFile> {
  const pixels = { width: side, height: side, resampling: "area", aspect: "stretch" } as const;
  return decodeFile({ file: new Blob([bytes]), pixels, thumbnailSize: 16 });
}

/** The colours of each page's four quarters as letters. */
async function quartersOf(bytes: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const decoded = await decode(bytes);
  if (!decoded.ok) throw new Error(`${decoded.reason}: ${decoded.detail}`);
  expect(decoded.damage).to.equal(null);
  const names: Record<string, string> = { "1,0,0": "R", "0,1,0": "G", "0,0,1": "B", "1,1,1": "W", "0,0,0": "K" };
  const letter = (rgb: Uint8Array) =>
    names[Array.from(rgb, (value) => Math.round(value / 255)).join()] ?? `(${rgb.join()})`;
  return decoded.pages.map(({ rgb }) => [0, 3, 6, 9].map((at) => letter(rgb.subarray(at, at + 3))).join(""));
}

async function problemOf(bytes: Uint8Array<ArrayBuffer>): Promise<{ reason: string | null; detail: string }> {
  const decoded = await decode(bytes);
  return decoded.ok ? { reason: null, detail: decoded.damage ?? "" } : decoded;
}

const red = [255, 0, 0];
const green = [0, 255, 0];
const blue = [0, 0, 255];
const white = [255, 255, 255];
const rgb8 = [8, 8, 8];

describe("TIFF", () => {
  const written: readonly (readonly [name: string, ...quarters: string[]])[] = [
    ["fax-plain.tif", "KWWK"],
    ["fax-g3.tif", "KWWK"],
    ["fax-g3-mixed.tif", "KWWK"],
    ["fax-g4.tif", "KWWK"],
    ["lzw.tif", "RGBW"],
    ["packbits.tif", "RGBW"],
    ["jpeg.tif", "RGBW"],
    ["cmyk-jpeg.tif", "RGBW"],
    ["pages.tif", "RGBW", "KWWK"],
  ];
  for (const [name, ...quarters] of written) {
    it(`as libtiff writes it: ${name}`, async () => {
      expect(await quartersOf(await fixture(name))).to.deep.equal(quarters);
    });
  }

  it("in tiles, planes, and turned by each orientation", async () => {
    const strips = [
      [...red, ...green],
      [...blue, ...white],
    ];
    const tile = (colour: readonly number[]) => Array.from({ length: 16 * 16 }, () => colour).flat();
    const tiled: readonly TiffField[] = [
      [322, 3, [16]],
      [323, 3, [16]],
    ];
    // The last tiles reach beyond the picture.
    const tiles = {
      fields: pageFields(31, 30, rgb8, 2, tiled),
      blocks: [red, green, blue, white].map(tile),
      isTiled: true,
    };
    expect(await quartersOf(tiff(tiles))).to.deep.equal(["RGBW"]);
    const planes = [0, 1, 2].map((c) => [red, green, blue, white].map((colour) => colour[c]!));
    expect(
      await quartersOf(tiff({ fields: pageFields(2, 2, rgb8, 2, [[284, 3, [2]]]), blocks: planes })),
    ).to.deep.equal(["RGBW"]);
    const expected = ["RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"];
    for (const [index, quarters] of expected.entries()) {
      const more: readonly TiffField[] = [
        [274, 3, [index + 1]],
        [278, 3, [1]],
      ];
      const turned = tiff({ fields: pageFields(2, 2, rgb8, 2, more), blocks: strips });
      expect(await quartersOf(turned), `orientation ${index + 1}`).to.deep.equal([quarters]);
    }
  });

  it("with few and many bits, palettes, ink, Lab and alpha", async () => {
    const one = (bits: readonly number[], photometric: number, block: readonly number[], more?: readonly TiffField[]) =>
      quartersOf(tiff({ fields: pageFields(2, 2, bits, photometric, more), blocks: [block] }));
    expect(await one([1], 1, [0b0100_0000, 0b1000_0000])).to.deep.equal(["KWWK"]);
    expect(await one([1], 0, [0b0100_0000, 0b1000_0000])).to.deep.equal(["WKKW"]);
    expect(await one([4], 1, [0x0f, 0xf0])).to.deep.equal(["KWWK"]);
    const deep = [red, green, blue, white].flat().flatMap((value) => [0x12, value]);
    expect(await one([16, 16, 16], 2, deep)).to.deep.equal(["RGBW"]);
    const map = [red, green, blue, white].map((colour) => colour.map((value) => value * 257));
    const colorMap = [0, 1, 2].flatMap((c) => Array.from({ length: 16 }, (_, index) => map[index]?.[c] ?? 0));
    expect(await one([4], 3, [0x01, 0x23], [[320, 3, colorMap]])).to.deep.equal(["RGBW"]);
    const inks = [0, 255, 255, 0, 255, 0, 255, 0, 255, 255, 0, 0, 0, 0, 0, 0];
    expect(await one([8, 8, 8, 8], 5, inks)).to.deep.equal(["RGBW"]);
    const lab = [136, 81, 70, 224, 177, 81, 75, 68, 144, 255, 0, 0];
    expect(await one(rgb8, 8, lab)).to.deep.equal(["RGBW"]);
    const clear = [...red, 255, ...green, 255, ...blue, 255, 0, 0, 0, 0];
    expect(await one([8, 8, 8, 8], 2, clear, [[338, 3, [2]]])).to.deep.equal(["RGBW"]);
  });

  it("keeps the readable part of a damaged fax, and says so", async () => {
    const fax = await fixture("fax-g4.tif");
    // Within its only strip.
    const broken = fax.slice();
    const at = new DataView(fax.buffer).getUint32(fieldAt(fax, 273) + 8, true);
    broken.fill(0, at + 6, at + 9);
    const decoded = await decode(broken);
    expect(decoded.ok && decoded.damage).to.match(/rows of page 1 are damaged/);
  });

  it("tells what it cannot read, and what is cut off", async () => {
    const grey = (more: readonly TiffField[], block: readonly number[] = [0, 0, 0, 0]) =>
      problemOf(tiff({ fields: pageFields(2, 2, [8], 1, more), blocks: [block] }));
    expect(await grey([[259, 3, [34712]]])).to.deep.include({ reason: "unsupported-format" });
    expect(await grey([[339, 3, [3]]])).to.deep.include({ reason: "unsupported-format" });
    expect(await grey([], [1, 2])).to.deep.include({ reason: "damaged" });
    expect(await problemOf(ascii("II*\0\x08\0\0\0"))).to.deep.include({ reason: "damaged" });
    expect(await problemOf((await fixture("lzw.tif")).slice(0, 200))).to.deep.include({ reason: "damaged" });
    // A directory that is its own successor.
    const loop = tiff({ fields: pageFields(1, 1, [8], 1), blocks: [[7]] });
    loop.set([8, 0, 0, 0], 8 + 2 + 8 * 12);
    expect((await decode(loop)).ok).to.equal(true);
  });

  it("that lies about its size is refused before anything is read, or gives no more than it declared", async () => {
    const huge = tiff({ fields: pageFields(60_000, 60_000, [1], 1), blocks: [[0]] });
    expect(await problemOf(huge)).to.deep.include({ reason: "too-large" });
    const deep = tiff({ fields: pageFields(8_000, 8_000, [16, 16, 16], 2), blocks: [[0]] });
    expect(await problemOf(deep)).to.deep.include({ reason: "too-large" });
    const zeros = new Response(
      new Blob([new Uint8Array(20_000_000)]).stream().pipeThrough(new CompressionStream("deflate")),
    );
    const inflating = tiff({
      fields: pageFields(2, 2, [8], 1, [[259, 3, [8]]]),
      blocks: [new Uint8Array(await zeros.arrayBuffer())],
    });
    expect(await quartersOf(inflating)).to.deep.equal(["KKKK"]);
  });
});

/** Where a directory's entry of this field is, in a file with the lower byte first. */
function fieldAt(bytes: Uint8Array<ArrayBuffer>, field: number): number {
  const view = new DataView(bytes.buffer);
  const directory = view.getUint32(4, true);
  const count = view.getUint16(directory, true);
  for (let at = directory + 2; at < directory + 2 + count * 12; at += 12)
    if (view.getUint16(at, true) === field) return at;
  throw new Error(`There is no field ${field}.`);
}

function pdf(...pages: readonly { readonly box: string; readonly drawing: string }[]): Uint8Array<ArrayBuffer> {
  const kids = pages.map((_, index) => `${3 + index * 2} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    ...pages.flatMap(({ box, drawing }, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [${box}] /Contents ${4 + index * 2} 0 R >>`,
      `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    ]),
  ];
  // Without its table of places: readers find the objects by themselves.
  const body = objects.map((object, index) => `${index + 1} 0 obj\n${object}\nendobj\n`).join("");
  return ascii(`%PDF-1.4\n${body}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\n%%EOF`);
}

const drawnQuarters = "1 0 0 rg 0 18 36 18 re f 0 1 0 rg 36 18 36 18 re f 0 0 1 rg 0 0 36 18 re f";

describe("PDF", () => {
  it("gives each page at 150 dpi, over white", async () => {
    const bytes = pdf({ box: "0 0 72 36", drawing: drawnQuarters }, { box: "0 0 36 36", drawing: "" });
    expect(await quartersOf(bytes)).to.deep.equal(["RGBW", "WWWW"]);
    const decoded = await decode(bytes);
    const sizes = decoded.ok ? decoded.pages.map(({ page, width, height }) => [page, width, height]) : [];
    expect(sizes).to.deep.equal([
      [0, 150, 75],
      [1, 75, 75],
    ]);
  });

  it("refuses one that is damaged or has a huge page, and reads the next one", async () => {
    expect(await problemOf(ascii("%PDF-1.4\nnothing"))).to.deep.include({ reason: "damaged" });
    expect(await problemOf(pdf({ box: "0 0 90000 90000", drawing: "" }))).to.deep.include({ reason: "too-large" });
    expect(await quartersOf(pdf({ box: "0 0 72 36", drawing: drawnQuarters }))).to.deep.equal(["RGBW"]);
  });
});

describe("HEIC", () => {
  it("gives its picture", async () => {
    expect(await quartersOf(await fixture("quarters.heic"))).to.deep.equal(["RGBW"]);
  });

  it("refuses one that is cut off, and one that declares too much, and reads the next one", async () => {
    const whole = await fixture("quarters.heic");
    expect(await problemOf(whole.slice(0, -40))).to.deep.include({ reason: "damaged" });
    const huge = whole.slice();
    const at = Array.from(whole, (byte) => String.fromCharCode(byte))
      .join("")
      .indexOf("ispe");
    huge.set([0, 1, 0, 0, 0, 1, 0, 0], at + 8);
    expect(await problemOf(huge)).to.deep.include({ reason: "too-large" });
    expect(await quartersOf(whole)).to.deep.equal(["RGBW"]);
  });
});

describe("SVG", () => {
  const rectangles =
    '<rect width="32" height="16" fill="#f00"/><rect x="32" width="32" height="16" fill="#0f0"/><rect y="16" width="32" height="16" fill="#00f"/>';
  const svg = (content: string, size = 'width="64" height="32"') =>
    new TextEncoder().encode(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" ${size}>${content}</svg>`);

  it("is drawn over white, and fetches nothing", async () => {
    expect(await quartersOf(svg(rectangles))).to.deep.equal(["RGBW"]);
    const before = performance.getEntriesByType("resource").length;
    expect(
      await quartersOf(svg(`${rectangles}<image href="https://example.org/x.png" width="64" height="32"/>`)),
    ).to.deep.equal(["RGBW"]);
    expect(performance.getEntriesByType("resource").length).to.equal(before);
  });

  it("draws text, whatever font it asks for", async () => {
    const decoded = await decode(svg('<text x="2" y="28" font-size="34" font-family="Unheard Of">Été</text>'));
    if (!decoded.ok) throw new Error(decoded.detail);
    expect(decoded.damage).to.equal(null);
    // Some of it is dark.
    expect(Math.min(...decoded.pages[0]!.rgb)).to.be.below(245);
  });

  it("says which letters of its text cannot be drawn, and draws the rest", async () => {
    const text =
      "<title>漢</title><text><tspan>Été</tspan> &#x5B57;&amp;<![CDATA[漢<]]> 漢\u00ad</text><!-- <text>語</text> -->";
    const decoded = await decode(svg(rectangles + text));
    if (!decoded.ok) throw new Error(decoded.detail);
    expect(decoded.damage).to.match(/not drawn: 字, 漢$/);
    expect(decoded.pages).to.have.length(1);
  });

  it("refuses one that is damaged or declares too much", async () => {
    expect(await problemOf(ascii("<svg "))).to.deep.include({ reason: "damaged" });
    expect(await problemOf(svg(rectangles, 'width="40000" height="40000"'))).to.deep.include({ reason: "too-large" });
  });
});

describe("a decoder's memory", () => {
  it("gets a limit where its module has none", () => {
    // One section: a memory of one page without a maximum.
    const module = joined(ascii("\0asm"), [1, 0, 0, 0], [5, 3, 1, 0, 1]);
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(joined(withLimit(module, 2 * 65_536), [7, 5, 1, 1, 109, 2, 0])),
    );
    const memory = exports["m"] as WebAssembly.Memory;
    memory.grow(1);
    expect(() => memory.grow(1)).to.throw(RangeError);
  });
});
