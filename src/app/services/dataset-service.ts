/** Datasets: imported once, cached in as many pixel formats as experiments need. */
import type { ImportFile } from "../../contract/decode.ts";
import { failed, failureOf, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Dataset, DatasetImage, Finding } from "../../domain/dataset/dataset.ts";
import { compareByCodePoint } from "../../domain/dataset/listing.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { baseline } from "../../domain/experiment/presets.ts";
import { type PixelFormat, pixelFormatKey, pixelFormatOfKey } from "../../domain/image/pixel-format.ts";
import type { Decoders } from "../../runtime/decode-pool.ts";
import {
  deleteDataset,
  deleteImages,
  getDataset,
  listDatasets,
  listFindings,
  listImages,
  listUsedImages,
  putDataset,
  putSourceHandles,
} from "../../storage/datasets.ts";
import { countImages, getUnfinishedImport, listUnfinishedImports } from "../../storage/imports.ts";
import { getThumbnails } from "../../storage/thumbnails.ts";
import type {
  DatasetPicture,
  DatasetService,
  ImportTarget,
  InterruptedImport,
} from "../../ui/services/dataset-service.ts";
import type { PickedFolder } from "../../ui/services/picked-files.ts";
import type { Progress } from "../../ui/services/progress.ts";
import { classCountsOf } from "./class-counts.ts";
import { largePicture } from "./classification/large-picture.ts";
import type { Gathered } from "./gathering.ts";
import type { CachingTask } from "./image-cache.ts";
import type { ImportJob } from "./importer.ts";
import type { PixelPreparer } from "./judging.ts";
import { MutableStore } from "./mutable-store.ts";
import { removeLeftovers } from "./room.ts";
import { SourceFiles } from "./source-files.ts";
import { ThumbnailReader } from "./thumbnail-reader.ts";
import { importLock, isHeld, type Tabs, whileAlone } from "./tabs.ts";

export interface DatasetParts {
  readonly decoders: Decoders;
  readonly tabs: Tabs;
  /** Called when much was stored or deleted. */
  readonly onStorage: () => void;
}

/** What brings images in: the first screen does without. */
const importing = () => import("./importing.ts");

export class Datasets implements DatasetService, PixelPreparer {
  readonly datasets = new MutableStore<readonly Dataset[]>([]);
  readonly importing = new MutableStore<DatasetService["importing"]["value"]>(null);
  readonly interrupted = new MutableStore<DatasetService["interrupted"]["value"]>([]);
  readonly #parts: DatasetParts;
  readonly #sources: SourceFiles;
  readonly #thumbnails = new ThumbnailReader(getThumbnails);
  /** The pixel format that a run needed last and could not be had, by dataset: choosing the folder again caches it. */
  readonly #wanted = new Map<string, PixelFormat>();
  #cancelling: AbortController | null = null;

  constructor(parts: DatasetParts) {
    this.#parts = parts;
    this.#sources = new SourceFiles(parts.decoders);
    parts.tabs.listen((news) => {
      if (news.type === "changed" && news.what === "datasets") void this.#read();
    });
  }

  /** Removes what imports left that never finished, then reads what is stored. */
  async load(): Promise<void> {
    await removeLeftovers();
    await this.#read();
  }

  importFolder(
    folder: PickedFolder,
    target: ImportTarget = {},
    pixels: PixelFormat = baseline.pixels,
  ): Promise<Outcome<Dataset>> {
    return this.#alone(async (signal) => {
      const into = target.datasetId === undefined ? undefined : await getDataset(target.datasetId);
      if (target.datasetId !== undefined && !into) return failed("not-found", "This dataset is not there any more.");
      const looseClass = target.looseClass ?? null;
      const gathered = await this.#gather(folder, into?.classNames ?? [], looseClass, signal);
      if (!gathered.ok) return gathered;
      const known = into ? null : await this.#knownDataset(folder.name, gathered.value.files);
      if (known) return this.#cacheAgain(known, gathered.value.files, folder.handles, signal);
      const format = into ? (pixelFormatOfKey(into.cachedFormats[0] ?? "") ?? pixels) : pixels;
      return this.#run(
        {
          datasetId: into?.id ?? crypto.randomUUID(),
          ...{ sourceName: folder.name, pixels: format, looseClass },
          name: into ? null : folder.name,
          ...{ gathered: gathered.value, handles: folder.handles },
        },
        signal,
      );
    });
  }

  resumeImport(datasetId: string, folder: PickedFolder | null): Promise<Outcome<Dataset>> {
    return this.#alone(async (signal) => {
      const unfinished = await getUnfinishedImport(datasetId);
      if (!unfinished) return failed("not-found", "This import has ended.");
      const again = folder ?? (await this.#sources.folder(datasetId, unfinished.sourceName));
      if (!again) {
        return failed(
          "not-found",
          `“${unfinished.sourceName}” cannot be read without you.`,
          "Choose it again: what is stored already is not read twice.",
        );
      }
      const classNames = (await getDataset(datasetId))?.classNames ?? [];
      const { sourceName, pixels, looseClass, draft } = unfinished;
      const gathered = await this.#gather(again, classNames, looseClass, signal);
      if (!gathered.ok) return gathered;
      const name = draft?.name ?? null;
      const { handles } = again;
      return this.#run({ datasetId, sourceName, pixels, looseClass, name, gathered: gathered.value, handles }, signal);
    });
  }

  keepImported(datasetId: string): Promise<Outcome<Dataset>> {
    return this.#alone(async () => {
      const unfinished = await getUnfinishedImport(datasetId);
      return unfinished ? (await importing()).finishImport(unfinished) : failed("not-found", "This import has ended.");
    });
  }

  async discardImport(datasetId: string): Promise<void> {
    this.#sources.forget(datasetId);
    await (await importing()).discardImport(datasetId);
    await this.#changed();
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

  /** Takes images out for good, for undo. @param classNames those that stay although they have no image */
  async removeImages(datasetId: string, imageIds: ReadonlySet<string>, classNames: readonly string[]): Promise<void> {
    await deleteImages(datasetId, imageIds);
    const used = (await listImages(datasetId)).map(({ className }) => className);
    const names = [...new Set([...classNames, ...used])].sort(compareByCodePoint);
    await this.#update(datasetId, (dataset) => ({ ...dataset, classNames: names }));
    await this.recount(datasetId);
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
    return this.#thumbnails.read(datasetId, imageId);
  }

  async picture(image: DatasetImage, mayAsk: boolean): Promise<DatasetPicture | undefined> {
    const { datasetId, imageId, page, width, height } = image;
    const file = await this.#sources.findOne(image, mayAsk, new AbortController().signal);
    const original = file && (await largePicture(file, page, this.#parts.decoders));
    if (original) return { picture: original, isOriginal: true };
    const dataset = await getDataset(datasetId);
    const format = (dataset?.cachedFormats ?? []).map(pixelFormatOfKey).find((known) => known?.aspect === "stretch");
    if (format) {
      const request = { datasetId, image: { imageId, width, height }, pixels: format, augmentation: null };
      const view = { ...request, size: format.width, count: 1, seed: 0 };
      const views = await this.#parts.decoders.augmentedViews(view).catch(failureOf);
      if (views.ok && views.value[0]) return { picture: views.value[0], isOriginal: false };
    }
    const picture = await this.thumbnail(datasetId, imageId);
    return picture && { picture, isOriginal: false };
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
    const files = await this.#sources.find(datasetId, images, signal);
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

  /** One import at a time in this tab. */
  async #alone(work: (signal: AbortSignal) => Promise<Outcome<Dataset>>): Promise<Outcome<Dataset>> {
    if (this.#cancelling)
      return failed("busy", "Another folder is being imported.", "Wait until it is done, or cancel it.");
    const cancelling = new AbortController();
    this.#cancelling = cancelling;
    try {
      return await work(cancelling.signal);
    } catch (error) {
      return failureOf(error);
    } finally {
      this.#cancelling = null;
      this.importing.set(null);
      await this.#changed();
    }
  }

  async #gather(
    folder: PickedFolder,
    knownClasses: readonly string[],
    looseClass: string | null,
    signal: AbortSignal,
  ): Promise<Outcome<Gathered>> {
    const onFound = (files: number): void =>
      this.importing.set({ datasetId: "", done: 0, total: files, rate: null, secondsLeft: null, unreadable: 0 });
    const { gather } = await importing();
    return gather(folder, this.#parts.decoders, { knownClasses, looseClass, onFound }, signal);
  }

  async #run(job: ImportJob, signal: AbortSignal): Promise<Outcome<Dataset>> {
    const { datasetId, gathered } = job;
    this.#sources.remember(datasetId, gathered.files);
    const parts = { decoders: this.#parts.decoders, importing: this.importing };
    const alone = await whileAlone(importLock(datasetId), async () => {
      const { runImport } = await importing();
      const outcome = await runImport(job, parts, signal).catch(failureOf);
      // Nothing of it is worth going on with.
      if (!outcome.ok && job.name !== null && (await countImages(datasetId)) === 0) await deleteDataset(datasetId);
      return outcome;
    });
    return (
      alone?.result ?? failed("busy", "Another tab is storing the images of this dataset.", "Wait until it is done.")
    );
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
      if (isSame && images.length > 0 && files.every(({ path }) => paths.has(path))) return dataset;
    }
    return null;
  }

  async #cacheAgain(
    dataset: Dataset,
    files: readonly ImportFile[],
    handles: readonly FileSystemHandle[],
    signal: AbortSignal,
  ): Promise<Outcome<Dataset>> {
    this.#sources.remember(dataset.id, files);
    if (handles.length > 0) await putSourceHandles(dataset.id, handles);
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
    const { cacheFormat } = await importing();
    const outcome = await cacheFormat(task, imageCount, this.#parts.decoders, onProgress, signal);
    if (!outcome.ok) return outcome;
    const format = pixelFormatKey(task.pixels);
    await this.#update(task.datasetId, (dataset) => ({
      ...dataset,
      cachedFormats: [...dataset.cachedFormats, format],
    }));
    return outcome;
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
    const interrupted: InterruptedImport[] = [];
    for (const unfinished of await listUnfinishedImports()) {
      const { datasetId } = unfinished;
      if (await isHeld(importLock(datasetId))) continue;
      interrupted.push({ ...unfinished, stored: await countImages(datasetId) });
    }
    this.interrupted.set(interrupted);
  }
}
