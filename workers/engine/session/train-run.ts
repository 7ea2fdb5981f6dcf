/** Trains a stored run to its end, keeping what each finished epoch reached. */
import type { BackendInfo, TrainingEvent } from "../../../src/contract/engine.ts";
import type { DatasetImage } from "../../../src/domain/dataset/dataset.ts";
import { type SideWeights, sideWeights } from "../../../src/domain/experiment/class-weights.ts";
import { calibrationOf } from "../../../src/domain/experiment/sampling.ts";
import { trainingSizeAt } from "../../../src/domain/experiment/schedule.ts";
import { validateExperiment } from "../../../src/domain/experiment/validate.ts";
import type { ImageSummary } from "../../../src/domain/drift/image-drift.ts";
import type { Calibration } from "../../../src/domain/model/calibration.ts";
import type { ModelOutput, Preprocessing } from "../../../src/domain/model/model.ts";
import { positiveOf } from "../../../src/domain/model/output.ts";
import { earlyStoppingState } from "../../../src/domain/run/early-stopping.ts";
import { divergenceProblem, type EpochValues, type Run, type RunStatus } from "../../../src/domain/run/run.ts";
import { getCheckpoint, getRun, putEndedRun, putRun } from "../../../src/storage/runs.ts";
import { heapBytes, memoryLimits } from "../backends/index.ts";
import { preprocessingOf } from "../evaluation/predict.ts";
import { probabilitiesOf } from "../evaluation/probability.ts";
import { EngineError, failureFrom } from "../failure.ts";
import { imagesById, requireDataset } from "../stream/image-list.ts";
import { letMessagesIn } from "../yield.ts";
import type { PauseGate } from "./pause-gate.ts";
import { summaryOf } from "./image-summary.ts";
import { type Material, openMaterial } from "./material.ts";
import { Pace } from "./pace.ts";
import { saveEpoch } from "./save-epoch.ts";
import { isPositive, outputCount, outputOf, targetOf } from "./targets.ts";
import { Trainer } from "./trainer.ts";
import { validate, type Validation } from "./validation.ts";

/** A few events a second are all that a screen can show. */
const millisecondsBetweenEvents = 250;

type OnEvent = (event: TrainingEvent) => void;

/**
 * Begins a run, or goes on from its checkpoint.
 * @returns the run as it was stored last: `finished`, or `stopped` where `signal` was aborted.
 * @throws what made it fail, after the run was stored as `failed` with the reason.
 */
export async function trainRun(
  runId: string,
  backend: BackendInfo,
  onEvent: OnEvent,
  signal: AbortSignal,
  gate: PauseGate,
  onModelStored: (modelId: string) => Promise<void>,
): Promise<Run> {
  const queued = await getRun(runId);
  if (!queued) throw new EngineError("not-found", "There is no such run.");
  if (queued.status !== "queued") {
    throw new EngineError("bad-input", `This run is ${queued.status}, not queued.`, "Start a new run.");
  }
  const session = new Session(queued, backend, onEvent, gate, onModelStored);
  try {
    await session.prepare(signal);
    await letMessagesIn();
    signal.throwIfAborted();
    await session.train(signal);
    return await session.end("finished");
  } catch (error) {
    if (signal.aborted && failureFrom(error).code === "cancelled") return await session.end("stopped");
    const { code, message } = failureFrom(error);
    await session.end("failed", message, code !== "diverged");
    throw error;
  } finally {
    session.dispose();
  }
}

class Session {
  #run: Run;
  readonly #backend: BackendInfo;
  readonly #onEvent: OnEvent;
  readonly #gate: PauseGate;
  readonly #onModelStored: (modelId: string) => Promise<void>;
  readonly #output: ModelOutput;
  readonly #preprocessing: Preprocessing;
  #training: readonly DatasetImage[] = [];
  #calibration: Calibration | null = null;
  #images!: ImageSummary;
  #weights: SideWeights | null = null;
  #validation: readonly DatasetImage[] = [];
  #material!: Material;
  #trainer: Trainer | null = null;
  #pace!: Pace;
  #peakHeapBytes = 0;
  #featureSeconds = 0;
  #lastEvent = 0;
  /** Milliseconds that this epoch was paused for. */
  #paused = 0;

  constructor(
    run: Run,
    backend: BackendInfo,
    onEvent: OnEvent,
    gate: PauseGate,
    onModelStored: (modelId: string) => Promise<void>,
  ) {
    this.#run = run;
    this.#gate = gate;
    this.#backend = backend;
    this.#onEvent = onEvent;
    this.#onModelStored = onModelStored;
    this.#output = outputOf(run, run.experiment.output);
    this.#preprocessing = preprocessingOf(run.experiment);
  }

  /** Checks the experiment, opens the pixels (or computes features) and builds the network. */
  async prepare(signal: AbortSignal): Promise<void> {
    const { datasetId, experiment, split, positiveClass } = this.#run;
    const dataset = await requireDataset(datasetId);
    this.#training = await imagesById(datasetId, split.training);
    this.#validation = await imagesById(datasetId, split.validation);
    this.#check(dataset.classCounts);
    const positives = this.#training.filter(({ className }) => className === positiveClass).length;
    this.#calibration = calibrationOf(experiment, positives / this.#training.length);
    this.#weights = sideWeights(experiment.classWeights, positives, this.#training.length - positives);
    const begin = performance.now();
    this.#material = await this.#openMaterial(signal);
    if (experiment.backbone?.role === "features") this.#featureSeconds = (performance.now() - begin) / 1000;
    const { pixels } = this.#preprocessing;
    this.#images = await summaryOf(datasetId, pixels, this.#training, positiveClass, signal);
    const { stepsPerEpoch } = this.#material.batches;
    const plan = Array.from({ length: experiment.epochs }, (_, epoch) => ({
      steps: stepsPerEpoch,
      size: trainingSizeAt(experiment, epoch),
    }));
    this.#pace = new Pace(plan);
    const steps = stepsPerEpoch * experiment.epochs;
    this.#trainer = new Trainer(experiment, outputCount(this.#output), steps, this.#material.backbone);
    await this.#goOn();
    this.#run = { ...this.#run, status: "running", engine: this.#engine() };
    await putRun(this.#run);
    const { parameters } = this.#trainer;
    this.#onEvent({ type: "started", backend: this.#backend, parameters, stepsPerEpoch });
  }

  #openMaterial(signal: AbortSignal): Promise<Material> {
    const request = {
      run: this.#run,
      preprocessing: this.#preprocessing,
      training: this.#training,
      validation: this.#validation,
    };
    const onEvent: OnEvent = (event) => {
      if (this.#isTimeToTell()) this.#onEvent(event);
    };
    return openMaterial(request, onEvent, signal);
  }

  /** Brings the network to where the last stored epoch ended. */
  async #goOn(): Promise<void> {
    const { id, checkpointEpoch, history } = this.#run;
    this.#run = { ...this.#run, history: history.slice(0, checkpointEpoch ?? 0) };
    if (checkpointEpoch === null) return;
    const checkpoint = await getCheckpoint(id);
    if (checkpoint?.epoch !== checkpointEpoch) {
      throw new EngineError("not-found", "What this run would go on from is not there any more.", "Start a new run.");
    }
    await this.#trainer!.restore(checkpoint);
    this.#pace.skip(checkpointEpoch);
  }

  #check(classCounts: readonly number[]): void {
    const { experiment, classNames, positiveClass, split } = this.#run;
    const counts = new Map(classNames.map((name) => [name, 0]));
    for (const { className } of this.#training) counts.set(className, (counts.get(className) ?? 0) + 1);
    const trainingCounts = classNames.map((name) => counts.get(name)!);
    const dataset = { classNames, positiveClass, classCounts };
    const problem = validateExperiment(experiment, dataset, trainingCounts, memoryLimits());
    if (problem) throw new EngineError(problem.code, problem.message, problem.remedy);
    if (split.validation.length === 0) {
      throw new EngineError("too-few-images", "No image is held out for validation.", "Hold some images out.");
    }
  }

  async train(signal: AbortSignal): Promise<void> {
    const { epochs, earlyStopping } = this.#run.experiment;
    const isOver = () => {
      const { history } = this.#run;
      return history.length > 0 && earlyStoppingState(history, earlyStopping).isOver;
    };
    for (let epoch = this.#run.history.length; epoch < epochs && !isOver(); epoch++) {
      const begin = performance.now();
      this.#paused = 0;
      const training = await this.#trainEpoch(epoch, signal);
      const validation = await this.#validate(epoch, signal);
      this.#refuseDiverged(epoch, validation.loss);
      await this.#finishEpoch({
        epoch: epoch + 1,
        loss: training.loss,
        accuracy: training.accuracy,
        validationLoss: validation.loss,
        validationAccuracy: validation.accuracy,
        seconds: (performance.now() - begin - this.#paused) / 1000,
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
    for await (const { pixels, size, indices } of this.#material.batches.epoch(epoch)) {
      const targets = Array.from(indices, (index) => targetOf(this.#output, this.#training[index]!.className));
      const { logits, ...losses } = await trainer.step(pixels, size, targets, this.#weightsOf(indices));
      const loss = losses.loss + losses.penalty;
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
      this.#tellStep(epoch, step, lossSum / seen, right / seen);
      signal.throwIfAborted();
      await this.#waitWhilePaused(epoch, signal);
      begin = performance.now();
    }
    this.#noteHeap();
    return { loss: lossSum / seen, accuracy: right / seen };
  }

  /** What each image's loss counts; null where all count the same. */
  #weightsOf(indices: Uint32Array): Float32Array | null {
    const weights = this.#weights;
    if (!weights) return null;
    const { positiveClass } = this.#run;
    return Float32Array.from(indices, (index) =>
      this.#training[index]!.className === positiveClass ? weights.positive : weights.negative,
    );
  }

  async #waitWhilePaused(epoch: number, signal: AbortSignal): Promise<void> {
    if (!this.#gate.isClosed) return;
    this.#onEvent({ type: "paused", epoch: epoch + 1 });
    this.#paused += await this.#gate.pass(signal);
  }

  #tellStep(epoch: number, step: number, loss: number, accuracy: number): void {
    if (!this.#isTimeToTell() && step !== this.#material.batches.stepsPerEpoch) return;
    this.#noteHeap();
    const { millisecondsPerStep } = this.#pace;
    const secondsLeft = this.#pace.secondsLeft(epoch, step);
    this.#onEvent({ type: "step", epoch: epoch + 1, step, loss, accuracy, millisecondsPerStep, secondsLeft });
  }

  async #validate(epoch: number, signal: AbortSignal): Promise<Validation> {
    const begin = performance.now();
    const total = this.#validation.length;
    const onProgress = (done: number) => {
      if (this.#isTimeToTell()) this.#onEvent({ type: "validating", epoch: epoch + 1, done, total });
    };
    const result = await validate(
      this.#validation,
      this.#material.logitsOf(this.#trainer!.judged),
      this.#output,
      this.#calibration,
      onProgress,
      signal,
    );
    const penalty = await this.#trainer!.judgedPenalty();
    this.#pace.addValidation(performance.now() - begin);
    this.#noteHeap();
    return { ...result, loss: result.loss + penalty };
  }

  async #finishEpoch(values: EpochValues): Promise<void> {
    this.#run = { ...this.#run, history: [...this.#run.history, values], engine: this.#engine() };
    const { history, experiment } = this.#run;
    const { keptEpoch, isOver } = earlyStoppingState(history, experiment.earlyStopping);
    const facts = {
      preprocessing: this.#preprocessing,
      output: this.#output,
      calibration: this.#calibration,
      images: this.#images,
    };
    this.#run = await saveEpoch(this.#run, this.#trainer!, facts, {
      isKept: keptEpoch === values.epoch,
      goesOn: !isOver && values.epoch < experiment.epochs,
    });
    const modelId = this.#run.modelId!;
    await this.#onModelStored(modelId);
    const secondsLeft = isOver ? 0 : this.#pace.secondsLeft(values.epoch, 0);
    this.#onEvent({ type: "epoch", values, modelId, secondsLeft });
  }

  /** Stores how the run ended; the last finished epoch stays, and where it can go on, what it goes on from. */
  async end(status: RunStatus, problem = "", canGoOn = status !== "finished"): Promise<Run> {
    this.#run = { ...this.#run, status, problem };
    if (canGoOn) {
      await putRun(this.#run);
    } else {
      this.#run = { ...this.#run, checkpointEpoch: null };
      await putEndedRun(this.#run);
    }
    return this.#run;
  }

  #engine() {
    return {
      backend: this.#backend.name,
      threads: this.#backend.threads,
      simd: this.#backend.simd,
      parameters: this.#trainer!.parameters,
      millisecondsPerStep: this.#pace.millisecondsPerStep,
      waitingShare: this.#pace.shareOfTraining(this.#material.batches.waited),
      peakHeapBytes: this.#peakHeapBytes,
      featureSeconds: this.#featureSeconds,
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
    throw new EngineError(
      "diverged",
      divergenceProblem(epoch + 1),
      "Choose a lower learning rate, for example a tenth of this one.",
    );
  }

  dispose(): void {
    this.#trainer?.dispose();
    this.#trainer = null;
    (this.#material as Material | undefined)?.dispose();
  }
}
