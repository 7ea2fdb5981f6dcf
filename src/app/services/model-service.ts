/** Models: the list, the one that classifies, and their zips. */
import type { ExportFormat, ExportOptions, Trial } from "../../contract/engine.ts";
import { failed, failureOf, type Outcome, succeeded } from "../../contract/outcome.ts";
import {
  adaptedMetadataVersion,
  type Model,
  modelMetadataVersion,
  type Preprocessing,
} from "../../domain/model/model.ts";
import { safeFileName } from "../../domain/text/file-name.ts";
import type { Engine } from "../../runtime/engine-client.ts";
import { deleteModel, getModel, getWeights, listModels, putModel, updateModel } from "../../storage/models.ts";
import { getSetting, putSetting } from "../../storage/settings.ts";
import type {
  Deciding,
  ModelAnswers,
  ModelService,
  PrecisionChange,
  PrecisionTask,
} from "../../ui/services/model-service.ts";
import type { PickedFile } from "../../ui/services/picked-files.ts";
import type { Progress } from "../../ui/services/progress.ts";
import type { PixelPreparer } from "./judging.ts";
import { MutableStore } from "./mutable-store.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { starterModelId } from "./starter-model.ts";
import type { Tabs } from "./tabs.ts";

const tamisZip: ExportOptions = { format: "tamis", precision: "float32" };

/** What an export is saved as. */
const files: Readonly<Record<ExportFormat, { readonly ending: string; readonly type: string }>> = {
  tamis: { ending: ".zip", type: "application/zip" },
  keras: { ending: ".keras", type: "application/zip" },
  onnx: { ending: ".onnx", type: "application/octet-stream" },
  cluster: { ending: "-cluster.zip", type: "application/zip" },
};

/** The model that classifies: the chosen one, else the starter model, else the newest; null where there is none. */
function defaultAmong(models: readonly Model[], chosen: string | undefined): string | null {
  const ids = models.filter(({ questions = [] }) => questions.length === 0).map((model) => model.id);
  return [chosen, starterModelId, ids[0]].find((id) => id !== undefined && ids.includes(id)) ?? null;
}

type ModelEngine = Pick<Engine, "exportModel" | "importModel" | "predict" | "tryModel">;

export class Models implements ModelService {
  readonly models = new MutableStore<readonly Model[]>([]);
  readonly defaultModelId = new MutableStore<string | null>(null);
  readonly awaitsStarter = new MutableStore(false);
  readonly #engine: ModelEngine;
  readonly #tabs: Tabs;
  readonly #pixels: PixelPreparer;

  constructor(engine: ModelEngine, tabs: Tabs, pixels: PixelPreparer) {
    this.#engine = engine;
    this.#tabs = tabs;
    this.#pixels = pixels;
    tabs.listen((news) => {
      if (news.type === "changed" && (news.what === "models" || news.what === "settings")) void this.load();
    });
  }

  /** Reads what is stored. */
  async load(): Promise<void> {
    const [models, chosen] = await Promise.all([listModels(), getSetting("defaultModelId")]);
    this.models.set(models);
    this.defaultModelId.set(defaultAmong(models, chosen));
  }

  /** To be called when a model was stored: here, or by the engine. */
  async changed(): Promise<void> {
    this.#tabs.tell({ type: "changed", what: "models" });
    await this.load();
  }

  async setDefault(modelId: string): Promise<void> {
    await putSetting("defaultModelId", modelId);
    await this.changed();
  }

  async setDeciding(modelId: string, deciding: Deciding): Promise<() => Promise<void>> {
    const model = await getModel(modelId);
    if (!model) return () => Promise.resolve();
    const { threshold, reviewBand, calibration } = model.metadata;
    await updateModel({ ...model, metadata: { ...model.metadata, ...deciding } });
    await this.changed();
    return async () => {
      await this.setDeciding(modelId, { threshold, reviewBand, calibration });
    };
  }

  async rename(modelId: string, name: string): Promise<void> {
    const model = await getModel(modelId);
    const trimmed = name.trim();
    if (!model || trimmed === "") return;
    await updateModel({ ...model, metadata: { ...model.metadata, name: trimmed } });
    await this.changed();
  }

  async remove(modelId: string): Promise<() => Promise<void>> {
    const [model, weights, chosen] = await Promise.all([
      getModel(modelId),
      getWeights(modelId),
      getSetting("defaultModelId"),
    ]);
    if (!model || !weights) return () => Promise.resolve();
    await deleteModel(modelId);
    await this.changed();
    return async () => {
      await putModel(model, weights);
      if (chosen === modelId) await putSetting("defaultModelId", modelId);
      await this.changed();
    };
  }

  async exportBundle(modelId: string, options: ExportOptions = tamisZip): Promise<Outcome<File>> {
    const model = await getModel(modelId);
    if (!model) return failed("not-found", "This model is not there any more.");
    const outcome = await this.#engine.exportModel(modelId, options);
    if (!outcome.ok) return outcome;
    const { ending, type } = files[options.format];
    const name = safeFileName(model.metadata.name, "tamis-model");
    return succeeded(new File([outcome.value], `${name}${ending}`, { type }));
  }

  async precisionChange(
    task: PrecisionTask,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<PrecisionChange>> {
    const { precisionChange } = await import("./precision-change.ts");
    return precisionChange(task, { engine: this.#engine, pixels: this.#pixels }, onProgress, signal);
  }

  async answer(modelId: string, { positive, labels, preprocessing }: ModelAnswers): Promise<void> {
    const model = await getModel(modelId);
    if (!model) return;
    const { questions: _answered, metadata, ...rest } = model;
    const output = { ...metadata.output, labels, positive };
    const isAdapted = preprocessing.channels !== undefined || output.logits === true;
    const version = isAdapted ? adaptedMetadataVersion : modelMetadataVersion;
    await updateModel({ ...rest, metadata: { ...metadata, version, output, preprocessing } });
    await this.changed();
  }

  tryOut(
    modelId: string,
    files: readonly Blob[],
    candidates: readonly Preprocessing[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<Trial>> {
    const meter = new ProgressMeter();
    return this.#engine.tryModel(
      { modelId, files, candidates },
      ({ done, total }) => onProgress(meter.measure(done, total)),
      signal,
    );
  }

  async importFiles(files: readonly PickedFile[]): Promise<Outcome<Model>> {
    const outcome = await this.#engine.importModel(files, { origin: "imported" });
    try {
      await this.changed();
    } catch (error) {
      return failureOf(error);
    }
    return outcome;
  }
}
