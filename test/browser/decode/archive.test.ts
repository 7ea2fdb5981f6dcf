import { expect } from "chai";
import type { ArchiveListing } from "../../../src/contract/decode.ts";
import type { Outcome } from "../../../src/contract/outcome.ts";
import { listArchive } from "../../../workers/decode/archive/list.ts";
import { decodeFile } from "../../../workers/decode/decode-file.ts";
import { ascii, joined, quartersAs } from "./pictures.ts";

interface Entry {
  readonly name: string;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly isDeflated?: boolean;
  /** What the archive says, where it lies. */
  readonly declaredSize?: number;
  readonly flags?: number;
  /** Where it says that the entry is. */
  readonly offset?: number;
}

const number = (value: number, bytes: number) =>
  Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** index) % 256);

async function deflated(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Checksums are left at 0: nothing here looks at them. */
async function zip(...entries: readonly Entry[]): Promise<File> {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, data, isDeflated = false, declaredSize = data.length, flags = 0, offset } of entries) {
    const content = isDeflated ? await deflated(data) : data;
    const common = [
      ...number(flags, 2),
      ...number(isDeflated ? 8 : 0, 2),
      ...number(0, 4),
      ...number(0, 4),
      ...number(content.length, 4),
      ...number(declaredSize, 4),
      ...number(name.length, 2),
      ...number(0, 2),
    ];
    const local = joined(ascii("PK\x03\x04"), number(20, 2), common, ascii(name), content);
    locals.push(local);
    const place = [...new Array<number>(10).fill(0), ...number(offset ?? at, 4)];
    directory.push(joined(ascii("PK\x01\x02"), number(20, 2), number(20, 2), common, place, ascii(name)));
    at += local.length;
  }
  const central = joined(...directory);
  const count = number(entries.length, 2);
  const end = joined(ascii("PK\x05\x06"), number(0, 4), count, count, number(central.length, 4), number(at, 4), [0, 0]);
  return new File([joined(...locals, central, end)], "scans.zip");
}

/** Stands for a number that is in the ZIP64 field. */
const elsewhere = [0xff, 0xff, 0xff, 0xff];

/**
 * A ZIP64 archive (APPNOTE.TXT, 4.3.14 to 4.3.16 and 4.5.3) of a long file of zeros and, behind it, a short one. It takes as much memory as a
 * sixty-fifth of its length.
 */
function largeZip(
  longName: string,
  name: string,
  data: Uint8Array<ArrayBuffer>,
): { readonly archive: File; readonly longLength: number } {
  const filler = new Blob([new Uint8Array(2 ** 26)]);
  const fillers = new Array<Blob>(65).fill(filler);
  const longLength = fillers.length * filler.size;
  const versions = [...number(45, 2), ...number(45, 2)];
  const start = [...number(0, 2), ...number(0, 2), ...number(0, 4), ...number(0, 4)];
  const sizes = (field: readonly number[], of: string) => [...field, ...field, ...number(of.length, 2)];
  const longSizes = [...number(longLength, 8), ...number(longLength, 8)];
  const shortField = number(data.length, 4);
  const first = joined(
    ...[ascii("PK\x03\x04"), number(45, 2), start, sizes(elsewhere, longName), number(20, 2), ascii(longName)],
    ...[number(1, 2), number(16, 2), longSizes],
  );
  const second = joined(
    ...[ascii("PK\x03\x04"), number(45, 2), start, sizes(shortField, name), number(0, 2), ascii(name), data],
  );
  const secondAt = first.length + longLength;
  const directoryAt = secondAt + second.length;
  const directory = joined(
    ...[ascii("PK\x01\x02"), versions, start, sizes(elsewhere, longName), number(20, 2), number(0, 10), number(0, 4)],
    ...[ascii(longName), number(1, 2), number(16, 2), longSizes],
    ...[ascii("PK\x01\x02"), versions, start, sizes(shortField, name), number(12, 2), number(0, 10), elsewhere],
    ...[ascii(name), number(1, 2), number(8, 2), number(secondAt, 8)],
  );
  const counts = [...number(2, 8), ...number(2, 8)];
  const end = joined(
    ...[ascii("PK\x06\x06"), number(44, 8), versions, number(0, 8), counts],
    ...[number(directory.length, 8), number(directoryAt, 8)],
    ...[ascii("PK\x06\x07"), number(0, 4), number(directoryAt + directory.length, 8), number(1, 4)],
    ...[ascii("PK\x05\x06"), number(0, 4), number(2, 2), number(2, 2), number(directory.length, 4), elsewhere, [0, 0]],
  );
  return { archive: new File([first, ...fillers, second, directory, end], "large.zip"), longLength };
}

const list = (archive: File): Promise<Outcome<ArchiveListing>> =>
  listArchive(archive, () => undefined, new AbortController().signal);

async function listed(archive: File): Promise<ArchiveListing> {
  const outcome = await list(archive);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

const pixels = { width: 2, height: 2, resampling: "area", aspect: "stretch" } as const;

describe("a zip archive", () => {
  it("is listed, also one within another, and its pictures are read where they lie", async () => {
    const picture = await quartersAs("image/png");
    const inner = new Uint8Array(await (await zip({ name: "Text/b.png", data: picture })).arrayBuffer());
    const archive = await zip(
      { name: "Photo/", data: new Uint8Array() },
      { name: "Photo/a.png", data: picture, isDeflated: true },
      { name: "more/inner.zip", data: inner },
      { name: "deep.zip", data: inner, isDeflated: true },
    );
    const { entries, problems } = await listed(archive);
    expect(problems).to.deep.equal([]);
    expect(entries.map(({ path }) => path)).to.deep.equal([
      "Photo/a.png",
      "more/inner.zip/Text/b.png",
      "deep.zip/Text/b.png",
    ]);
    for (const { file } of entries) {
      expect(file.size).to.equal(picture.length);
      const decoded = await decodeFile({ file, pixels, thumbnailSize: 0 });
      expect(decoded.ok && [...decoded.pages[0]!.rgb.subarray(0, 6)]).to.deep.equal([255, 0, 0, 0, 255, 0]);
    }
  });

  it("takes nothing from a place outside of its folder, nor what a password protects", async () => {
    const data = ascii("x");
    const names = ["../../etc/passwd", "/absolute.png", "C:\\windows.png", "Photo/../../up.png"];
    const { entries, problems } = await listed(
      await zip(...names.map((name) => ({ name, data })), { name: "Photo/secret.png", data, flags: 1 }),
    );
    expect(entries).to.deep.equal([]);
    expect(problems.map(({ reason }) => reason)).to.deep.equal([...names.map(() => "unsafe-path"), "encrypted"]);
  });

  it("that lies about a size gives no more than it declared", async () => {
    const zeros = new Uint8Array(5_000_000);
    const { entries } = await listed(
      await zip(
        { name: "a.png", data: zeros, isDeflated: true, declaredSize: 100 },
        { name: "b.png", data: zeros, isDeflated: true, declaredSize: 4_000_000_000 },
        { name: "c.png", data: zeros, isDeflated: true },
      ),
    );
    const reasons: unknown[] = [];
    for (const { file } of entries) {
      const decoded = await decodeFile({ file, pixels, thumbnailSize: 0 });
      reasons.push(decoded.ok || decoded.reason);
    }
    expect(reasons).to.deep.equal(["damaged", "too-large", "not-an-image"]);
  });

  it("may be longer than 4 GiB, with files of such a length, and is not read whole", async () => {
    const picture = await quartersAs("image/png");
    const { archive, longLength } = largeZip("Photo/long.tif", "Photo/behind.png", picture);
    expect(archive.size).to.be.above(2 ** 32 + picture.length);
    const { entries, problems } = await listed(archive);
    expect(problems).to.deep.equal([]);
    expect(entries.map(({ path, file }) => [path, file.size])).to.deep.equal([
      ["Photo/long.tif", longLength],
      ["Photo/behind.png", picture.length],
    ]);
    const [long, behind] = entries;
    const read = await decodeFile({ file: behind!.file, pixels, thumbnailSize: 0 });
    expect(read.ok && [...read.pages[0]!.rgb.subarray(0, 6)]).to.deep.equal([255, 0, 0, 0, 255, 0]);
    const refused = await decodeFile({ file: long!.file, pixels, thumbnailSize: 0 });
    expect(refused.ok || refused.reason).to.equal("not-an-image");
  });

  it("is refused where its files lie over each other, or where it is none", async () => {
    const data = new Uint8Array(1_000);
    const overlapping = await list(
      await zip({ name: "a.png", data }, { name: "b.png", data, offset: 100 }, { name: "c.png", data }),
    );
    expect(overlapping).to.include({ ok: false, code: "bad-input" });
    expect(overlapping.ok || overlapping.message).to.contain("lie over each other");
    expect(await list(new File(["no zip"], "x.zip"))).to.include({ ok: false, code: "bad-input" });
  });

  it("of a million entries is refused", async () => {
    // One entry, told of again and again.
    const one = new Uint8Array(await (await zip({ name: "a", data: new Uint8Array() })).arrayBuffer());
    const local = one.subarray(0, 31);
    const entry = one.subarray(31, 31 + 47);
    const count = 65_534;
    const central = joined(...Array.from({ length: count }, () => entry));
    const many: Uint8Array<ArrayBuffer> = joined(
      local,
      central,
      ascii("PK\x05\x06"),
      number(0, 4),
      number(count, 2),
      number(count, 2),
      number(central.length, 4),
      number(local.length, 4),
      [0, 0],
    );
    // Four archives within one: each may hold so many, all of them together may not.
    const archive = await zip(...[1, 2, 3, 4].map((index) => ({ name: `${index}.zip`, data: many })));
    const { entries, problems } = await listed(archive);
    expect(entries.length).to.be.at.most(250_000);
    expect(problems.at(-1)?.detail).to.contain("more than 250000");
  }).timeout(60_000);
});
