import type { ExplanationEvent } from "../../contract/engine.ts";
import type { Outcome } from "../../contract/outcome.ts";
import type { Capture } from "../../domain/capture/capture.ts";
import type { Explanation } from "../../domain/explanation/explanation.ts";
import type { Progress } from "./progress.ts";

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
