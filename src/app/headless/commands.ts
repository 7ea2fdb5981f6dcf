/** What the command line asks for, done by the app's own services. */
import type { BackendRequest, ExportOptions } from "../../contract/engine.ts";
import { failed, type Outcome, succeeded } from "../../contract/outcome.ts";
import { arrangeFolder } from "../../domain/dataset/folder.ts";
import { givenSplit } from "../../domain/dataset/draw-split.ts";
import type { SplitImage } from "../../domain/dataset/stratified-split.ts";
import type { Split } from "../../domain/dataset/split-types.ts";
import type { Experiment } from "../../domain/experiment/experiment.ts";
import { capturesToCsv, capturesToJson } from "../../domain/text/capture-list.ts";
import { getModel } from "../../storage/models.ts";
import type { PickedFolder } from "../../ui/services/picked-files.ts";
import type { Services } from "../services/services.ts";
import { starterModelId } from "../services/starter-model.ts";
import type { Inputs } from "./inputs.ts";
import { crossValidate } from "./cross-validation.ts";
import type {
  CrossValidationReport,
  CrossValidationRequest,
  EvaluationReport,
  HeadlessPage,
  RunReport,
  TrainRequest,
} from "./protocol.ts";
import { experimentOf, importData, judgeAndReport, splitPlanOf, withBackbone } from "./requests.ts";
import { evaluationReport, runReport } from "./reports.ts";
import { watchProgress, watchTraining } from "./watch.ts";

export class Commands {
  readonly #services: Services;
  readonly #inputs: Inputs;

  constructor(services: Services, inputs: Inputs) {
    this.#services = services;
    this.#inputs = inputs;
  }

  async train(
    request: TrainRequest,
  ): Promise<Outcome<{ readonly report: RunReport; readonly modelId: string | null }>> {
    const { training, models, datasets, runtime } = this.#services;
    const experiment = await this.#experimentOf(request);
    if (!experiment.ok) return experiment;
    const held = request.validationData === null ? null : this.#inputs.folder(request.validationData);
    const merged = held ? withValidation(this.#inputs.folder(request.data), held) : null;
    const folder = merged?.folder ?? this.#inputs.folder(request.data);
    const imported = await importData(this.#services.datasets, folder, experiment.value.pixels, request.positive);
    if (!imported.ok) return imported;
    const dataset = imported.value;

    const split = merged
      ? heldSplit(await datasets.images(dataset.id), merged.isHeld, experiment.value.seed)
      : splitPlanOf(request.split, experiment.value);
    const unwatch = watchTraining(training.active);
    const outcome = await training.train(dataset.id, experiment.value, split);
    unwatch();
    // What failed after some epochs has a history and a model all the same.
    const run = outcome.ok ? outcome.value : training.runs.value.find((known) => known.datasetId === dataset.id);
    if (!outcome.ok && !run?.modelId) return outcome;
    if (!run) return failed("unexpected", "The run is not there any more.");
    const name = request.name ?? `${dataset.name} ${run.experiment.preset}`;
    if (run.modelId !== null && request.name !== null) await models.rename(run.modelId, request.name);
    const memory = await runtime.engine.memory();
    const findings = await datasets.findings(dataset.id);
    return succeeded({ report: runReport(name, run, dataset, memory, findings), modelId: run.modelId });
  }

  /** Starts the engine, and prepares the experiment that was asked for. */
  async #experimentOf(request: Omit<CrossValidationRequest, "folds" | "against">): Promise<Outcome<Experiment>> {
    const { engine } = this.#services.runtime;
    const experiment = experimentOf(request);
    if (!experiment.ok) return experiment;
    const started = await engine.start(request.backend);
    if (!started.ok) return started;
    return withBackbone(experiment.value, request.backbone, this.#services, this.#inputs);
  }

  /** False where no run is to be stopped. */
  stop(): boolean {
    const { training } = this.#services;
    const isRunning = training.active.value !== null;
    training.stop();
    return isRunning;
  }

  async openModel(which: "starter" | "files" | "folder"): Promise<Outcome<string>> {
    const { models } = this.#services;
    if (which !== "starter") {
      const outcome = await models.importFiles(this.#inputs.files(which));
      return outcome.ok ? succeeded(outcome.value.id) : outcome;
    }
    await this.#services.installStarter();
    if (models.models.value.some((model) => model.id === starterModelId)) return succeeded(starterModelId);
    return failed("not-found", "This build comes without a starter model.", "Train a model, and give its zip.");
  }

  async saveModel(modelId: string, options?: ExportOptions): Promise<Outcome<null>> {
    const outcome = await this.#services.models.exportBundle(modelId, options);
    if (!outcome.ok) return outcome;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(outcome.value);
    link.download = outcome.value.name;
    link.click();
    return succeeded(null);
  }

  async crossValidate(request: CrossValidationRequest): Promise<Outcome<CrossValidationReport>> {
    const { training, datasets } = this.#services;
    const experiment = await this.#experimentOf(request);
    if (!experiment.ok) return experiment;
    const folder = this.#inputs.folder(request.data);
    const imported = await importData(datasets, folder, experiment.value.pixels, request.positive);
    if (!imported.ok) return imported;
    const unwatch = watchTraining(training.active);
    const outcome = await crossValidate(this.#services, imported.value, experiment.value, request);
    unwatch();
    return outcome;
  }

  async evaluate(request: {
    readonly modelId: string;
    readonly data: string;
    readonly positive: string | null;
    readonly backend: BackendRequest;
  }): Promise<Outcome<EvaluationReport>> {
    const { datasets, runtime } = this.#services;
    const started = await runtime.engine.start(request.backend);
    if (!started.ok) return started;
    const model = await getModel(request.modelId);
    if (!model) return failed("not-found", "The model is not there.");
    const { pixels } = model.metadata.preprocessing;
    const imported = await importData(datasets, this.#inputs.folder(request.data), pixels, request.positive);
    if (!imported.ok) return imported;
    const { id: datasetId, positiveClass } = imported.value;
    const imageIds = (await datasets.images(datasetId)).map((image) => image.imageId);
    const task = { modelId: request.modelId, datasetId, positiveClass, imageIds };
    const judged = await judgeAndReport(this.#services, task);
    if (!judged.ok) return judged;
    const findings = await datasets.findings(datasetId);
    return succeeded(evaluationReport(model.metadata.name, positiveClass, judged.value.evaluation, findings));
  }

  async classify(request: {
    readonly modelId: string;
    readonly backend: BackendRequest;
  }): ReturnType<HeadlessPage["classify"]> {
    const { models, classification, runtime } = this.#services;
    const started = await runtime.engine.start(request.backend);
    if (!started.ok) return started;
    await models.setDefault(request.modelId);
    const unwatch = watchProgress("classifying", classification.progress);
    const files = this.#inputs.captures;
    const outcome = await classification.classify(files, { source: "folder" });
    unwatch();
    if (!outcome.ok) return outcome;
    // As the files were given, not as they were done.
    const placeOf = new Map(files.map(({ path }, index) => [path, index]));
    const captures = [...classification.captures.value].sort(
      (a, b) => placeOf.get(a.file)! - placeOf.get(b.file)! || a.page - b.page,
    );
    const json = capturesToJson(captures);
    const csv = capturesToCsv(captures);
    return succeeded({ json, csv, read: outcome.value.pages, unreadable: outcome.value.unreadable });
  }
}

/** Validates on what lies in the second folder. */
function heldSplit(images: readonly SplitImage[], isHeld: (path: string) => boolean, seed: number): Split {
  const validation = images.filter(({ path }) => isHeld(path)).map(({ imageId }) => imageId);
  return givenSplit(images, validation, seed);
}

/**
 * Both folders as one, with the files of the second below a folder of their own in each class: `Photo/a.jpg` of both stay two images.
 */
function withValidation(
  training: PickedFolder,
  validation: PickedFolder,
): { readonly folder: PickedFolder; readonly isHeld: (path: string) => boolean } {
  const own = arrangeFolder(training.files).files.map(({ path, file }) => ({ path, file }));
  const taken = new Set(own.map(({ path }) => path.split("/")[1]));
  let name = "validation";
  while (taken.has(name)) name += "+";
  const held = arrangeFolder(validation.files).files.map(({ path, className, file }) => ({
    path: [className, name, ...path.split("/").slice(1)].join("/"),
    file,
  }));
  return {
    folder: { name: training.name, files: [...own, ...held], handles: [] },
    isHeld: (path) => path.split("/")[1] === name,
  };
}
