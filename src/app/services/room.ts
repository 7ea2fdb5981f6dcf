/** Room for pixels: looked at before an import, and freed of what imports left that never finished. */
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { bytesPerImage, type PixelFormat, pixelFormatKey } from "../../domain/image/pixel-format.ts";
import { deleteDataset, getDataset, listStoredDatasetIds } from "../../storage/datasets.ts";
import { getUnfinishedImport } from "../../storage/imports.ts";
import { deleteShards, listStoredFormats } from "../../storage/shards.ts";
import { importLock, isHeld } from "./tabs.ts";

/** Of a thumbnail, its record and the image's, in bytes; measured on scans. */
const bytesBesidePixels = 6_000;

/** Looks at the quota, and asks the browser not to clear the storage by itself. */
export async function makeRoom(files: number, pixels: PixelFormat): Promise<Outcome<void>> {
  const needed = files * (bytesPerImage(pixels) + bytesBesidePixels);
  await navigator.storage.persist();
  const { usage = 0, quota = Number.POSITIVE_INFINITY } = await navigator.storage.estimate();
  if (needed <= quota - usage) return succeeded(undefined);
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  return failed(
    "storage-full",
    `${files} images need about ${gigabytes(needed)}; ${gigabytes(Math.max(0, quota - usage))} can be had.`,
    "Delete datasets, free disk space, or choose a smaller size.",
  );
}

/**
 * Deletes images of no dataset and no import that could go on, and pixels of formats that were never completed; not those that another tab is
 * storing now.
 */
export async function removeLeftovers(): Promise<void> {
  for (const datasetId of await listStoredDatasetIds()) {
    if (await isHeld(importLock(datasetId))) continue;
    // Read after the lock: an import writes it before it lets the lock go.
    const dataset = await getDataset(datasetId);
    const unfinished = await getUnfinishedImport(datasetId);
    if (!dataset) {
      if (!unfinished) await deleteDataset(datasetId);
      continue;
    }
    for (const format of await listStoredFormats(datasetId)) {
      const isWanted =
        dataset.cachedFormats.includes(format) || (unfinished && pixelFormatKey(unfinished.pixels) === format);
      if (!isWanted) await deleteShards(datasetId, format);
    }
  }
}
