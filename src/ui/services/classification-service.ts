import type { Outcome } from "../../contract/outcome.ts";
import type { Batch, BatchSource } from "../../domain/capture/batch.ts";
import type { Capture, Decision, Verdict } from "../../domain/capture/capture.ts";
import type { PickedFile } from "./picked-files.ts";
import type { Progress } from "./progress.ts";
import type { Store } from "./store.ts";

/** Where captures come from. */
export interface CaptureOrigin {
  readonly source: BatchSource;
  /** What a new batch is called; none for loose files. */
  readonly name?: string;
  /** The folder, where the browser gives one: with it a batch goes on after Tamis was closed. */
  readonly handle?: FileSystemDirectoryHandle | null;
}

/** How far the batch is that is worked on. */
export interface BatchProgress extends Progress {
  readonly batchId: string;
}

/** What the model says of a picture that is not kept. */
export interface Judgement {
  readonly probability: number;
  readonly verdict: Verdict;
}

/** What came in with some files. */
export interface BatchSummary {
  readonly pages: number;
  readonly unreadable: number;
}

/** Batches of captures and their verdicts. */
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
