/** What a zip archive holds, from its directory alone. An archive can be made to do harm; nothing of it is believed before it is looked at. */
import type { FileEntry } from "@zip.js/zip.js";
import { BlobReader, configure, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
import type { ArchivedFile, ArchiveListing, ListedEntry } from "../../../src/contract/decode.ts";
import { failed, type Failure, type Outcome, succeeded } from "../../../src/contract/outcome.ts";
import type { FindingReason } from "../../../src/domain/dataset/dataset.ts";
import { messageOf } from "../refusal.ts";
import { inflate } from "./read.ts";

// zip.js' own workers come from blob: addresses, which the Content-Security-Policy does not allow; only directories are read here.
configure({ useWebWorkers: false });

/** Five times the largest delivery that is planned for. A directory of a million entries is no delivery. */
const mostEntries = 250_000;
/** Archives within archives. */
const mostNested = 3;
/** Of a compressed archive within another, inflated: it has to be kept while its files are read. */
const largestNested = 2 * 2 ** 30;
const reportEvery = 2_000;

const stored = 0;
const deflated = 8;

class BadArchive extends Error {}

interface Listing {
  readonly entries: ListedEntry[];
  readonly problems: { path: string; reason: FindingReason; detail: string }[];
  readonly onEvent: (entries: number) => void;
  readonly signal: AbortSignal;
  /** Entries of all archives so far. */
  seen: number;
}

export async function listArchive(
  archive: File,
  onEvent: (entries: number) => void,
  signal: AbortSignal,
): Promise<Outcome<ArchiveListing>> {
  const listing: Listing = { entries: [], problems: [], onEvent, signal, seen: 0 };
  try {
    await list(archive, "", 0, listing);
  } catch (error) {
    if (signal.aborted) return failed("cancelled", "Cancelled.");
    return bad(archive.name, error);
  }
  const { entries, problems } = listing;
  return succeeded({ entries, problems });
}

function bad(name: string, error: unknown): Failure {
  const remedy = "Make the archive again, or unpack it and import the folder.";
  return error instanceof BadArchive
    ? failed("bad-input", `“${name}” is not read: ${error.message}`, remedy)
    : failed("bad-input", `“${name}” is no zip archive, or it is damaged: ${messageOf(error)}`, remedy);
}

/** @param above the path of the archive within the outermost one, with `/` at its end */
async function list(archive: Blob, above: string, depth: number, listing: Listing): Promise<void> {
  const reader = new ZipReader(new BlobReader(archive));
  const ranges: { readonly start: number; readonly end: number }[] = [];
  const nested: { readonly path: string; readonly file: ArchivedFile }[] = [];
  try {
    for await (const entry of reader.getEntriesGenerator({ filenameValidation: "tolerant" })) {
      listing.signal.throwIfAborted();
      listing.seen += 1;
      if (listing.seen > mostEntries) throw new BadArchive(`it holds more than ${mostEntries} entries.`);
      ranges.push({ start: entry.offset, end: entry.offset + entry.compressedSize });
      if (entry.directory) continue;
      const path = `${above}${entry.filename.replaceAll("\\", "/")}`;
      const problem = problemOf(entry, path);
      if (problem) {
        listing.problems.push({ path, ...problem });
        continue;
      }
      const file: ArchivedFile = {
        archive,
        offset: entry.offset,
        compressedSize: entry.compressedSize,
        isDeflated: entry.compressionMethod === deflated,
        name: path.split("/").at(-1)!,
        size: entry.uncompressedSize,
        lastModified: entry.lastModDate.getTime(),
      };
      if (/\.zip$/i.test(path)) nested.push({ path, file });
      else listing.entries.push({ path, file });
      if (listing.entries.length % reportEvery === 0) listing.onEvent(listing.entries.length);
    }
  } finally {
    await reader.close();
  }
  refuseOverlap(ranges);
  for (const { path, file } of nested) await listNested(path, file, depth + 1, listing);
}

function problemOf(entry: FileEntry, path: string): { reason: FindingReason; detail: string } | null {
  const parts = path.split("/");
  if (path.startsWith("/") || /^[a-z]:/i.test(path) || parts.includes(".."))
    return { reason: "unsafe-path", detail: "The archive asks for a place outside of its folder." };
  if (entry.encrypted) return { reason: "encrypted", detail: "The file opens with a password only." };
  if (entry.compressionMethod !== stored && entry.compressionMethod !== deflated)
    return { reason: "unsupported-format", detail: `zip with the compression ${entry.compressionMethod}` };
  if (entry.compressionMethod === stored && entry.compressedSize !== entry.uncompressedSize)
    return { reason: "damaged", detail: "The archive declares two sizes for a file that is stored as it is." };
  return null;
}

/** Entries that share their bytes inflate to much more than an archive of this length can hold. */
function refuseOverlap(ranges: { readonly start: number; readonly end: number }[]): void {
  ranges.sort((a, b) => a.start - b.start);
  for (let i = 1; i < ranges.length; i++) {
    if (ranges[i]!.start < ranges[i - 1]!.end) throw new BadArchive("files in it lie over each other.");
  }
}

async function listNested(path: string, file: ArchivedFile, depth: number, listing: Listing): Promise<void> {
  const problem = (detail: string) => void listing.problems.push({ path, reason: "unreadable", detail });
  if (depth > mostNested) {
    problem(`Archives within archives are read ${mostNested} deep.`);
    return;
  }
  if (file.isDeflated && file.size > largestNested) {
    problem("The archive within the archive is too large to be inflated: unpack it.");
    return;
  }
  const before = listing.entries.length;
  try {
    await list(await inflate(file, largestNested), `${path}/`, depth, listing);
  } catch (error) {
    if (listing.signal.aborted) throw error;
    listing.entries.length = before;
    problem(messageOf(error));
  }
}
