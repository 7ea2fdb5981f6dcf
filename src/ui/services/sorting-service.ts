import type { Outcome } from "../../contract/outcome.ts";
import type { SortedFile } from "../../domain/capture/sorting.ts";
import type { Progress } from "./progress.ts";

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
