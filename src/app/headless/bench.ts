/** Measures what the command line asks for. */
import type { StepTimes } from "../../contract/measurement.ts";
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { networkSize } from "../../domain/experiment/network-size.ts";
import { validateExperiment } from "../../domain/experiment/validate.ts";
import { median } from "../../domain/metrics/median.ts";
import type { EngineClient } from "../../runtime/engine-client.ts";
import type { Services } from "../services/services.ts";
import { starterModelId } from "../services/starter-model.ts";
import type { Inputs } from "./inputs.ts";
import type { BenchReport, BenchRequest } from "./protocol.ts";
import { experimentOf, importData } from "./requests.ts";

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
        return this.#import(request);
      case "infer":
        return request.starter ? this.#inferStarter(request) : this.#steps(request);
      case "train-step":
        return this.#steps(request);
    }
  }

  async #steps(request: BenchRequest): Promise<Outcome<BenchReport>> {
    const experiment = experimentOf(request);
    if (!experiment.ok) return experiment;
    const { layers, inputSize, output, batchSize } = experiment.value;
    const dataset = { classNames: ["a", "b"], positiveClass: "a", classCounts: [1, 1] };
    const problem = validateExperiment(experiment.value, dataset);
    if (problem) return { ok: false, ...problem };
    const started = await this.#engine.start(request.backend);
    if (!started.ok) return started;
    const outputs = output === "binary" ? 1 : classes;
    const measurement = await this.#engine.measurement();
    const isTraining = request.task === "train-step";
    const task = { experiment: experiment.value, outputs, warmup: request.warmup, steps: request.steps };
    const times = await (isTraining ? measurement.trainingSteps(task) : measurement.inferences(task));
    if (!times.ok) return times;
    const size = networkSize(layers, inputSize, outputs);
    const operations = batchSize * (isTraining ? size.trainingOperations : size.operations);
    return succeeded({
      ...this.#report(request, times.value, operations),
      ...engineFigures(started.value),
      preset: experiment.value.preset,
      size: inputSize,
      batch: batchSize,
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

  /** Into an empty cache: the page's profile is new. */
  async #import(request: BenchRequest): Promise<Outcome<BenchReport>> {
    if (request.data === null) return failed("bad-input", "--data is missing.");
    const experiment = experimentOf(request);
    if (!experiment.ok) return experiment;
    const begin = performance.now();
    const imported = await importData(
      this.#services.datasets,
      this.#inputs.folder(request.data),
      experiment.value.pixels,
      null,
    );
    if (!imported.ok) return imported;
    const milliseconds = performance.now() - begin;
    const images = imported.value.classCounts.reduce((sum, count) => sum + count, 0);
    return succeeded({
      task: request.task,
      milliseconds,
      images,
      images_per_second: (1000 * images) / milliseconds,
      size: experiment.value.pixels.width,
      threads: navigator.hardwareConcurrency,
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

function engineFigures({
  name,
  threads,
  simd,
}: {
  readonly name: string;
  readonly threads: number;
  readonly simd: string;
}) {
  return { backend: name, threads, simd };
}
