/** What the command line asks the engine for: reference cases and timings, on the backend that was started. */
import type { Experiment } from "../domain/experiment/experiment.ts";
import type { ReferenceArray, ReferenceCase } from "../domain/parity/reference-case.ts";
import type { ModelFile } from "./engine.ts";
import type { Outcome } from "./outcome.ts";

export interface StepTimesRequest {
  readonly experiment: Experiment;
  /** 1 for a sigmoid, else one a class. */
  readonly outputs: number;
  readonly warmup: number;
  readonly steps: number;
}

export interface StepTimes {
  /** Of each step after the warm-up. */
  readonly milliseconds: readonly number[];
  readonly parameters: number;
  /** WASM: the heap's size, which never shrinks; WebGPU: buffers. */
  readonly peakHeapBytes: number;
  /** WASM: milliseconds a step in each of our kernels. */
  readonly kernels: Readonly<Record<string, number>>;
}

/** An experiment whose augmentation is to be measured. */
export type AugmentationTimesRequest = StepTimesRequest;

export interface AugmentationTimes {
  /** Milliseconds of each batch that is made while nothing else computes. */
  readonly making: readonly number[];
  /** Milliseconds of each training step with the wait for its batch, made by the stream's own worker meanwhile: without augmentation, and with it. */
  readonly plain: readonly number[];
  readonly augmented: readonly number[];
  /** Milliseconds of a step that training waited for its augmented batch, on average. */
  readonly waited: number;
  readonly parameters: number;
  readonly peakHeapBytes: number;
}

export interface MeasurementService {
  /** The outputs of a case of the groups `ops` and `train`, by name. */
  computeReference(
    reference: Pick<ReferenceCase, "group" | "op" | "attributes" | "inputs">,
  ): Promise<Outcome<Readonly<Record<string, ReferenceArray>>>>;
  /** The outputs of a case of the group `predict`, by name: what the model in these files gives. */
  runModelFile(
    files: readonly ModelFile[],
    reference: Pick<ReferenceCase, "attributes" | "inputs">,
  ): Promise<Outcome<Readonly<Record<string, ReferenceArray>>>>;
  /** Whole training steps of the session's own trainer on made-up pictures, each until its loss is known. */
  trainingSteps(request: StepTimesRequest): Promise<Outcome<StepTimes>>;
  /** Steps of the session's own trainer on the stream's own batches of noise. */
  augmentation(request: AugmentationTimesRequest): Promise<Outcome<AugmentationTimes>>;
  /** The network as tfjs' `model.json` describes it, for another program to build. */
  topology(request: Pick<StepTimesRequest, "experiment" | "outputs">): Promise<Outcome<unknown>>;
  /** Forward passes of a batch in inference mode, each until its probabilities are known. */
  inferences(request: StepTimesRequest): Promise<Outcome<StepTimes>>;
  /** The same of a stored model on one picture or more. */
  modelInferences(request: {
    readonly modelId: string;
    readonly batch: number;
    readonly warmup: number;
    readonly steps: number;
  }): Promise<Outcome<StepTimes>>;
}
