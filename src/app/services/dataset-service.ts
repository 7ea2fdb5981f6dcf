/** Datasets: imported once, cached in as many pixel formats as experiments need. */
import type { ImportFile } from "../../contract/decode.ts";
import { failed, failureOf, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Dataset, DatasetImage, Finding } from "../../domain/dataset/dataset.ts";
import { arrangeFolder } from "../../domain/dataset/folder.ts";
import { guessPositiveClass } from "../../domain/dataset/positive-class.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { baseline } from "../../domain/experiment/presets.ts";
import { type PixelFormat, pixelFormatKey } from "../../domain/image/pixel-format.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import {
  deleteDataset,
  getDataset,
  listDatasets,
  listFindings,
  listImages,
  listUsedImages,
  putDataset,
  putSourceFolder,
} from "../../storage/datasets.ts";
import { deleteShards } from "../../storage/shards.ts";
import { getThumbnail } from "../../storage/thumbnails.ts";
import type { DatasetService, PickedFolder, Progress } from "../../ui/services.ts";
import { classCountsOf } from "./class-counts.ts";
import { cacheFiles, type CachingTask } from "./image-cache.ts";
import type { PixelPreparer } from "./judging.ts";
import { MutableStore } from "./mutable-store.ts";
import { ProgressMeter, throttled } from "./progress-meter.ts";
import { makeRoom, removeLeftovers } from "./room.ts";
import { SourceFiles } from "./source-files.ts";
import { importLock, type Tabs, whileAlone } from "./tabs.ts";

/** Progress is shown at most this often, in milliseconds. */
const showEvery = 100;

export interface DatasetParts {
  readonly decoders: Decoders;
  readonly tabs: Tabs;
  /** Called when much was stored or deleted. */
  readonly onStorage: () => void;
}

export class Datasets implements DatasetService, PixelPreparer {
  readonly datasets = new MutableStore<readonly Dataset[]>([]);
  readonly importing = new MutableStore<DatasetService["importing"]["value"]>(null);
  readonly #parts: DatasetParts;
  readonly #sources = new SourceFiles();
  /** The pixel format that a run needed last and could not be had, by dataset: choosing the folder again caches it. */
  readonly #wanted = new Map<string, PixelFormat>();
  #cancelling: AbortController | null = null;

  constructor(parts: DatasetParts) {
    this.#parts = parts;
    parts.tabs.listen((news) => {
      if (news.type === "changed" && news.what === "datasets") void this.#read();
    });
  }

  /** Removes what imports left that never finished, then reads what is stored. */
  async load(): Promise<void> {
    await removeLeftovers();
    await this.#read();
  }

  async importFolder(folder: PickedFolder, pixels: PixelFormat = baseline.pixels): Promise<Outcome<Dataset>> {
    if (this.#cancelling) {
      return failed("busy", "Another folder is being imported.", "Wait until it is done, or cancel it.");
    }
    const { classNames, files } = arrangeFolder(folder.files);
    const [firstClass] = classNames;
    if (firstClass === undefined) {
      return failed(
        "bad-input",
        `“${folder.name}” holds no folder with files in it.`,
        "Choose a folder that holds one folder of images for each class.",
      );
    }
    const cancelling = new AbortController();
    this.#cancelling = cancelling;
    try {
      const known = await this.#knownDataset(folder.name, files);
      if (known) return await this.#cacheAgain(known, files, folder.handle, cancelling.signal);
      const datasetId = crypto.randomUUID();
      const draft = {
        id: datasetId,
        name: folder.name,
        classNames,
        positiveClass: guessPositiveClass(classNames) ?? firstClass,
      };
      const content = { files, handle: folder.handle, pixels };
      const alone = await whileAlone(importLock(datasetId), async () => {
        const outcome = await this.#import(draft, content, cancelling.signal).catch(failureOf);
        // Cancelled or failed: nothing of it is kept.
        if (!outcome.ok) await deleteDataset(datasetId);
        return outcome;
      });
      return alone!.result;
    } catch (error) {
      return failureOf(error);
    } finally {
      this.#cancelling = null;
      this.importing.set(null);
      await this.#changed();
    }
  }

  cancelImport(): void {
    this.#cancelling?.abort();
  }

  async setPositiveClass(datasetId: string, className: string): Promise<void> {
    await this.#update(datasetId, (dataset) =>
      dataset.classNames.includes(className) ? { ...dataset, positiveClass: className } : dataset,
    );
  }

  /** Counts the images of each class again, once something was decided about some. */
  async recount(datasetId: string): Promise<void> {
    const images = await listUsedImages(datasetId);
    await this.#update(datasetId, (dataset) => ({
      ...dataset,
      classCounts: classCountsOf(dataset.classNames, images),
    }));
  }

  async rename(datasetId: string, name: string): Promise<void> {
    const trimmed = name.trim();
    if (trimmed !== "") await this.#update(datasetId, (dataset) => ({ ...dataset, name: trimmed }));
  }

  async remove(datasetId: string): Promise<void> {
    this.#sources.forget(datasetId);
    await deleteDataset(datasetId);
    await this.#changed();
  }

  /** Those that take part. */
  images(datasetId: string): Promise<readonly DatasetImage[]> {
    return listUsedImages(datasetId);
  }

  findings(datasetId: string): Promise<readonly Finding[]> {
    return listFindings(datasetId);
  }

  thumbnail(datasetId: string, imageId: string): Promise<Blob | undefined> {
    return getThumbnail(datasetId, imageId);
  }

  async augmentedViews(
    { datasetId, imageId, width, height }: DatasetImage,
    { augmentation, pixels, inputSize }: Pick<Experiment, "augmentation" | "pixels" | "inputSize">,
    { count, seed }: { readonly count: number; readonly seed: number },
  ): Promise<Outcome<readonly Blob[]>> {
    const image = { imageId, width, height };
    const request = { datasetId, image, pixels, augmentation, size: inputSize, count, seed };
    return this.#parts.decoders.augmentedViews(request).catch(failureOf);
  }

  /**
   * Caches a dataset's images in a pixel format where they are not cached in it: from the files that are still in memory, else from the
   * remembered folder; else fails with `not-cached`, and choosing the folder again caches them.
   */
  async prepare(
    datasetId: string,
    pixels: PixelFormat,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<void>> {
    const dataset = await getDataset(datasetId);
    if (!dataset) return failed("not-found", "This dataset is not there any more.");
    if (dataset.cachedFormats.includes(pixelFormatKey(pixels))) return succeeded(undefined);
    const images = await listImages(datasetId);
    const files = await this.#sources.find(datasetId, new Set(images.map((image) => image.path)));
    if (!files) {
      this.#wanted.set(datasetId, pixels);
      return failed(
        "not-cached",
        `The images of “${dataset.name}” are not stored at ${pixels.width} × ${pixels.height} pixels, and their files cannot be read again.`,
        "Choose the folder of this dataset again; its images are then stored at this size too.",
      );
    }
    const alone = await whileAlone(importLock(datasetId), () =>
      this.#cacheFormat({ datasetId, pixels, files }, images.length, onProgress, signal),
    );
    await this.#changed();
    return (
      alone?.result ?? failed("busy", "Another tab is storing the images of this dataset.", "Wait until it is done.")
    );
  }

  async #import(
    draft: Pick<Dataset, "id" | "name" | "classNames" | "positiveClass">,
    content: {
      readonly files: readonly ImportFile[];
      readonly handle: PickedFolder["handle"];
      readonly pixels: PixelFormat;
    },
    signal: AbortSignal,
  ): Promise<Outcome<Dataset>> {
    const { files, handle, pixels } = content;
    const datasetId = draft.id;
    const room = await makeRoom(files.length, pixels);
    if (!room.ok) return room;
    // Thousands of events a second would only make the screen slow.
    let seen = { files: 0, unreadable: 0 };
    const meter = new ProgressMeter();
    const show = throttled(() => {
      this.importing.set({ ...meter.measure(seen.files, files.length), datasetId, unreadable: seen.unreadable });
    }, showEvery);
    this.importing.set({ ...meter.measure(0, files.length), datasetId, unreadable: 0 });
    const outcome = await cacheFiles(
      { datasetId, pixels, files },
      this.#parts.decoders,
      (done, unreadable) => {
        seen = { files: done, unreadable };
        show();
      },
      signal,
    );
    show.flush();
    if (!outcome.ok) return outcome;
    if (outcome.value.images === 0) {
      const [first] = await listFindings(datasetId);
      return failed(
        "bad-input",
        `None of the ${files.length} files could be read${first ? ` (${first.path}: ${first.reason})` : ""}.`,
        "Choose a folder that holds one folder of images for each class.",
      );
    }
    const dataset: Dataset = {
      ...draft,
      createdAt: Date.now(),
      classCounts: classCountsOf(draft.classNames, await listImages(datasetId)),
      findingCount: outcome.value.unreadable,
      cachedFormats: [pixelFormatKey(pixels)],
    };
    if (handle) await putSourceFolder(datasetId, handle);
    // Last: without it, all the rest is a leftover.
    await putDataset(dataset);
    this.#sources.remember(datasetId, files);
    return succeeded(dataset);
  }

  /** A dataset of this name that was imported from the very same files: paths, sizes and dates. */
  async #knownDataset(name: string, files: readonly ImportFile[]): Promise<Dataset | null> {
    for (const dataset of await listDatasets()) {
      if (dataset.name !== name && !this.#wanted.has(dataset.id)) continue;
      const [images, findings] = await Promise.all([listImages(dataset.id), listFindings(dataset.id)]);
      const picked = new Map(files.map(({ path, file }) => [path, file]));
      const paths = new Set([...images, ...findings].map(({ path }) => path));
      const isSame = images.every(({ path, byteLength, lastModified }) => {
        const file = picked.get(path);
        return file?.size === byteLength && file.lastModified === lastModified;
      });
      if (isSame && images.length > 0 && paths.size === picked.size) return dataset;
    }
    return null;
  }

  async #cacheAgain(
    dataset: Dataset,
    files: readonly ImportFile[],
    handle: FileSystemDirectoryHandle | null,
    signal: AbortSignal,
  ): Promise<Outcome<Dataset>> {
    this.#sources.remember(dataset.id, files);
    if (handle) await putSourceFolder(dataset.id, handle);
    const wanted = this.#wanted.get(dataset.id);
    if (!wanted) return succeeded(dataset);
    const progress = { datasetId: dataset.id, unreadable: dataset.findingCount };
    const outcome = await this.prepare(
      dataset.id,
      wanted,
      (value) => this.importing.set({ ...value, ...progress }),
      signal,
    );
    if (!outcome.ok) return outcome;
    this.#wanted.delete(dataset.id);
    return succeeded((await getDataset(dataset.id)) ?? dataset);
  }

  async #cacheFormat(
    task: CachingTask,
    imageCount: number,
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
      task,
      this.#parts.decoders,
      (done) => {
        seen = done;
        show();
      },
      signal,
    );
    show.flush();
    if (outcome.ok && outcome.value.images === imageCount) {
      await this.#update(datasetId, (dataset) => ({ ...dataset, cachedFormats: [...dataset.cachedFormats, format] }));
      return succeeded(undefined);
    }
    await deleteShards(datasetId, format);
    if (!outcome.ok) return outcome;
    return failed(
      "not-cached",
      `Only ${outcome.value.images} of the dataset's ${imageCount} images could be read again.`,
      "Import the folder as a new dataset.",
    );
  }

  async #update(datasetId: string, change: (dataset: Dataset) => Dataset): Promise<void> {
    const dataset = await getDataset(datasetId);
    if (!dataset) return;
    await putDataset(change(dataset));
    await this.#changed();
  }

  async #changed(): Promise<void> {
    this.#parts.tabs.tell({ type: "changed", what: "datasets" });
    this.#parts.onStorage();
    await this.#read();
  }

  async #read(): Promise<void> {
    this.datasets.set(await listDatasets());
  }
}
