/** The compressions of TIFF that are not pictures of their own. Each writes as much as the page declares and no more, whatever the file holds. */
import { Refusal } from "../refusal.ts";

/** @param length bytes that the block has to give @throws Refusal where it gives fewer */
type Decompress = (block: Uint8Array<ArrayBuffer>, length: number) => Promise<Uint8Array> | Uint8Array;

const decompressions = new Map<number, Decompress>([
  [1, (block) => block],
  [5, lzw],
  [8, deflate],
  [32946, deflate],
  [32773, packBits],
]);

export function decompressionOf(compression: number): Decompress | null {
  const decompress = decompressions.get(compression);
  if (!decompress) return null;
  return async (block, length) => {
    const bytes = await decompress(block, length);
    if (bytes.length < length)
      throw new Refusal("damaged", `A part of the picture is cut off: ${bytes.length} of ${length} bytes.`);
    return bytes;
  };
}

function packBits(block: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at < block.length && to < length;) {
    const head = block[at++]!;
    if (head < 128) {
      const literal = block.subarray(at, at + Math.min(head + 1, length - to));
      out.set(literal, to);
      to += literal.length;
      at += head + 1;
    } else if (head > 128) {
      const end = Math.min(length, to + 257 - head);
      out.fill(block[at++] ?? 0, to, end);
      to = end;
    }
  }
  return out.subarray(0, to);
}

/** The browser's own inflation, ended as soon as there is enough. */
async function deflate(block: Uint8Array<ArrayBuffer>, length: number): Promise<Uint8Array> {
  const out = new Uint8Array(length);
  let to = 0;
  const inflated = new Blob([block]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  try {
    while (to < length) {
      const { done, value } = await inflated.read();
      if (done) break;
      out.set(value.subarray(0, length - to), to);
      to += Math.min(value.length, length - to);
    }
  } catch {
    // Told by how much there is.
  }
  await inflated.cancel().catch(() => undefined);
  return out.subarray(0, to);
}

const clearCode = 256;
const endCode = 257;
const mostCodes = 4096;

/**
 * LZW as in TIFF 6.0, section 13: codes of 9 to 12 bits, highest bit first, wider one code early. A code is kept as the place in the output where
 * its string stands, so that no table of strings is needed.
 */
function lzw(block: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const starts = new Int32Array(mostCodes);
  const lengths = new Int32Array(mostCodes);
  let to = 0;
  let codes = 258;
  let width = 9;
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  while (to < length) {
    while (bitCount < width && at < block.length) {
      bits = ((bits << 8) | block[at++]!) & 0xffffff;
      bitCount += 8;
    }
    if (bitCount < width) break;
    const code = (bits >> (bitCount - width)) & ((1 << width) - 1);
    bitCount -= width;
    if (code === endCode) break;
    if (code === clearCode) {
      codes = 258;
      width = 9;
      continue;
    }
    if (code >= codes) break;
    const start = to;
    if (code < 256) out[to++] = code;
    else {
      const from = starts[code]!;
      const end = Math.min(length, to + lengths[code]!);
      // Byte by byte: a string may reach into itself.
      for (let i = from; to < end; i++) out[to++] = out[i]!;
    }
    // The next code stands for this string and the first byte after it, which may be still to come.
    if (codes < mostCodes) {
      starts[codes] = start;
      lengths[codes] = to - start + 1;
      codes++;
      if (codes === 1 << width && width < 12) width++;
    }
  }
  return out.subarray(0, to);
}
