/** Imports that can be interrupted: each stored chunk counts, and what is stored is not read again. */
import type { ImportFile } from "../../contract/decode.ts";
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { withCopyNumber } from "../../domain/dataset/copy-number.ts";
import type { Dataset } from "../../domain/dataset/dataset.ts";
import { compareByCodePoint } from "../../domain/dataset/listing.ts";
import { guessPositiveClass } from "../../domain/dataset/positive-class.ts";
import type { UnfinishedImport } from "../../domain/dataset/unfinished-import.ts";
import { pixelFormatKey } from "../../domain/image/pixel-format.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import {
  deleteDataset,
  getDataset,
  listFindings,
  listImages,
  listUsedImages,
  putSourceHandles,
} from "../../storage/datasets.ts";
import { deleteUnfinishedImport, putImported, putUnfinishedImport } from "../../storage/imports.ts";
import { storeChunk } from "../../storage/shards.ts";
import type { DatasetService } from "../../ui/services/dataset-service.ts";
import { classCountsOf } from "./class-counts.ts";
import type { Gathered } from "./gathering.ts";
import { cacheFiles } from "./image-cache.ts";
import type { MutableStore } from "./mutable-store.ts";
import { ProgressMeter, throttled } from "./progress-meter.ts";
import { makeRoom } from "./room.ts";

/** Progress is shown at most this often, in milliseconds. */
const showEvery = 100;

export interface ImportJob extends Pick<UnfinishedImport, "datasetId" | "sourceName" | "pixels" | "looseClass"> {
  /** For a new dataset; null where it adds to one. */
  readonly name: string | null;
  readonly gathered: Gathered;
  readonly handles: readonly FileSystemHandle[];
}

export interface ImportParts {
  readonly decoders: Decoders;
  readonly importing: MutableStore<DatasetService["importing"]["value"]>;
}

/** What a dataset has of a file: enough to tell that it comes again. */
interface StoredFile {
  readonly byteLength: number | null;
  readonly lastModified: number | null;
}

/**
 * Stores what the dataset lacks. Fails with everything stored in place and the import listed as unfinished, but where nothing at all could be stored.
 * To be called under the dataset's import lock.
 */
export async function runImport(
  job: ImportJob,
  { decoders, importing }: ImportParts,
  signal: AbortSignal,
): Promise<Outcome<Dataset>> {
  const { datasetId, gathered, pixels } = job;
  const stored = await storedFiles(datasetId);
  const missing = filesLacking(gathered.files, stored);
  const before = gathered.files.length - missing.length;
  const room = await makeRoom(missing.length, pixels);
  if (!room.ok) return room;
  const unfinished = await begin(job);
  const meter = new ProgressMeter();
  let seen = { files: 0, unreadable: 0 };
  // Thousands of events a second would only make the screen slow.
  const show = throttled(() => {
    const measured = meter.measure(seen.files, missing.length);
    const progress = { ...measured, done: before + measured.done, total: gathered.files.length };
    importing.set({ ...progress, datasetId, unreadable: seen.unreadable });
  }, showEvery);
  importing.set({ ...meter.measure(0, missing.length), datasetId, unreadable: 0 });
  await storeLeftOut(datasetId, gathered);
  const outcome = await cacheFiles(
    { datasetId, pixels, files: missing, isAddition: job.name === null },
    decoders,
    (files, unreadable) => {
      seen = { files, unreadable };
      show();
    },
    signal,
  );
  show.flush();
  return outcome.ok ? finishImport(unfinished) : outcome;
}

/** Ends an import with what is stored, whether that is all or not. */
export async function finishImport({ datasetId, draft, pixels }: UnfinishedImport): Promise<Outcome<Dataset>> {
  const [images, listed, known] = await Promise.all([
    listImages(datasetId),
    listFindings(datasetId),
    getDataset(datasetId),
  ]);
  // Listed with the others, but nothing that somebody would miss.
  const findings = listed.filter(({ reason }) => reason !== "system-file");
  if (images.length === 0) {
    const [first] = findings;
    await deleteDataset(datasetId);
    return failed(
      "bad-input",
      `None of the ${findings.length} files could be read${first ? ` (${first.path}: ${first.reason})` : ""}.`,
      "Choose a folder that holds one folder of images for each class.",
    );
  }
  const found = [...images, ...findings].map(({ className }) => className).filter((name) => name !== "");
  const classNames = [...new Set([...(known?.classNames ?? []), ...found])].sort(compareByCodePoint);
  // What people left out or moved before counts as they decided.
  const classCounts = classCountsOf(classNames, await listUsedImages(datasetId));
  const cachedFormats = [pixelFormatKey(pixels)];
  const rest = { classNames, classCounts, findingCount: findings.length, cachedFormats };
  let dataset: Dataset;
  if (known) dataset = { ...known, ...rest };
  else {
    const name = draft?.name ?? "";
    const positiveClass = draft?.positiveClass ?? classNames[0]!;
    dataset = { id: datasetId, name, createdAt: Date.now(), positiveClass, ...rest };
  }
  // Last: until then the import is unfinished.
  await putImported(dataset);
  return succeeded(dataset);
}

/** Forgets an unfinished import, with what it stored where that is no dataset yet. */
export async function discardImport(datasetId: string): Promise<void> {
  if (await getDataset(datasetId)) await deleteUnfinishedImport(datasetId);
  else await deleteDataset(datasetId);
}

async function begin(job: ImportJob): Promise<UnfinishedImport> {
  const { datasetId, sourceName, pixels, looseClass, gathered, name, handles } = job;
  const { classNames } = gathered;
  const positiveClass = guessPositiveClass(classNames) ?? classNames[0]!;
  const unfinished: UnfinishedImport = {
    ...{ datasetId, sourceName, pixels, looseClass },
    startedAt: Date.now(),
    draft: name === null ? null : { name, positiveClass },
    total: gathered.files.length,
  };
  await putUnfinishedImport(unfinished);
  if (handles.length > 0) await putSourceHandles(datasetId, handles);
  return unfinished;
}

async function storeLeftOut(datasetId: string, { leftOut }: Gathered): Promise<void> {
  if (leftOut.length === 0) return;
  const findings = leftOut.map((finding) => ({ ...finding, datasetId }));
  await storeChunk({ shard: null, images: [], thumbnails: [], findings });
}

async function storedFiles(datasetId: string): Promise<Map<string, StoredFile>> {
  const stored = new Map<string, StoredFile>();
  // A file with a finding alone was looked at too; what it was is not kept.
  for (const { path } of await listFindings(datasetId)) stored.set(path, { byteLength: null, lastModified: null });
  for (const { path, byteLength, lastModified } of await listImages(datasetId))
    stored.set(path, { byteLength, lastModified });
  return stored;
}

/** A file that is at a stored one's path and is another one gets a path of its own, so that both are kept. */
function filesLacking(files: readonly ImportFile[], stored: ReadonlyMap<string, StoredFile>): ImportFile[] {
  const missing: ImportFile[] = [];
  for (const item of files) {
    const { file } = item;
    let path = item.path;
    for (let copy = 2; ; copy++) {
      const known = stored.get(path);
      if (!known) {
        missing.push({ ...item, path });
        break;
      }
      const isSame =
        known.byteLength === null || (known.byteLength === file.size && known.lastModified === file.lastModified);
      if (isSame) break;
      path = withCopyNumber(item.path, copy);
    }
  }
  return missing;
}
