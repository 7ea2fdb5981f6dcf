/** What the screens may ask for. The app implements these and hands them down through contexts.ts; elements never reach past them. */
import type {
  BackendInfo,
  ExplanationEvent,
  ExportOptions,
  Precision,
  RunEstimate,
  TrainingEvent,
  Trial,
} from "../contract/engine.ts";
import type { Outcome } from "../contract/outcome.ts";
import type { Batch, BatchSource } from "../domain/capture/batch.ts";
import type { Capture, Decision, Verdict } from "../domain/capture/capture.ts";
import type { SortedFile } from "../domain/capture/sorting.ts";
import type { Dataset, DatasetImage, Finding } from "../domain/dataset/dataset.ts";
import type { Split, SplitPlan } from "../domain/dataset/split-types.ts";
import type { KnownDuplicates } from "../domain/dataset/leakage.ts";
import type { ChoiceHistory } from "../domain/vetting/choice-history.ts";
import type { VettedImage } from "../domain/vetting/choices.ts";
import type { Choices } from "../domain/vetting/decisions.ts";
import type { UnfinishedImport } from "../domain/dataset/unfinished-import.ts";
import type { Experiment } from "../domain/experiment/experiment.ts";
import type { Explanation } from "../domain/explanation/explanation.ts";
import type { Evaluation } from "../domain/metrics/evaluation.ts";
import type { Model, ModelMetadata, Preprocessing } from "../domain/model/model.ts";
import type { JudgedImages, JudgedPart } from "../domain/run/predictions.ts";
import type { Run } from "../domain/run/run.ts";

/** A value that changes, and tells. */
export interface Store<T> {
  readonly value: T;
  /** Calls back after every change until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** How far a long task is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Items a second, over the last seconds; null until measured. */
  readonly rate: number | null;
  /** Null until measured. */
  readonly secondsLeft: number | null;
}

/** A file with its path below the folder that was picked or dropped (`Photo/a.jpg`). */
export interface PickedFile {
  readonly path: string;
  readonly file: File;
}

/**
 * What was picked or dropped: the files, an archive as the file that it is, at their paths below the folder; where several things were picked, below
 * each one's own name. `handles` are those of all of them, where the browser gives them (they let Tamis read the files again later).
 */
export interface PickedFolder {
  readonly name: string;
  readonly files: readonly PickedFile[];
  readonly handles: readonly FileSystemHandle[];
}

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

export interface DatasetPicture {
  readonly picture: Blob;
  /** From the file; else from what is stored. */
  readonly isOriginal: boolean;
}

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

/** A dataset's images, what was decided about them, and what is known of them. */
export interface DatasetVetting {
  /** Also those left out. */
  readonly images: readonly VettedImage[];
  /** Null where nobody looked for duplicates. */
  readonly duplicates: KnownDuplicates | null;
  /** Images that no search for duplicates has looked at: it was cancelled, or came later than the last one. */
  readonly unsearched: number;
  /** By image id; images of an old import have none. */
  readonly colourfulness: ReadonlyMap<string, number>;
}

export interface VettingService {
  /** The search for duplicates that runs in this tab, if one does. It begins by itself after an import. */
  readonly searching: Store<(Progress & { readonly datasetId: string }) | null>;
  of(datasetId: string): Promise<DatasetVetting>;
  /**
   * Decides about images; null takes a decision back. Counts, splits and training follow.
   * @returns what undoes it
   */
  choose(datasetId: string, choices: Choices): Promise<() => Promise<void>>;
  /** What was decided in this tab, by dataset. */
  readonly histories: Store<ReadonlyMap<string, ChoiceHistory>>;
  /** Undoes the last step of a dataset's history; nothing where there is none. */
  undo(datasetId: string): Promise<void>;
  redo(datasetId: string): Promise<void>;
  /** Looks for duplicates (again). */
  search(datasetId: string): Promise<Outcome<KnownDuplicates>>;
  cancelSearch(): void;
}

/** A run while it is computed. */
export interface ActiveRun {
  readonly runId: string;
  /** The run as stored after its last epoch. */
  readonly run: Run;
  /** Preparing: pixels at the experiment's size are being cached. Extracting: a backbone says what it sees in each image. */
  readonly phase: "preparing" | "extracting" | "starting" | "training" | "paused" | "validating" | "stopping";
  /** Of either of the two. */
  readonly preparing: Progress | null;
  readonly started: Extract<TrainingEvent, { type: "started" }> | null;
  readonly step: Extract<TrainingEvent, { type: "step" }> | null;
  /** Why the run had to begin again from its last stored epoch, in English; null where nothing happened. */
  readonly recovered: string | null;
}

export interface EvaluatedImage {
  readonly imageId: string;
  readonly className: string;
  readonly probability: number;
  readonly wrong: boolean;
}

export interface RunEvaluation {
  readonly evaluation: Evaluation;
  /** Surest mistakes first, then the rest. */
  readonly images: readonly EvaluatedImage[];
}

export interface TrainingService {
  /** Newest first. */
  readonly runs: Store<readonly Run[]>;
  readonly active: Store<ActiveRun | null>;
  /** Presets by name, as experiments that can be changed before they start. */
  readonly presets: readonly Experiment[];
  /** Draws a split that several runs can be given, so that they may be compared. */
  drawSplit(datasetId: string, plan: SplitPlan): Promise<Outcome<Split>>;
  /**
   * Resolves when the run ended (also stopped); refuses nonsense with a message. One at a time, also across tabs.
   * @param split how to split, or a split that was drawn before; `defaultSplit` where not given
   */
  train(datasetId: string, experiment: Experiment, split?: SplitPlan | Split): Promise<Outcome<Run>>;
  /**
   * Puts runs at the end of the queue, all on one split of the dataset; all of them or, where one is nonsense, none. The queue is worked off one run
   * after the other, and goes on by itself when Tamis was closed and is opened again.
   */
  enqueue(
    datasetId: string,
    experiments: readonly Experiment[],
    split?: SplitPlan | Split,
  ): Promise<Outcome<readonly Run[]>>;
  /** The queue waits until it is let go on: no further run begins. */
  readonly queueHeld: Store<boolean>;
  holdQueue(isHeld: boolean): Promise<void>;
  /** Lets a waiting run change places with the one before (-1) or after (1) it. */
  moveInQueue(runId: string, by: -1 | 1): Promise<void>;
  /** Takes a waiting run out of the queue. Returns a function that undoes it (until the page is left). */
  withdraw(runId: string): Promise<() => Promise<void>>;
  /** What such a run would cost, from a few real steps; not while another one is computed. */
  estimate(
    dataset: Dataset,
    experiment: Experiment,
    split: SplitPlan,
    signal: AbortSignal,
  ): Promise<Outcome<RunEstimate>>;
  /** Goes on with a run that was interrupted or stopped, from its last stored epoch. Resolves as `train` does. */
  resumeRun(runId: string): Promise<Outcome<Run>>;
  /** Lets the run wait between two steps, or go on; what it has in memory stays. */
  pause(isPaused: boolean): void;
  /** Ends the run; what the last finished epoch reached is kept, and it can go on from there. */
  stop(): void;
  /**
   * What a run's model says of each image of its validation or test part. Computed once, when the run ends or at the first call, and then read.
   * A run without that part is refused with the code `too-few-images`.
   */
  predictions(
    runId: string,
    part: JudgedPart,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<JudgedImages>>;
  /** What of that is stored, as of the run's last epoch; null where nothing is. Computes nothing. */
  storedPredictions(runId: string, part: JudgedPart): Promise<JudgedImages | null>;
  remove(runId: string): Promise<void>;
}

/** What turns a model's probabilities into verdicts. */
export type Deciding = Pick<ModelMetadata, "threshold" | "reviewBand" | "calibration">;

export interface ModelAnswers {
  /** Index in the output's labels. */
  readonly positive: number;
  readonly labels: readonly string[];
  readonly preprocessing: Preprocessing;
}

/** A question about a model with fewer bits a weight. */
export interface PrecisionTask {
  readonly modelId: string;
  readonly datasetId: string;
  readonly precision: Precision;
}

/** What fewer bits change. */
export interface PrecisionChange {
  /** How many were judged. */
  readonly images: number;
  /** The validation part of the model's own run; else all images of the dataset. */
  readonly isValidation: boolean;
  /** Balanced accuracy at the model's threshold, 0 to 1. */
  readonly before: number;
  readonly after: number;
  /** Images whose verdict is another one, the review band included. */
  readonly changedVerdicts: number;
}

export interface ModelService {
  /** Newest first. */
  readonly models: Store<readonly Model[]>;
  /** The model that classifies. */
  readonly defaultModelId: Store<string | null>;
  setDefault(modelId: string): Promise<void>;
  /** Classification follows from the next image on. Returns a function that undoes it (until the page is left). */
  setDeciding(modelId: string, deciding: Deciding): Promise<() => Promise<void>>;
  rename(modelId: string, name: string): Promise<void>;
  /** Returns a function that undoes it (until the page is left). */
  remove(modelId: string): Promise<() => Promise<void>>;
  /** The model as a file, ready to be saved: a Tamis zip where nothing else is asked for. */
  exportBundle(modelId: string, options?: ExportOptions): Promise<Outcome<File>>;
  /** Judges the model with its weights as they are and as an export would store them, on the same images of a dataset. */
  precisionChange(
    task: PrecisionTask,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<PrecisionChange>>;
  /** Says what an imported model's files did not: which output is the photo, how pixels are prepared. It has no open questions afterwards. */
  answer(modelId: string, answers: ModelAnswers): Promise<void>;
  /** What a model says of a few images, prepared in each of these ways; nothing is stored. */
  tryOut(
    modelId: string,
    files: readonly Blob[],
    candidates: readonly Preprocessing[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Trial>>;
  /** A model of any format that Tamis reads: its one file (a zip too), or all of its files. */
  importFiles(files: readonly PickedFile[]): Promise<Outcome<Model>>;
}

/** Where captures come from. */
export interface CaptureOrigin {
  readonly source: BatchSource;
  /** What a new batch is called; none for loose files. */
  readonly name?: string;
  /** The folder, where the browser gives one: with it a batch goes on after Tamis was closed. */
  readonly handle?: FileSystemDirectoryHandle | null;
}

export interface BatchProgress extends Progress {
  readonly batchId: string;
}

/** What the model says of a picture that is not kept. */
export interface Judgement {
  readonly probability: number;
  readonly verdict: Verdict;
}

export interface BatchSummary {
  readonly pages: number;
  readonly unreadable: number;
}

export interface ClassificationService {
  /** Newest first. */
  readonly batches: Store<readonly Batch[]>;
  /** The batch that is shown; null: nothing has come in yet. */
  readonly openBatch: Store<Batch | null>;
  /** Of the open batch, in the order they came in. */
  readonly captures: Store<readonly Capture[]>;
  /** Of the batch that is worked on now, which need not be the open one. */
  readonly progress: Store<BatchProgress | null>;
  /** Shows a batch, or a clean table. */
  open(batchId: string | null): Promise<void>;
  /** Classifies with the default model. Loose files go into the open batch where it takes them; else a new batch is begun and opened. */
  classify(files: readonly PickedFile[], origin: CaptureOrigin): Promise<Outcome<BatchSummary>>;
  /** Classifies what appears in a folder, until paused or stopped. */
  watch(handle: FileSystemDirectoryHandle): Promise<Outcome<BatchSummary>>;
  /** Files to go on with; null where the person has to pick them again. To be called soon after a click. */
  findFiles(batchId: string): Promise<readonly PickedFile[] | null>;
  /** Goes on with a batch that was paused or interrupted; files that it classified before are left out. */
  resume(batchId: string, files: readonly PickedFile[]): Promise<Outcome<BatchSummary>>;
  pause(batchId: string): void;
  /** Ends a batch: what was not classified yet is dropped. */
  stop(batchId: string): Promise<void>;
  /** What the default model says of a picture, without keeping anything; null where it has no time now. */
  judge(picture: Blob): Promise<Judgement | null>;
  /** The person's verdict over the model's; null takes it back. Returns a function that undoes it. */
  decide(captures: readonly Capture[], verdict: Decision["verdict"] | null): Promise<() => Promise<void>>;
  thumbnail(capture: Capture): Promise<Blob | undefined>;
  /** The capture's page as large as it can be had without asking; else its thumbnail. */
  picture(capture: Capture): Promise<Blob | undefined>;
  /** The capture's file, where it can be had without asking. */
  original(capture: Capture): Promise<File | undefined>;
  rename(batchId: string, name: string): Promise<void>;
  /** Takes captures of one batch off its list. Returns a function that undoes it (until the page is left). */
  remove(captures: readonly Capture[]): Promise<() => Promise<void>>;
  /** Deletes batches with all that is stored of them. Returns a function that undoes it (until the page is left). */
  removeBatches(ids: readonly string[]): Promise<() => Promise<void>>;
  /** The open batch's list as a file: RFC 4180 CSV or JSON. */
  exportList(format: "csv" | "json"): File;
}

/** How far an explanation is. Preparing: the dataset's pixels are being cached as the model takes them. */
export type ExplanationStep = ExplanationEvent | { readonly type: "preparing"; readonly progress: Progress };

/** Asks for an explanation of a picture that is known to whoever made this. */
export type Explain = (onStep: (step: ExplanationStep) => void, signal: AbortSignal) => Promise<Outcome<Explanation>>;

/** Where in a picture a model finds what it judges by. */
export interface ExplanationService {
  ofImage(modelId: string, datasetId: string, imageId: string): Explain;
  /** By the model that classified it; `not-found` where that or the capture's file cannot be had any more. */
  ofCapture(capture: Capture): Explain;
}

/** What a sorting did. */
export interface SortingReport {
  readonly copied: number;
  readonly moved: number;
  /** Under that name, with the same content, before. */
  readonly alreadyThere: number;
  /** Files that could not be had. */
  readonly missing: readonly string[];
}

/** Takes a batch's files into folders. Nothing is ever written over; done again, it goes on where it was stopped. A log lies beside the folders. */
export interface SortingService {
  /** Whether the originals can be taken away after they were copied. */
  canMove(batchId: string): Promise<boolean>;
  /** How many of the planned names are taken in the target already. */
  takenNames(plan: readonly SortedFile[], target: FileSystemDirectoryHandle): Promise<number>;
  sortInto(
    batchId: string,
    plan: readonly SortedFile[],
    target: FileSystemDirectoryHandle,
    options: { readonly moves: boolean },
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<SortingReport>>;
  /** The same into a zip, for browsers that give no folders. */
  zip(
    batchId: string,
    plan: readonly SortedFile[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<{ readonly file: File; readonly report: SortingReport }>>;
}

/** A capture as an image to learn from. */
export interface LabelledCapture {
  readonly capture: Capture;
  readonly className: string;
}

export interface LabellingReport {
  /** Images that the dataset did not have. */
  readonly added: number;
  /** Images that it has, of this class already or left out by a person. */
  readonly known: number;
  /** Images that it has under another class; they now count as this one. */
  readonly relabelled: number;
  /** Files that could not be had. */
  readonly missing: readonly string[];
}

export interface LabellingService {
  /**
   * Adds captures to a dataset as images of a class. What it has already is told by the content. A page of several is added as a picture of its own.
   * To be called soon after a click, since it may ask for the permission to read a folder.
   * @param onProgress of looking at the files; their import shows as any other does
   */
  addToDataset(
    datasetId: string,
    labelled: readonly LabelledCapture[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<{ readonly report: LabellingReport; readonly undo: () => Promise<void> }>>;
}

export type Locale = "fr" | "en";
export type Theme = "light" | "dark" | "system";

export interface SystemService {
  /** Tamis' own version, for example `0.1.0`. */
  readonly version: string;
  readonly locale: Store<Locale>;
  setLocale(locale: Locale): Promise<void>;
  readonly theme: Store<Theme>;
  setTheme(theme: Theme): Promise<void>;
  /** Null until the engine started. */
  readonly backend: Store<BackendInfo | null>;
  /** Bytes used and available; `persisted`: the browser promised not to clear them by itself. */
  readonly storage: Store<{ readonly used: number; readonly quota: number; readonly persisted: boolean } | null>;
  readonly online: Store<boolean>;
  /** True once everything is cached and Tamis works without a network. */
  readonly offlineReady: Store<boolean>;
  /** A new version waits; `applyUpdate` reloads into it. */
  readonly updateReady: Store<boolean>;
  applyUpdate(): void;
  /** Tamis can be installed as an app; `install` asks the browser to. */
  readonly installable: Store<boolean>;
  install(): Promise<void>;
}
