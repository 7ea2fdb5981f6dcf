/** What passes between the command line and the headless page: plain data, in JSON's names. */
import type { BackendRequest, ExportOptions } from "../../contract/engine.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Leakage } from "../../domain/dataset/leakage.ts";
import type { PixelRange } from "../../domain/experiment/backbone.ts";
import type { RunFinding } from "../../domain/analysis/findings.ts";
import type { PartFigures, ReportContents } from "../../domain/report/contents.ts";
import type { Language } from "../../domain/text/writer.ts";
import type { Overrides } from "../../domain/experiment/overrides.ts";
import type { PlantingReport, PlantingRequest } from "./planting-protocol.ts";

/** How far a command is: shown on the terminal, kept nowhere. */
export interface ReportedProgress {
  readonly stage:
    | "comparing"
    | "importing"
    | "searching"
    | "preparing"
    | "extracting"
    | "starting"
    | "training"
    | "validating"
    | "judging"
    | "cross-validating"
    | "classifying";
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | null;
  /** What else is worth knowing, for example the loss. */
  readonly note: string;
  /** True at the end of an epoch and the like: worth a line of its own. */
  readonly isMilestone: boolean;
}

export interface UnreadableFile {
  readonly file: string;
  readonly reason: string;
  readonly detail: string;
}

/** How to split; null for what follows from the preset. */
export interface SplitRequest {
  readonly kind: "keras" | "stratified" | null;
  /** Between 0 and 1. */
  readonly validationShare: number | null;
  readonly testShare: number | null;
  readonly seed: number | null;
  readonly bySource: boolean;
}

/** A network whose features the experiment uses. */
export interface RequestedBackbone {
  /** Key of a picked folder that holds a model of layers. */
  readonly files: string;
  readonly name: string;
  readonly range: PixelRange;
}

export interface TrainRequest {
  /** Key of a picked folder. */
  readonly data: string;
  /** Key of a picked folder that is validated on, instead of a split by seed. */
  readonly validationData: string | null;
  readonly split: SplitRequest;
  readonly positive: string | null;
  readonly preset: string;
  readonly overrides: Overrides;
  /** Any fields of the experiment, over preset and overrides. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly backbone: RequestedBackbone | null;
  readonly name: string | null;
  readonly backend: BackendRequest;
}

export interface ReportedEpoch {
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly val_loss: number;
  readonly val_accuracy: number;
  readonly seconds: number;
}

/** run.json */
export interface RunReport {
  readonly name: string;
  readonly preset: string;
  readonly status: string;
  readonly problem: string;
  readonly backend: string | null;
  readonly threads: number | null;
  readonly simd: string | null;
  readonly parameters: number | null;
  readonly seed: number;
  readonly size: number;
  readonly batch: number;
  readonly epochs: number;
  readonly positive: string;
  readonly classes: Readonly<Record<string, number>>;
  readonly split: {
    readonly kind: string;
    readonly training: number;
    readonly validation: number;
    readonly test: number;
  };
  /** Null for runs of before it was measured. */
  readonly leakage: Leakage | null;
  readonly history: readonly ReportedEpoch[];
  /** Median over all steps. */
  readonly milliseconds_per_step: number | null;
  /** Fewer epochs were computed than asked for. */
  readonly stopped_early: boolean;
  /** The epoch with the lowest validation loss; null where none ended. */
  readonly best_epoch: number | null;
  /** Share of the training time that was spent waiting for batches. */
  readonly data_wait_share: number | null;
  readonly peak_heap_bytes: number | null;
  /** What is alive in the engine after the run. */
  readonly memory: { readonly tensors: number; readonly tensor_bytes: number; readonly heap_bytes: number };
  readonly unreadable: readonly UnreadableFile[];
  readonly experiment: unknown;
}

export interface CrossValidationRequest extends Pick<
  TrainRequest,
  "data" | "positive" | "preset" | "overrides" | "config" | "backbone" | "backend"
> {
  /** From 2. */
  readonly folds: number;
  /** An earlier one of the same images, which this one is held against. */
  readonly against: Pick<CrossValidationReport, "preset" | "predictions"> | null;
}

/** cv.json */
export interface CrossValidationReport {
  readonly preset: string;
  readonly positive: string;
  /** Each judged by a network that saw none of its sources. */
  readonly folds: readonly (EvaluationFigures & { readonly sources: readonly string[] })[];
  /** Of all images, each judged by the network of its fold. */
  readonly pooled: EvaluationFigures;
  /** Fitted to `predictions`; null where none can be. */
  readonly calibration: { readonly scale: number; readonly shift: number } | null;
  readonly pooled_calibrated: EvaluationFigures | null;
  /** Before calibration. */
  readonly predictions: readonly { readonly image: string; readonly class: string; readonly probability: number }[];
  readonly against: CrossValidationDifference | null;
  readonly experiment: unknown;
}

/** This one less the other, before calibration, at 0.5; intervals are bootstrap 95 %. */
export interface CrossValidationDifference {
  readonly preset: string;
  readonly images: number;
  readonly balanced_accuracy: number | null;
  /** Single images resampled. */
  readonly interval: readonly [number, number] | null;
  /** Whole sources resampled: the wider, and the honest one. */
  readonly interval_over_sources: readonly [number, number] | null;
}

export interface CompareRequest extends Pick<
  TrainRequest,
  "data" | "positive" | "overrides" | "config" | "backbone" | "backend" | "split"
> {
  readonly presets: readonly string[];
  readonly seeds: readonly number[];
  /** What the report is written in. */
  readonly languages: readonly Language[];
}

/** compare.json, and the report as HTML by language. */
export interface ComparisonReport {
  readonly dataset: string;
  readonly positive: string;
  readonly classes: ReportContents["classes"];
  readonly split: {
    readonly kind: string;
    readonly seed: number;
    readonly training: number;
    readonly validation: number;
    readonly test: number;
  };
  readonly runs: readonly {
    readonly id: string;
    readonly preset: string;
    readonly seed: number;
    readonly size: number;
    readonly epochs: number;
    readonly status: string;
    readonly problem: string;
    /** The epoch whose weights the model has. */
    readonly kept_epoch: number | null;
    readonly parameters: number | null;
    readonly weight_bytes: number | null;
    readonly operations: number | null;
    readonly milliseconds_per_step: number | null;
    /** From cached pixels to the outputs of all views, as measured while the run was judged. */
    readonly milliseconds_per_image: number | null;
    readonly history: readonly ReportedEpoch[];
    readonly validation: PartFigures | null;
    readonly test: PartFigures | null;
    readonly findings: readonly RunFinding[];
    /** The findings in words. */
    readonly sentences: readonly string[];
  }[];
  /** Id of the run that is proposed. */
  readonly final: string | null;
  readonly proposal: ReportContents["proposal"];
  readonly comparisons: ReportContents["comparisons"];
  readonly html: Readonly<Partial<Record<Language, string>>>;
}

export interface EvaluationFigures {
  readonly n: number;
  readonly threshold: number;
  readonly accuracy: number;
  readonly balanced_accuracy: number;
  readonly auroc: number | null;
  readonly confusion: { readonly tp: number; readonly fp: number; readonly tn: number; readonly fn: number };
  readonly by_class: Readonly<Record<string, { readonly n: number; readonly wrong: number }>>;
}

/** eval.json */
export interface EvaluationReport extends EvaluationFigures {
  readonly model: string;
  readonly positive: string;
  readonly unreadable: readonly UnreadableFile[];
}

export interface InspectionRequest {
  /** Keys of picked folders. */
  readonly data: readonly string[];
  readonly positive: string | null;
  readonly seed: number;
  readonly batch: number;
}

type Counts = Readonly<Record<string, number>>;
type ByPart<T> = Readonly<Record<"training" | "validation" | "test", T>>;

/** data.json */
export interface InspectionReport {
  readonly name: string;
  readonly positive: string;
  readonly images: number;
  readonly classes: Counts;
  /** By MIME type, as told by the content. */
  readonly formats: Counts;
  readonly findings: {
    readonly unreadable: readonly UnreadableFile[];
    readonly too_small: readonly string[];
    /** Groups of images: the same bytes. */
    readonly exact_duplicates: readonly (readonly string[])[];
    /** The same picture in other bytes. */
    readonly near_duplicates: readonly (readonly string[])[];
    /** The same picture under more than one class. */
    readonly label_conflicts: readonly (readonly string[])[];
  };
  readonly seconds_searching: number;
  readonly splits: readonly {
    readonly kind: string;
    readonly by_source: boolean;
    readonly seed: number;
    /** Null where the images cannot be split this way; `problem` says why. */
    readonly parts: ByPart<Counts> | null;
    readonly images: ByPart<readonly string[]> | null;
    readonly leakage: Leakage | null;
    readonly problem: string;
  }[];
  /** What the first epoch draws of the default split's training part, for each way to rebalance. */
  readonly epochs: readonly {
    readonly rebalancing: "none" | "oversample" | "class-weights";
    readonly draws: number;
    readonly classes: Counts;
    readonly positives: number;
    readonly negatives: number;
    /** Largest difference between positive and negative images in one batch. */
    readonly largest_difference_in_a_batch: number;
    readonly weights: { readonly positive: number; readonly negative: number } | null;
  }[];
}

export interface ParityRequest {
  /** Content of case.json. */
  readonly json: unknown;
  /** Files that it names, as base64 by the path it names them by. */
  readonly files: Readonly<Record<string, string>>;
  /** The input that holds the model of a case of the group `predict`. */
  readonly model: "files" | "folder" | null;
  /** What tensors are computed with, for the cases that need any. */
  readonly backend: BackendRequest;
}

export interface ParityReport {
  readonly name: string;
  readonly passed: boolean;
  /** Largest |actual − expected|. */
  readonly largest_error: number;
  /** Largest error as a share of its tolerance: passes up to 1. */
  readonly largest_share: number;
  readonly tolerance:
    { readonly absolute: number; readonly relative: number } | { readonly mean_absolute: number } | null;
  readonly problem: string | null;
  /** What Tamis said of a model that it rightly refused. */
  readonly refusal?: string;
}

export interface BenchRequest extends Pick<TrainRequest, "preset" | "overrides" | "config" | "backend"> {
  readonly task: "train-step" | "infer" | "augment" | "import" | "classify" | "startup";
  /** `infer` and `classify` measure the starter model; `classify` otherwise the one in the file input. */
  readonly starter: boolean;
  /** `classify` takes so many files of the folder; null for all. */
  readonly files: number | null;
  readonly warmup: number;
  readonly steps: number;
  /** Key of a picked folder (`import`, `classify`). */
  readonly data: string | null;
}

/** bench.json: medians over repeated steps after warm-up; null where a task has no such figure. */
export interface BenchReport {
  readonly task: string;
  readonly milliseconds: number;
  readonly fastest_milliseconds?: number;
  readonly slowest_milliseconds?: number;
  readonly steps?: number;
  /** Counted from the layers: a multiplication and an addition are two; null where the layers are not known. */
  readonly gflop_per_second: number | null;
  readonly parameters: number | null;
  readonly peak_heap_bytes: number | null;
  /** A step in each of our own WASM kernels; the rest is tfjs' kernels and what lies between. */
  readonly kernel_milliseconds?: Readonly<Record<string, number>>;
  readonly backend: string | null;
  readonly threads: number | null;
  readonly simd: string | null;
  readonly preset?: string;
  readonly size?: number;
  readonly batch?: number;
  readonly images?: number;
  readonly images_per_second?: number;
  /** `augment`: `milliseconds` is the making of one batch on the stream's worker. */
  readonly augmentation?: string;
  readonly milliseconds_per_picture?: number;
  /** A training step on the stream's batches without augmentation, and with it. */
  readonly step_milliseconds?: number;
  readonly augmented_step_milliseconds?: number;
  /** The making of a batch as a share of the step without augmentation. */
  readonly share_of_step?: number;
  /** What augmentation adds to a step, as a share of it. */
  readonly slowdown?: number;
  /** Of an augmented step, what training waited for its batch. */
  readonly waiting_share?: number;
  /** `startup`: until the backend runs; `milliseconds` is until the starter model has answered for the first time. */
  readonly engine_milliseconds?: number;
  readonly unreadable?: number;
  /** JavaScript memory of the page after a quarter of the files and at the end, where the browser tells. */
  readonly page_bytes?: readonly number[];
}

/** A batch that was killed half-way, after it was gone on with. */
export interface ResumedImport {
  readonly id: string;
  /** Images that were stored when it was killed. */
  readonly storedBefore: number;
  readonly images: number;
  readonly findings: number;
}

export interface ResumedBatch {
  readonly csv: string;
  /** Files that were stored when it was killed. */
  readonly doneBefore: number;
}

/** `window.tamisHeadless`: what the command line calls. Folders and files are put into the page's inputs first. */
export interface HeadlessPage {
  /** Resolves when the services are ready. */
  ready(): Promise<void>;
  /** Whether a WebGPU adapter can be had. */
  hasAdapter(): Promise<boolean>;
  /** Keeps what is in the folder input under a key; returns how many files there are. */
  keepFolder(key: string, name: string): number;
  /** Adds what is in one of the inputs to the files to classify, under the operator's own names. */
  addCaptures(from: "folder" | "files", names: readonly string[] | string): number;
  train(request: TrainRequest): Promise<Outcome<{ readonly report: RunReport; readonly modelId: string | null }>>;
  /** Ends the training, and keeps what the last finished epoch reached; false where none runs. */
  stop(): boolean;
  /** `starter`, or the model in one of the inputs. */
  openModel(which: "starter" | "files" | "folder"): Promise<Outcome<string>>;
  /** Answers what an imported model leaves open; says what was assumed, one line a guess. */
  answerModel(
    modelId: string,
    answers: { readonly photo: string | null; readonly pixels: string | null },
  ): Promise<Outcome<readonly string[]>>;
  /** Offers the model as a download: a Tamis zip where nothing else is asked for. */
  saveModel(modelId: string, options?: ExportOptions): Promise<Outcome<null>>;
  inspect(request: InspectionRequest): Promise<Outcome<InspectionReport>>;
  crossValidate(request: CrossValidationRequest): Promise<Outcome<CrossValidationReport>>;
  compare(request: CompareRequest): Promise<Outcome<ComparisonReport>>;
  evaluate(request: {
    readonly modelId: string;
    readonly data: string;
    readonly positive: string | null;
    readonly backend: BackendRequest;
  }): Promise<Outcome<EvaluationReport>>;
  /** Classifies what `addCaptures` added. `read` counts the pages. */
  classify(request: {
    readonly modelId: string;
    readonly backend: BackendRequest;
  }): Promise<
    Outcome<{ readonly json: string; readonly csv: string; readonly read: number; readonly unreadable: number }>
  >;
  parity(request: ParityRequest): Promise<ParityReport>;
  /** The network that `bench` measures, as tfjs' `model.json` describes it; once the engine runs. */
  benchTopology(request: BenchRequest): Promise<Outcome<unknown>>;
  bench(request: BenchRequest): Promise<Outcome<BenchReport>>;
  /** Goes on with the batch that `bench` worked on when its tab was killed. */
  goOn(request: BenchRequest): Promise<Outcome<ResumedBatch>>;
  benchDuplicates(request: PlantingRequest): Promise<Outcome<PlantingReport>>;
  goOnImport(request: BenchRequest): Promise<Outcome<ResumedImport>>;
}

declare global {
  interface Window {
    tamisHeadless?: HeadlessPage;
    /** Set by the command line. */
    tamisReport?: (progress: ReportedProgress) => void;
  }
}
