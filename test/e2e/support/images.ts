/** Small pictures of classes that a network tells apart in two epochs, made here so that the tests need no data. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";

type Painter = (x: number, y: number, random: () => number) => readonly [number, number, number];

const side = 48;

/** mulberry32: a small seeded generator of numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** An 8-bit RGB PNG, `width × height`, painted pixel by pixel. */
function png(
  width: number,
  height: number,
  paint: (x: number, y: number) => readonly [number, number, number],
): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows.set(
        paint(x, y).map((value) => Math.max(0, Math.min(255, Math.round(value)))),
        y * (1 + width * 3) + 1 + x * 3,
      );
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a channel, RGB, no interlacing.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const empty = Buffer.alloc(0);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", empty)]);
}

/** A painter for each class; every image draws its own from `random`. */
const classes: Record<string, (random: () => number) => Painter> = {
  /** A dark, colourful scene with grain. */
  Photo: (random) => {
    const [red, green, blue] = [60 + 80 * random(), 40 + 60 * random(), 20 + 60 * random()];
    return (x, y, grain) => [red + x + 30 * grain(), green + y / 2 + 30 * grain(), blue + (x + y) / 3 + 30 * grain()];
  },
  /** Black lines on white. */
  Text: (random) => {
    const gap = 4 + Math.floor(3 * random());
    const shift = Math.floor(gap * random());
    return (x, y, grain) => ((y + shift) % gap === 0 && grain() > 0.3 && x > 3 ? [20, 20, 20] : [250, 250, 248]);
  },
  /** A flat shape on a light ground. */
  Drawing: (random) => {
    const [centreX, centreY, radius] = [side * random(), side * random(), 6 + 8 * random()];
    return (x, y) => (Math.hypot(x - centreX, y - centreY) < radius ? [235, 190, 60] : [225, 240, 250]);
  },
};

export const classNames = Object.keys(classes);

/** One image of a class as a PNG; the same seed gives the same bytes. */
export function picture(className: string, seed: number): Buffer {
  const random = seeded(seed);
  const painter = classes[className]?.(random);
  if (!painter) throw new Error(`There is no class ${className}.`);
  return png(side, side, (x, y) => painter(x, y, random));
}

/** Writes `count` images of each class into `folder/<class>/`, and one file that is no image into the first. */
export async function writeDataset(folder: string, count: number): Promise<void> {
  for (const [index, className] of classNames.entries()) {
    await mkdir(join(folder, className), { recursive: true });
    for (let image = 0; image < count; image += 1) {
      const name = `${className.toLowerCase()}-${String(image).padStart(3, "0")}.png`;
      await writeFile(join(folder, className, name), picture(className, 1000 * index + image));
    }
  }
  await writeFile(join(folder, classNames[0] ?? "", "broken.png"), "not a picture");
}
