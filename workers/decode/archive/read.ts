/** One file out of a zip archive (APPNOTE.TXT, 4.3), inflated no further than is believed. */
import type { ArchivedFile } from "../../../src/contract/decode.ts";
import { Bytes } from "../formats/bytes.ts";
import { Refusal } from "../refusal.ts";

/** A colour scan of 35 megapixels without compression has 105 MB. */
const largestFile = 160 * 2 ** 20;

const localHeaderLength = 30;

/**
 * A file that is to be decoded: stored ones are read where they lie.
 * @param look called with its first bytes before the rest is inflated; what it throws ends the inflating
 * @throws Refusal where it is damaged, or another length than the archive says
 */
export async function contentsOf(
  file: Blob | ArchivedFile,
  look: { readonly length: number; readonly check: (start: Uint8Array) => void },
): Promise<Blob> {
  if (file instanceof Blob) return file;
  if (file.size > largestFile && file.isDeflated)
    throw new Refusal("too-large", `The archive declares a file of ${file.size} bytes.`);
  return inflate(file, largestFile, look);
}

export async function inflate(
  file: ArchivedFile,
  mostBytes: number,
  look?: { readonly length: number; readonly check: (start: Uint8Array) => void },
): Promise<Blob> {
  const data = await dataOf(file);
  if (!file.isDeflated) return data;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  let isSeen = look === undefined;
  const reader = data.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      length += value.length;
      if (length > file.size || length > mostBytes)
        throw new Refusal("damaged", `The archive declares ${file.size} bytes, and the file holds more.`);
      if (look && !isSeen && length >= look.length) {
        isSeen = true;
        look.check(new Uint8Array(await new Blob(parts).slice(0, look.length).arrayBuffer()));
      }
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof Refusal) throw error;
    throw new Refusal("damaged", "The archive is damaged where the file lies.");
  }
  if (length !== file.size)
    throw new Refusal("damaged", `The archive declares ${file.size} bytes, and the file holds ${length}.`);
  return new Blob(parts);
}

/** The entry's bytes as stored. */
async function dataOf({ archive, offset, compressedSize, name }: ArchivedFile): Promise<Blob> {
  const header = new Bytes(new Uint8Array(await archive.slice(offset, offset + localHeaderLength).arrayBuffer()));
  if (!header.startsWith("PK\x03\x04")) throw new Refusal("damaged", `The archive has lost “${name}”.`);
  const start = offset + localHeaderLength + header.u16le(26) + header.u16le(28);
  if (start + compressedSize > archive.size) throw new Refusal("damaged", "The archive is cut off.");
  return archive.slice(start, start + compressedSize);
}
