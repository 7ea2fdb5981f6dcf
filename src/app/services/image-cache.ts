/** Fills the image cache: files in chunks over the decode pool, with progress, until done or cancelled. */
import type { ImportChunk, ImportFile } from "../../contract/decode.ts";
import { type Failure, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { PixelFormat } from "../../domain/image/pixel-format.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import { storeChunk } from "../../storage/shards.ts";

/** Files a chunk, which becomes one shard and one transaction: at 180×180 about 12 MB. */
const filesPerChunk = 128;

export interface CachingTask {
  readonly datasetId: string;
  readonly pixels: PixelFormat;
  readonly files: readonly ImportFile[];
  /** Whether the images are known already and only pixels in one more format are wanted. */
  readonly pixelsOnly?: boolean;
  /** Whether files that the dataset has in the same class already, byte for byte, are not to come in again. */
  readonly isAddition?: boolean;
}

export interface CachingSummary {
  readonly images: number;
  readonly unreadable: number;
}

/**
 * Decodes and stores every file. A chunk whose decode worker dies is halved and tried again until the file that kills it is alone; that one
 * becomes a finding. The first other failure ends the rest and is the answer; what was stored by then is left to the caller.
 */
export async function cacheFiles(
  task: CachingTask,
  decoders: Decoders,
  onProgress: (files: number, unreadable: number) => void,
  signal: AbortSignal,
): Promise<Outcome<CachingSummary>> {
  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal]);
  const done = { files: 0, images: 0, unreadable: 0 };
  const inProgress = new Map<object, number>();
  const report = (): void => {
    let files = done.files;
    for (const count of inProgress.values()) files += count;
    onProgress(files, done.unreadable);
  };

  const importChunk = async (files: readonly ImportFile[]): Promise<Failure | null> => {
    const { datasetId, pixels, pixelsOnly = false, isAddition = false } = task;
    const chunk: ImportChunk = { datasetId, pixels, files, pixelsOnly, isAddition };
    const key = {};
    const outcome = await decoders.importChunk(
      chunk,
      (event) => {
        inProgress.set(key, event.files);
        report();
      },
      stop,
    );
    inProgress.delete(key);
    if (!outcome.ok) {
      if (outcome.code !== "worker-died") return outcome;
      if (files.length === 1) await storeKiller(task.datasetId, files[0]!, outcome.message);
      else {
        const half = Math.ceil(files.length / 2);
        return (await importChunk(files.slice(0, half))) ?? (await importChunk(files.slice(half)));
      }
    }
    done.files += files.length;
    done.images += outcome.ok ? outcome.value.images : 0;
    done.unreadable += outcome.ok ? outcome.value.unreadable : 1;
    report();
    return null;
  };

  let first: Failure | null = null;
  await Promise.all(
    chunksOf(task.files, filesPerChunk).map(async (files) => {
      const failure = await importChunk(files);
      if (!failure || first) return;
      first = failure;
      ending.abort();
    }),
  );
  return first ?? succeeded({ images: done.images, unreadable: done.unreadable });
}

async function storeKiller(datasetId: string, { path, className }: ImportFile, detail: string): Promise<void> {
  await storeChunk({
    shard: null,
    images: [],
    thumbnails: [],
    findings: [{ datasetId, path, className, reason: "unreadable", detail }],
  });
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
