/** Trains a stored run to its end, keeping what each finished epoch reached. */
import type { BackendInfo, TrainingEvent } from "../../../src/contract/engine.ts";
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import { calibrationOf } from "../../../src/domain/experiment/sampling.ts";
import { trainingSizeAt } from "../../../src/domain/experiment/schedule.ts";
import { validateExperiment } from "../../../src/domain/experiment/validate.ts";
import type { Calibration } from "../../../src/domain/model/calibration.ts";
import type { ModelOutput, Preprocessing } from "../../../src/domain/model/model.ts";
import type { EpochValues, Run, RunStatus } from "../../../src/domain/run/run.ts";
import { getRun, putRun } from "../../../src/storage/runs.ts";
import { heapBytes } from "../backends/index.ts";
import { preprocessingOf } from "../evaluation/predict.ts";
import { positiveOf, probabilitiesOf } from "../evaluation/probability.ts";
import { EngineError, failureFrom } from "../failure.ts";
import { imagesById, requireDataset } from "../stream/image-list.ts";
import { PixelStore } from "../stream/pixel-store.ts";
import { TrainingBatches } from "../stream/training-batches.ts";
import { letMessagesIn } from "../yield.ts";
import { Pace } from "./pace.ts";
import { saveEpoch } from "./save-epoch.ts";
import { isPositive, outputCount, outputOf, targetOf } from "./targets.ts";
import { Trainer } from "./trainer.ts";
import { validate, type Validation, type ValidationImages } from "./validation.ts";

/** A few events a second are all that a screen can show. */
const millisecondsBetweenEvents = 250;

type OnEvent = (event: TrainingEvent) => void;

/**
 * @returns the run as it was stored last: `finished`, or `stopped` where `signal` was aborted.
 * @throws what made it fail, after the run was stored as `failed` with the reason.
 */
export async function trainRun(
  runId: string,
  backend: BackendInfo,
  onEvent: OnEvent,
  signal: AbortSignal,
  onModelStored: (modelId: string) => Promise<void>,
): Promise<Run> {
  const queued = await getRun(runId);
  if (!queued) throw new EngineError("not-found", "There is no such run.");
  if (queued.status !== "queued") {
    throw new EngineError("bad-input", `This run is ${queued.status}, not queued.`, "Start a new run.");
  }
  const session = new Session(queued, backend, onEvent, onModelStored);
  try {
    await session.prepare();
    await letMessagesIn();
    signal.throwIfAborted();
    await session.train(signal);
    return await session.end("finished");
  } catch (error) {
    if (signal.aborted && failureFrom(error).code === "cancelled") return await session.end("stopped");
    await session.end("failed", failureFrom(error).message);
    throw error;
  } finally {
    session.dispose();
  }
}

class Session {
  #run: Run;
  readonly #backend: BackendInfo;
  readonly #onEvent: OnEvent;
  readonly #onModelStored: (modelId: string) => Promise<void>;
  readonly #output: ModelOutput;
  readonly #preprocessing: Preprocessing;
  #training: readonly DatasetImage[] = [];
  #calibration: Calibration | null = null;
  #validation!: ValidationImages;
  #batches!: TrainingBatches;
  #trainer: Trainer | null = null;
  #pace!: Pace;
  #peakHeapBytes = 0;
  #lastEvent = 0;

  constructor(run: Run, backend: BackendInfo, onEvent: OnEvent, onModelStored: (modelId: string) => Promise<void>) {
    this.#run = run;
    this.#backend = backend;
    this.#onEvent = onEvent;
    this.#onModelStored = onModelStored;
    this.#output = outputOf(run, run.experiment.output);
    this.#preprocessing = preprocessingOf(run.experiment);
  }

  /** Checks the experiment, opens the pixels and builds the network. */
  async prepare(): Promise<void> {
    const { datasetId, experiment, split, positiveClass } = this.#run;
    const dataset = await requireDataset(datasetId);
    this.#training = await imagesById(datasetId, split.training);
    const validationImages = await imagesById(datasetId, split.validation);
    this.#check(dataset.classCounts);
    const positives = this.#training.filter(({ className }) => className === positiveClass).length;
    this.#calibration = calibrationOf(experiment, positives / this.#training.length);
    const ids = [...split.training, ...split.validation];
    const store = await PixelStore.open(datasetId, experiment.pixels, ids);
    this.#batches = new TrainingBatches(experiment, positiveClass, this.#training, store);
    this.#validation = { images: validationImages, store: store.from(split.training.length) };
    const { stepsPerEpoch } = this.#batches;
    const plan = Array.from({ length: experiment.epochs }, (_, epoch) => ({
      steps: stepsPerEpoch,
      size: trainingSizeAt(experiment, epoch),
    }));
    this.#pace = new Pace(plan);
    this.#trainer = new Trainer(experiment, outputCount(this.#output), stepsPerEpoch * experiment.epochs);
    this.#run = { ...this.#run, status: "running", engine: this.#engine() };
    await putRun(this.#run);
    const { parameters } = this.#trainer;
    this.#onEvent({ type: "started", backend: this.#backend, parameters, stepsPerEpoch });
  }

  #check(classCounts: readonly number[]): void {
    const { experiment, classNames, positiveClass, split } = this.#run;
    const counts = new Map(classNames.map((name) => [name, 0]));
    for (const { className } of this.#training) counts.set(className, (counts.get(className) ?? 0) + 1);
    const trainingCounts = classNames.map((name) => counts.get(name)!);
    const problem = validateExperiment(experiment, { classNames, positiveClass, classCounts }, trainingCounts);
    if (problem) throw new EngineError(problem.code, problem.message, problem.remedy);
    if (split.validation.length === 0) {
      throw new EngineError("too-few-images", "No image is held out for validation.", "Hold some images out.");
    }
  }

  async train(signal: AbortSignal): Promise<void> {
    const { epochs } = this.#run.experiment;
    for (let epoch = 0; epoch < epochs; epoch++) {
      const begin = performance.now();
      const training = await this.#trainEpoch(epoch, signal);
      const validation = await this.#validate(epoch, signal);
      this.#refuseDiverged(epoch, validation.loss);
      await this.#finishEpoch({
        epoch: epoch + 1,
        loss: training.loss,
        accuracy: training.accuracy,
        validationLoss: validation.loss,
        validationAccuracy: validation.accuracy,
        seconds: (performance.now() - begin) / 1000,
      });
    }
  }

  async #trainEpoch(epoch: number, signal: AbortSignal): Promise<Validation> {
    const trainer = this.#trainer!;
    trainer.beginEpoch(epoch);
    let seen = 0;
    let lossSum = 0;
    let right = 0;
    let step = 0;
    let begin = performance.now();
    for await (const { pixels, size, indices } of this.#batches.epoch(epoch)) {
      const targets = Array.from(indices, (index) => targetOf(this.#output, this.#training[index]!.className));
      const { loss, logits } = await trainer.step(pixels, size, targets);
      this.#refuseDiverged(epoch, loss);
      seen += targets.length;
      lossSum += loss * targets.length;
      const probabilities = positiveOf(this.#output, probabilitiesOf(this.#output, logits));
      for (const [i, target] of targets.entries()) {
        if (probabilities[i]! > 0.5 === isPositive(this.#output, target)) right += 1;
      }
      step += 1;
      await letMessagesIn();
      this.#pace.addStep(epoch, performance.now() - begin);
      begin = performance.now();
      this.#tellStep(epoch, step, lossSum / seen, right / seen);
      signal.throwIfAborted();
    }
    this.#noteHeap();
    return { loss: lossSum / seen, accuracy: right / seen };
  }

  #tellStep(epoch: number, step: number, loss: number, accuracy: number): void {
    if (!this.#isTimeToTell() && step !== this.#batches.stepsPerEpoch) return;
    this.#noteHeap();
    const { millisecondsPerStep } = this.#pace;
    const secondsLeft = this.#pace.secondsLeft(epoch, step);
    this.#onEvent({ type: "step", epoch: epoch + 1, step, loss, accuracy, millisecondsPerStep, secondsLeft });
  }

  async #validate(epoch: number, signal: AbortSignal): Promise<Validation> {
    const begin = performance.now();
    const total = this.#validation.images.length;
    const onProgress = (done: number) => {
      if (this.#isTimeToTell()) this.#onEvent({ type: "validating", epoch: epoch + 1, done, total });
    };
    const { judged } = this.#trainer!;
    const result = await validate(
      judged,
      this.#validation,
      this.#preprocessing,
      this.#output,
      this.#calibration,
      onProgress,
      signal,
    );
    this.#pace.addValidation(performance.now() - begin);
    this.#noteHeap();
    return result;
  }

  async #finishEpoch(values: EpochValues): Promise<void> {
    this.#run = { ...this.#run, history: [...this.#run.history, values], engine: this.#engine() };
    this.#run = await saveEpoch(this.#run, this.#trainer!, this.#preprocessing, this.#output, this.#calibration);
    const modelId = this.#run.modelId!;
    await this.#onModelStored(modelId);
    const secondsLeft = this.#pace.secondsLeft(values.epoch, 0);
    this.#onEvent({ type: "epoch", values, modelId, secondsLeft });
  }

  /** Stores how the run ended; only the status and the reason change, the last finished epoch stays. */
  async end(status: RunStatus, problem = ""): Promise<Run> {
    this.#run = { ...this.#run, status, problem };
    await putRun(this.#run);
    return this.#run;
  }

  #engine() {
    return {
      backend: this.#backend.name,
      threads: this.#backend.threads,
      simd: this.#backend.simd,
      parameters: this.#trainer!.parameters,
      millisecondsPerStep: this.#pace.millisecondsPerStep,
      peakHeapBytes: this.#peakHeapBytes,
    };
  }

  #noteHeap(): void {
    this.#peakHeapBytes = Math.max(this.#peakHeapBytes, heapBytes());
  }

  #isTimeToTell(): boolean {
    const now = performance.now();
    if (now - this.#lastEvent < millisecondsBetweenEvents) return false;
    this.#lastEvent = now;
    return true;
  }

  #refuseDiverged(epoch: number, loss: number): void {
    if (Number.isFinite(loss)) return;
    const kept = epoch === 0 ? "Nothing was kept." : `What epoch ${epoch} reached is kept.`;
    throw new EngineError(
      "diverged",
      `The loss was no longer a number in epoch ${epoch + 1}: the training diverged. ${kept}`,
      "Choose a lower learning rate, for example a tenth of this one.",
    );
  }

  dispose(): void {
    this.#trainer?.dispose();
    this.#trainer = null;
  }
}
