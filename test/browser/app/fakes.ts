/** Workers that store what the real ones would, without decoding or computing anything. */
import type {
  ArchiveListing,
  DuplicateRequest,
  ImportChunk,
  ImportChunkSummary,
  ImportEvent,
} from "../../../src/contract/decode.ts";
import type {
  BackboneRequest,
  BackendInfo,
  ClassificationEvent,
  ClassificationRequest,
  ClassificationSummary,
  ExplanationRequest,
  MeasuredOutputs,
  ModelFile,
  PredictionEvent,
  PredictionRequest,
  RunEstimate,
  TrainingEvent,
  Trial,
  TrialRequest,
} from "../../../src/contract/engine.ts";
import { failed, type Outcome, succeeded } from "../../../src/contract/outcome.ts";
import type { KnownDuplicates } from "../../../src/domain/dataset/leakage.ts";
import type { Backbone } from "../../../src/domain/experiment/backbone.ts";
import type { Explanation } from "../../../src/domain/explanation/explanation.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import { baseline } from "../../../src/domain/experiment/presets.ts";
import { pixelFormatKey } from "../../../src/domain/image/pixel-format.ts";
import type { Model } from "../../../src/domain/model/model.ts";
import type { EpochValues, Run } from "../../../src/domain/run/run.ts";
import type { Decoders } from "../../../src/runtime/decode-pool.ts";
import type { Engine } from "../../../src/runtime/engine-client.ts";
import { database } from "../../../src/storage/database.ts";
import { listImages } from "../../../src/storage/datasets.ts";
import { putDuplicates } from "../../../src/storage/vetting.ts";
import { getModel, putModel } from "../../../src/storage/models.ts";
import { getRun, putRun } from "../../../src/storage/runs.ts";
import { storeChunk } from "../../../src/storage/shards.ts";
import type { PickedFolder } from "../../../src/ui/services/picked-files.ts";

export const someExplanation: Explanation = {
  ...{
    probability: 0.9,
    gradCam: null,
    gradCamLack: "no-layers",
    agreement: null,
    seconds: { gradCam: 0, occlusion: 1 },
  },
  occlusion: {
    method: "occlusion",
    aspect: 1,
    columns: 1,
    rows: 1,
    values: Float32Array.of(0.1),
    lowest: 0.1,
    highest: 0.1,
  },
};

export const backend: BackendInfo = {
  name: "wasm",
  threads: 1,
  simd: "simd",
  isSoftware: false,
  reason: "A test.",
  stepMilliseconds: null,
};

/** A file named `broken…` cannot be read; one named `killer…` takes its worker along. */
export class FakeDecoders implements Decoders {
  readonly size = 2;
  readonly chunks: ImportChunk[] = [];
  /** Waited for before each chunk. */
  gate: Promise<void> = Promise.resolve();
  /** Chunks after this many wait until they are cancelled. */
  mostChunks = Number.POSITIVE_INFINITY;
  refusal: ReturnType<typeof failed> | null = null;

  async importChunk(
    chunk: ImportChunk,
    onEvent: (event: ImportEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ImportChunkSummary>> {
    const place = this.chunks.push(chunk);
    await this.gate;
    if (place > this.mostChunks)
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    if (signal.aborted) return failed("cancelled", "Cancelled.");
    if (this.refusal) return this.refusal;
    if (chunk.files.some(({ file }) => file.name.startsWith("killer"))) return failed("worker-died", "It died.");
    const { datasetId } = chunk;
    const good = chunk.files.filter(({ file }) => !file.name.startsWith("broken"));
    const broken = chunk.files.filter(({ file }) => file.name.startsWith("broken"));
    await storeChunk({
      shard: {
        datasetId,
        format: pixelFormatKey(chunk.pixels),
        shardId: chunk.files[0]!.path,
        imageIds: good.map(({ path }) => path),
        pixels: new Blob(["pixels"]),
      },
      images: good.map(({ path, className, file }) => ({
        datasetId,
        imageId: path,
        path,
        page: 0,
        className,
        width: 1,
        height: 1,
        byteLength: file.size,
        lastModified: file.lastModified,
        mediaType: "image/png",
      })),
      thumbnails: [],
      findings: broken.map(({ path, className }) => ({ datasetId, path, className, reason: "damaged", detail: "" })),
    });
    onEvent({ files: chunk.files.length, bytes: 1 });
    return succeeded({ images: good.length, unreadable: broken.length });
  }

  /** Finds that the first two images of a dataset are the same. */
  async findDuplicates({ datasetId }: DuplicateRequest): Promise<Outcome<KnownDuplicates>> {
    const images = await listImages(datasetId);
    const pair = images.slice(0, 2).map(({ imageId }) => imageId);
    const found: KnownDuplicates = { exact: [], near: pair.length > 1 ? [pair] : [] };
    await putDuplicates({ datasetId, images: images.length, ...found });
    return succeeded(found);
  }

  /** An archive holds what its text says: a path on each line. */
  async listArchive(archive: File): Promise<Outcome<ArchiveListing>> {
    const text = await archive.text();
    if (text === "broken") return failed("bad-input", `“${archive.name}” is no zip archive.`);
    const entries = text.split("\n").map((path) => ({
      path,
      file: {
        ...{ archive, offset: 0, compressedSize: 1, isDeflated: false, size: path.length, lastModified: 1_000 },
        name: path.split("/").at(-1)!,
      },
    }));
    return succeeded({ entries, problems: [] });
  }

  augmentedViews(): never {
    throw new Error("Nothing is augmented in these tests.");
  }

  decode(): never {
    throw new Error("Nothing decodes in these tests.");
  }
}

export function epochOf(epoch: number): EpochValues {
  return { epoch, loss: 1 / epoch, accuracy: 0.5, validationLoss: 1 / epoch, validationAccuracy: 0.5, seconds: 1 };
}

export function modelOf(id: string, createdAt = 1): Model {
  return {
    id,
    metadata: {
      version: 1,
      name: `Model ${id}`,
      createdAt,
      preset: "baseline",
      parameters: 1,
      preprocessing: { pixels: baseline.pixels, inputSize: 180, views: ["whole"], scale: 1, offset: 0 },
      output: { kind: "sigmoid", labels: ["not a photo", "photo"], positive: 1 },
      calibration: null,
      threshold: 0.5,
      reviewBand: { low: 0.4, high: 0.6 },
      training: null,
    },
    weightBytes: 1,
    origin: "trained",
    runId: null,
  };
}

export async function storeModel(model: Model): Promise<void> {
  await putModel(model, { modelId: model.id, topology: {}, weightSpecs: [], weights: new Blob(["weights"]) });
}

/** Trains epoch after epoch as long as `gate` lets it; predicts 0.9 for what lies in `Photo`, and classifies files the same way. */
export class FakeEngine implements Engine {
  onBackend: ((info: BackendInfo) => void) | null = null;
  /** Waited for before each epoch. */
  gate: (epoch: number) => Promise<void> = () => Promise.resolve();
  /** The epoch in which the worker dies. */
  diesIn = 0;
  /** How often it still dies there. */
  deaths = Infinity;
  /** Classified files after which the worker dies, once; 0 for never. */
  diesAfter = 0;
  readonly explained: ExplanationRequest[] = [];
  /** How often `outputs` was asked for. */
  outputCalls = 0;
  readonly imported: { readonly files: readonly ModelFile[]; readonly id: string | undefined }[] = [];
  probabilityOf: (name: string) => number = (name) => (name.startsWith("Photo/") ? 0.9 : 0.1);

  start(): Promise<Outcome<BackendInfo>> {
    return Promise.resolve(succeeded(backend));
  }

  estimate(): Promise<Outcome<RunEstimate>> {
    return Promise.resolve(failed("unexpected", "Not used by any test."));
  }

  pause(): Promise<void> {
    return Promise.resolve();
  }

  async train(runId: string, onEvent: (event: TrainingEvent) => void, signal: AbortSignal): Promise<Outcome<Run>> {
    let run = (await getRun(runId))!;
    onEvent({ type: "started", backend, parameters: 1, stepsPerEpoch: 1 });
    run = { ...run, history: run.history.slice(0, run.checkpointEpoch ?? 0) };
    for (let epoch = run.history.length + 1; epoch <= run.experiment.epochs; epoch++) {
      run = { ...run, status: "running" };
      await putRun(run);
      await Promise.race([
        this.gate(epoch),
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
      ]);
      if (signal.aborted) {
        run = { ...run, status: "stopped" };
        await putRun(run);
        return succeeded(run);
      }
      if (epoch === this.diesIn && this.deaths > 0) {
        this.deaths -= 1;
        return failed("worker-died", "The engine stopped working.");
      }
      const modelId = `model-of-${runId}`;
      run = { ...run, history: [...run.history, epochOf(epoch)], modelId, keptEpoch: epoch, checkpointEpoch: epoch };
      await storeModel({ ...modelOf(modelId), runId });
      await putRun(run);
      onEvent({ type: "epoch", values: epochOf(epoch), modelId, secondsLeft: 0 });
    }
    run = { ...run, status: "finished" };
    await putRun(run);
    return succeeded(run);
  }

  predict(request: PredictionRequest, onEvent: (event: PredictionEvent) => void): Promise<Outcome<Float32Array>> {
    const total = request.imageIds.length;
    onEvent({ done: total, total });
    return Promise.resolve(succeeded(Float32Array.from(request.imageIds, (id) => this.probabilityOf(id))));
  }

  async outputs(
    request: PredictionRequest,
    onEvent: (event: PredictionEvent) => void,
  ): Promise<Outcome<MeasuredOutputs>> {
    this.outputCalls += 1;
    const predicted = await this.predict(request, onEvent);
    return predicted.ok ? succeeded({ outputs: predicted.value, millisecondsPerImage: 2.5 }) : predicted;
  }

  async classify(
    request: ClassificationRequest,
    onEvent: (event: ClassificationEvent) => void,
    signal: AbortSignal,
  ): Promise<Outcome<ClassificationSummary>> {
    let pages = 0;
    let unreadable = 0;
    for (const { id, file } of request.items) {
      await Promise.race([
        this.gate(0),
        new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
      ]);
      if (signal.aborted) return failed("cancelled", "Cancelled.");
      if (this.diesAfter > 0 && Number(id) === this.diesAfter) {
        this.diesAfter = 0;
        return failed("worker-died", "The engine stopped working.");
      }
      if ((file as File).name.startsWith("broken")) {
        unreadable += 1;
        onEvent({ type: "unreadable", id, reason: "damaged", detail: "cut short" });
        continue;
      }
      const count = (file as File).name.startsWith("pages") ? 2 : 1;
      for (let page = 0; page < count; page++) {
        pages += 1;
        const probability = this.probabilityOf((file as File).name);
        const thumbnail = new Blob(["thumbnail"]);
        const statistics = { colourfulness: 1, brightness: 1, contrast: 1, "aspect-ratio": 1, size: 1 };
        const rest = { width: 1, height: 1, thumbnail, statistics, damage: null };
        onEvent({ type: "page", id, page, pages: count, probability, ...rest });
      }
    }
    return succeeded({ pages, unreadable, seconds: 1 });
  }

  tryModel({ files, candidates }: TrialRequest): Promise<Outcome<Trial>> {
    const outputs = candidates.map(() => new Float32Array(files.length));
    return Promise.resolve(succeeded({ pictures: files.map(() => null), outputs }));
  }

  explain(request: ExplanationRequest): Promise<Outcome<Explanation>> {
    this.explained.push(request);
    return Promise.resolve(succeeded(someExplanation));
  }

  async exportModel(modelId: string): Promise<Outcome<Blob>> {
    return (await getModel(modelId)) ? succeeded(new Blob([modelId])) : failed("not-found", "No such model.");
  }

  async importModel(
    files: readonly ModelFile[],
    { origin, id }: { readonly origin: Model["origin"]; readonly id?: string },
  ): Promise<Outcome<Model>> {
    this.imported.push({ files, id });
    if ((await files[0]!.file.text()).includes("bad")) return failed("bad-model", "This is no model.");
    const model = { ...modelOf(id ?? "imported", 100), origin };
    await storeModel(model);
    return succeeded(model);
  }

  importBackbone({ name }: BackboneRequest): Promise<Outcome<Backbone>> {
    if (name.includes("bad")) return Promise.resolve(failed("bad-model", "This is no model."));
    const backbone = { id: `backbone-${name}`, name, features: 3, parameters: 4, inputSize: 32, createdAt: 5 };
    return Promise.resolve(succeeded(backbone));
  }

  memory(): Promise<{ tensors: number; tensorBytes: number; heapBytes: number }> {
    return Promise.resolve({ tensors: 0, tensorBytes: 0, heapBytes: 0 });
  }
}

/** A folder whose files hold their own path. */
export function folderOf(paths: readonly string[], name = "scans"): PickedFolder {
  const files = paths.map((path) => ({
    path,
    file: new File([path], path.split("/").at(-1)!, { lastModified: 1_000 }),
  }));
  return { name, files, handles: [] };
}

/** `count` files in each class. */
export function pathsOf(count: number, ...classNames: readonly string[]): string[] {
  return classNames.flatMap((className) => Array.from({ length: count }, (_, index) => `${className}/${index}.png`));
}

/** The baseline in little: valid for a dataset of a few images. */
export const smallExperiment: Experiment = {
  ...baseline,
  pixels: { ...baseline.pixels, width: 8, height: 8 },
  inputSize: 8,
  epochs: 3,
};

export async function clearDatabase(): Promise<void> {
  const opened = await database();
  await Promise.all([...opened.objectStoreNames].map((name) => opened.clear(name)));
}

export function nextTurn(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until `condition` holds; the test's own time limit ends it where it never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn(5);
}
