/** Caches a whole dataset in one more pixel format. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { pixelFormatKey } from "../../domain/image/pixel-format.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import { deleteShards } from "../../storage/shards.ts";
import type { Progress } from "../../ui/services/progress.ts";
import { cacheFiles, type CachingTask } from "./image-cache.ts";
import { ProgressMeter, throttled } from "./progress-meter.ts";
import { makeRoom } from "./room.ts";

/** Progress is shown at most this often, in milliseconds. */
const showEvery = 100;

/** Keeps all of it or nothing. @param imageCount how many the dataset has */
export async function cacheFormat(
  task: CachingTask,
  imageCount: number,
  decoders: Decoders,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Outcome<void>> {
  const { datasetId, pixels, files } = task;
  const format = pixelFormatKey(pixels);
  const room = await makeRoom(files.length, pixels);
  if (!room.ok) return room;
  // Of a tab that was closed in the middle.
  await deleteShards(datasetId, format);
  const meter = new ProgressMeter();
  let seen = 0;
  const show = throttled(() => onProgress(meter.measure(seen, files.length)), showEvery);
  const outcome = await cacheFiles(
    { ...task, pixelsOnly: true },
    decoders,
    (done) => {
      seen = done;
      show();
    },
    signal,
  );
  show.flush();
  if (outcome.ok && outcome.value.images === imageCount) return succeeded(undefined);
  await deleteShards(datasetId, format);
  if (!outcome.ok) return outcome;
  return failed(
    "not-cached",
    `Only ${outcome.value.images} of the dataset's ${imageCount} images could be read again.`,
    "Import the folder as a new dataset.",
  );
}
