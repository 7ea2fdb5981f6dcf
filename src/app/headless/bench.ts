/** Measures what the command line asks for. */
import type { BackendInfo } from "../../contract/engine.ts";
import type { StepTimes } from "../../contract/measurement.ts";
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { networkSize } from "../../domain/experiment/network-size.ts";
import { validateExperiment } from "../../domain/experiment/validate.ts";
import { median } from "../../domain/metrics/median.ts";
import { notebookAugmentation } from "../../ui/features/train/augmentation/augmentation-fields.ts";
import type { EngineClient } from "../../runtime/engine-client.ts";
import type { Services } from "../services/services.ts";
import { starterModelId } from "../services/starter-model.ts";
import { benchClassify, goOn } from "./bench-classify.ts";
import { benchImport, goOnImport } from "./bench-import.ts";
import type { Inputs } from "./inputs.ts";
import type { BenchReport, BenchRequest, ResumedBatch, ResumedImport } from "./protocol.ts";
import { experimentOf } from "./requests.ts";

/** What a task has no figure for. */
const noFigures = {
  gflop_per_second: null,
  parameters: null,
  peak_heap_bytes: null,
  threads: null,
  backend: null,
  simd: null,
} as const;

/** Original classes of the real delivery: what a network that tells them apart is built for. */
const classes = 5;

export class Bench {
  readonly #services: Services;
  readonly #engine: EngineClient;
  readonly #inputs: Inputs;

  constructor(services: Services, engine: EngineClient, inputs: Inputs) {
    this.#services = services;
    this.#engine = engine;
    this.#inputs = inputs;
  }

  async run(request: BenchRequest): Promise<Outcome<BenchReport>> {
    switch (request.task) {
      case "import":
        return benchImport(this.#services, this.#inputs, request);
      case "startup":
        return this.#startup(request);
      case "augment":
        return this.#augment(request);
      case "infer":
        return request.starter ? this.#inferStarter(request) : this.#steps(request);
      case "train-step":
        return this.#steps(request);
      case "classify":
        return benchClassify(this.#services, this.#engine, this.#inputs, request);
    }
  }

  goOn(request: BenchRequest): Promise<Outcome<ResumedBatch>> {
    return goOn(this.#services, this.#engine, this.#inputs, request);
  }

  goOnImport(request: BenchRequest): Promise<Outcome<ResumedImport>> {
    return goOnImport(this.#services, this.#inputs, request);
  }

  /** The network that was measured, for another program to build. */
  async topology(request: BenchRequest): Promise<Outcome<unknown>> {
    const experiment = experimentOf(request);
    if (!experiment.ok) return experiment;
    const measurement = await this.#engine.measurement();
    return measurement.topology({ experiment: experiment.value, outputs: outputsOf(experiment.value) });
  }

  async #steps(request: BenchRequest): Promise<Outcome<BenchReport>> {
    const begun = await this.#begin(request);
    if (!begun.ok) return begun;
    const { experiment, engine } = begun.value;
    const { layers, inputSize, batchSize } = experiment;
    const outputs = outputsOf(experiment);
    const measurement = await this.#engine.measurement();
    const isTraining = request.task === "train-step";
    const task = { experiment, outputs, warmup: request.warmup, steps: request.steps };
    const times = await (isTraining ? measurement.trainingSteps(task) : measurement.inferences(task));
    if (!times.ok) return times;
    const size = networkSize(layers, inputSize, outputs);
    const operations = batchSize * (isTraining ? size.trainingOperations : size.operations);
    return succeeded({
      ...this.#report(request, times.value, operations),
      ...engineFigures(engine),
      ...networkFigures(experiment),
    });
  }

  /** Checks the experiment that is asked for, and starts the engine. */
  async #begin(
    request: BenchRequest,
  ): Promise<Outcome<{ readonly experiment: Experiment; readonly engine: BackendInfo }>> {
    const experiment = experimentOf(request);
    if (!experiment.ok) return experiment;
    const dataset = { classNames: ["a", "b"], positiveClass: "a", classCounts: [1, 1] };
    const problem = validateExperiment(experiment.value, dataset);
    if (problem) return { ok: false, ...problem };
    const started = await this.#engine.start(request.backend);
    return started.ok ? succeeded({ experiment: experiment.value, engine: started.value }) : started;
  }

  /** The experiment's augmentation, or else the notebook's. */
  async #augment(request: BenchRequest): Promise<Outcome<BenchReport>> {
    const begun = await this.#begin(request);
    if (!begun.ok) return begun;
    const { engine } = begun.value;
    const experiment = {
      ...begun.value.experiment,
      augmentation: begun.value.experiment.augmentation ?? notebookAugmentation,
    };
    const { warmup, steps } = request;
    const measurement = await this.#engine.measurement();
    const measured = await measurement.augmentation({ experiment, outputs: outputsOf(experiment), warmup, steps });
    if (!measured.ok) return measured;
    const { making, plain, augmented, waited, parameters, peakHeapBytes } = measured.value;
    const [milliseconds, step, stepAugmented] = [median(making), median(plain), median(augmented)];
    return succeeded({
      task: request.task,
      ...noFigures,
      milliseconds,
      parameters,
      peak_heap_bytes: peakHeapBytes,
      ...engineFigures(engine),
      ...networkFigures(experiment),
      steps: plain.length,
      augmentation: experiment.augmentation.kind,
      milliseconds_per_picture: milliseconds / experiment.batchSize,
      step_milliseconds: step,
      augmented_step_milliseconds: stepAugmented,
      share_of_step: milliseconds / step,
      slowdown: stepAugmented / step - 1,
      waiting_share: waited / stepAugmented,
    });
  }

  /** From a page without an engine: until its backend runs, and until the starter model answered for the first time. */
  async #startup(request: BenchRequest): Promise<Outcome<BenchReport>> {
    const begin = performance.now();
    const started = await this.#engine.start(request.backend);
    if (!started.ok) return started;
    const engine = performance.now() - begin;
    await this.#services.installStarter();
    const measurement = await this.#engine.measurement();
    const task = { modelId: starterModelId, batch: 1, warmup: 0, steps: 1 };
    const times = await measurement.modelInferences(task);
    if (!times.ok) return times;
    return succeeded({
      task: request.task,
      ...noFigures,
      milliseconds: performance.now() - begin,
      parameters: times.value.parameters,
      peak_heap_bytes: times.value.peakHeapBytes,
      ...engineFigures(started.value),
      preset: "starter",
      engine_milliseconds: engine,
    });
  }

  async #inferStarter(request: BenchRequest): Promise<Outcome<BenchReport>> {
    const started = await this.#engine.start(request.backend);
    if (!started.ok) return started;
    await this.#services.installStarter();
    const measurement = await this.#engine.measurement();
    const batch = request.overrides.batchSize ?? 1;
    const { warmup, steps } = request;
    const times = await measurement.modelInferences({ modelId: starterModelId, batch, warmup, steps });
    if (!times.ok) return times;
    const model = this.#services.models.models.value.find(({ id }) => id === starterModelId);
    if (!model) return failed("not-found", "This build comes without a starter model.");
    return succeeded({
      ...this.#report(request, times.value, null),
      ...engineFigures(started.value),
      preset: "starter",
      size: model.metadata.preprocessing.inputSize,
      batch,
    });
  }

  #report(request: BenchRequest, times: StepTimes, operations: number | null) {
    const milliseconds = median(times.milliseconds);
    return {
      task: request.task,
      milliseconds,
      fastest_milliseconds: Math.min(...times.milliseconds),
      slowest_milliseconds: Math.max(...times.milliseconds),
      steps: times.milliseconds.length,
      gflop_per_second: operations === null ? null : operations / milliseconds / 1e6,
      parameters: times.parameters,
      peak_heap_bytes: times.peakHeapBytes,
      kernel_milliseconds: times.kernels,
    };
  }
}

function outputsOf({ output }: Experiment): number {
  return output === "binary" ? 1 : classes;
}

function networkFigures({ preset, inputSize, batchSize }: Experiment) {
  return { preset, size: inputSize, batch: batchSize };
}

function engineFigures({ name, threads, simd }: BackendInfo) {
  return { backend: name, threads, simd };
}
