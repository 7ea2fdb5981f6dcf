import type { Outcome } from "../../contract/outcome.ts";
import type { Capture } from "../../domain/capture/capture.ts";
import type { Progress } from "./progress.ts";

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

/** Captures into a dataset. */
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
