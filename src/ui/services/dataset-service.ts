import type { Outcome } from "../../contract/outcome.ts";
import type { Dataset, DatasetImage, Finding } from "../../domain/dataset/dataset.ts";
import type { UnfinishedImport } from "../../domain/dataset/unfinished-import.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import type { PickedFolder } from "./picked-files.ts";
import type { Progress } from "./progress.ts";
import type { Store } from "./store.ts";

/** Where picked files are to go. */
export interface ImportTarget {
  /** The dataset that they are added to; a new one where it is left out. */
  readonly datasetId?: string;
  /** The class of files that lie in no class folder; left out, they are listed and not imported. */
  readonly looseClass?: string;
}

/** An import that was cancelled, or whose tab ended, or that found no room: it can go on, or end with what is stored. */
export interface InterruptedImport extends UnfinishedImport {
  /** Images stored so far. */
  readonly stored: number;
}

/** A picture of a dataset's image. */
export interface DatasetPicture {
  readonly picture: Blob;
  /** From the file; else from what is stored. */
  readonly isOriginal: boolean;
}

/** Annotated images and their import. */
export interface DatasetService {
  /** Newest first. */
  readonly datasets: Store<readonly Dataset[]>;
  /** The import that runs, if one does. */
  readonly importing: Store<(Progress & { readonly datasetId: string; readonly unreadable: number }) | null>;
  /** Oldest first; not those under way in this tab or another. */
  readonly interrupted: Store<readonly InterruptedImport[]>;
  /**
   * Imports one folder per class, from folders and archives; of a dataset that is there, what it does not have yet. What has no class is refused
   * with a message. An import that is cancelled or fails on its way becomes an interrupted one.
   */
  importFolder(folder: PickedFolder, target?: ImportTarget): Promise<Outcome<Dataset>>;
  cancelImport(): void;
  /**
   * Goes on with an interrupted import, from what was picked again, or (null) from the remembered folders.
   * @returns `not-found` where those cannot be read without the person choosing them again
   */
  resumeImport(datasetId: string, folder: PickedFolder | null): Promise<Outcome<Dataset>>;
  /** Ends an interrupted import with the images that are stored. */
  keepImported(datasetId: string): Promise<Outcome<Dataset>>;
  /** Deletes what an interrupted import stored; of one that added to a dataset, only that it is listed. */
  discardImport(datasetId: string): Promise<void>;
  setPositiveClass(datasetId: string, className: string): Promise<void>;
  rename(datasetId: string, name: string): Promise<void>;
  remove(datasetId: string): Promise<void>;
  images(datasetId: string): Promise<readonly DatasetImage[]>;
  findings(datasetId: string): Promise<readonly Finding[]>;
  thumbnail(datasetId: string, imageId: string): Promise<Blob | undefined>;
  /**
   * The image as large as it can be had: its page of the file, else the stored pixels, whose proportions are those of the cache.
   * @param mayAsk asks for the permission to read a remembered folder, which browsers allow only soon after a click
   */
  picture(image: DatasetImage, mayAsk: boolean): Promise<DatasetPicture | undefined>;
  /** Pictures of what a run of this experiment would see of the image while it learns: `count` draws from `seed`. */
  augmentedViews(
    image: DatasetImage,
    experiment: Pick<Experiment, "augmentation" | "pixels" | "inputSize">,
    draws: { readonly count: number; readonly seed: number },
  ): Promise<Outcome<readonly Blob[]>>;
}
