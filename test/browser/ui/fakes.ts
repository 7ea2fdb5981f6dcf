/* eslint-disable @typescript-eslint/require-await -- services are asynchronous; their fakes have nothing to wait for */
/** Services without workers or storage, with data that a screen can show. What the person does is written down in `calls`. */
import { failed, succeeded, type Outcome } from "../../../src/contract/outcome.ts";
import type { Trial } from "../../../src/contract/engine.ts";
import type { Batch } from "../../../src/domain/capture/batch.ts";
import type { Capture } from "../../../src/domain/capture/capture.ts";
import type { FinalDecision } from "../../../src/domain/comparison/decision.ts";
import type { Dataset, DatasetImage, Finding } from "../../../src/domain/dataset/dataset.ts";
import type { KnownDuplicates } from "../../../src/domain/dataset/leakage.ts";
import {
  type ChoiceHistory,
  emptyHistory,
  redoLast,
  undoLast,
  withStep,
} from "../../../src/domain/vetting/choice-history.ts";
import { type ImageChoice, withChoices } from "../../../src/domain/vetting/choices.ts";
import type { Choices } from "../../../src/domain/vetting/decisions.ts";
import { baseline, compact } from "../../../src/domain/experiment/presets.ts";
import type { Experiment } from "../../../src/domain/experiment/experiment.ts";
import type { Model } from "../../../src/domain/model/model.ts";
import type { JudgedImages } from "../../../src/domain/run/predictions.ts";
import type { ExaminedRuns } from "../../../src/domain/report/contents.ts";
import type { Run } from "../../../src/domain/run/run.ts";
import type { ComparisonService } from "../../../src/ui/services/comparison-service.ts";
import type { ClassificationService, BatchProgress } from "../../../src/ui/services/classification-service.ts";
import type { DatasetService } from "../../../src/ui/services/dataset-service.ts";
import type { ExplanationService } from "../../../src/ui/services/explanation-service.ts";
import type { LabellingService } from "../../../src/ui/services/labelling-service.ts";
import type { ModelService } from "../../../src/ui/services/model-service.ts";
import type { PickedFile, PickedFolder } from "../../../src/ui/services/picked-files.ts";
import type { SortingService } from "../../../src/ui/services/sorting-service.ts";
import type { Store } from "../../../src/ui/services/store.ts";
import type { Locale, SystemService, Theme } from "../../../src/ui/services/system-service.ts";
import type { ActiveRun, TrainingService } from "../../../src/ui/services/training-service.ts";
import type { VettingService } from "../../../src/ui/services/vetting-service.ts";
import { someComparison, someExaminedRuns } from "./compared-samples.ts";
import {
  day,
  someBatch,
  someCapture,
  someCounts,
  someDataset,
  someJudgedImages,
  someFindings,
  someHistory,
  explained,
  someModel,
  someRun,
  swatch,
  unreadableCapture,
} from "./samples.ts";

export class FakeStore<T> implements Store<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();
  constructor(value: T) {
    this.#value = value;
  }
  get value(): T {
    return this.#value;
  }
  set(value: T): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  get listeners(): number {
    return this.#listeners.size;
  }
}

function describeChoice(imageId: string, choice: ImageChoice | null): string {
  return choice ? [imageId, choice.verdict, choice.className].filter(Boolean).join(" ") : `${imageId} back`;
}

/** Everything a test may want to look at or change. */
export class Fakes {
  readonly calls: string[] = [];
  /** What pictures are; tests take swatches. */
  picture: (name: string) => Promise<Blob | undefined> = swatch;
  nextImport: Outcome<Dataset> | null = null;
  nextTraining: Outcome<Run> | null = null;
  nextPredictions: Outcome<JudgedImages> | null = null;
  nextTrial: Outcome<Trial> | null = null;
  /** What is stored of a run's predictions. */
  judgedBefore: JudgedImages | null = null;
  classified: readonly PickedFile[] = [];
  /** What was trained last. */
  trained: Experiment | null = null;
  imported: PickedFolder | null = null;

  readonly datasetList = new FakeStore<readonly Dataset[]>([]);
  readonly importing = new FakeStore<DatasetService["importing"]["value"]>(null);
  readonly interrupted = new FakeStore<DatasetService["interrupted"]["value"]>([]);
  readonly images = new Map<string, readonly DatasetImage[]>();
  readonly findings = new Map<string, readonly Finding[]>();
  readonly searching = new FakeStore<VettingService["searching"]["value"]>(null);
  readonly duplicates = new Map<string, KnownDuplicates>();
  readonly histories = new FakeStore<VettingService["histories"]["value"]>(new Map());
  /** By image id, of whichever dataset. */
  readonly choices = new Map<string, ImageChoice>();
  readonly runs = new FakeStore<readonly Run[]>([]);
  readonly active = new FakeStore<ActiveRun | null>(null);
  readonly queueHeld = new FakeStore(false);
  readonly modelList = new FakeStore<readonly Model[]>([]);
  readonly defaultModelId = new FakeStore<string | null>(null);
  readonly captures = new FakeStore<readonly Capture[]>([]);
  readonly batchList = new FakeStore<readonly Batch[]>([]);
  readonly openBatch = new FakeStore<Batch | null>(null);
  readonly classifying = new FakeStore<BatchProgress | null>(null);
  /** What an interrupted batch finds again by itself. */
  filesAgain: readonly PickedFile[] | null = null;
  readonly locale = new FakeStore<Locale>("en");
  readonly theme = new FakeStore<Theme>("system");
  readonly backend = new FakeStore<SystemService["backend"]["value"]>(null);
  readonly storage = new FakeStore<SystemService["storage"]["value"]>(null);
  readonly online = new FakeStore(true);
  readonly offlineReady = new FakeStore(false);
  readonly updateReady = new FakeStore(false);
  readonly installable = new FakeStore(false);

  #note(call: string): void {
    this.calls.push(call);
  }

  readonly explanations: ExplanationService = {
    ofImage: (modelId, datasetId, imageId) => async (onStep) => {
      this.#note(`explain ${modelId} ${datasetId} ${imageId}`);
      return explained(onStep);
    },
    ofCapture: (capture) => async (onStep) => {
      this.#note(`explain ${capture.id}`);
      return explained(onStep);
    },
  };

  readonly datasets: DatasetService = {
    datasets: this.datasetList,
    importing: this.importing,
    importFolder: async (folder, target = {}) => {
      this.#note(
        ["import", folder.name, folder.files.length, target.datasetId, target.looseClass].filter(Boolean).join(" "),
      );
      this.imported = folder;
      const outcome = this.nextImport ?? succeeded(someDataset({ name: folder.name }));
      if (outcome.ok) this.datasetList.set([outcome.value, ...this.datasetList.value]);
      return outcome;
    },
    interrupted: this.interrupted,
    resumeImport: async (id, folder) => {
      this.#note(`resume ${id} ${folder?.name ?? "alone"}`);
      return this.nextImport ?? succeeded(someDataset({ id }));
    },
    keepImported: async (id) => {
      this.#note(`keep ${id}`);
      return succeeded(someDataset({ id }));
    },
    discardImport: async (id) => this.#note(`discard ${id}`),
    cancelImport: () => this.#note("cancel import"),
    setPositiveClass: async (id, name) => {
      this.#note(`positive ${id} ${name}`);
      this.datasetList.set(
        this.datasetList.value.map((dataset) => (dataset.id === id ? { ...dataset, positiveClass: name } : dataset)),
      );
    },
    rename: async (id, name) => {
      this.#note(`rename ${id} ${name}`);
      this.datasetList.set(
        this.datasetList.value.map((dataset) => (dataset.id === id ? { ...dataset, name } : dataset)),
      );
    },
    remove: async (id) => {
      this.#note(`remove ${id}`);
      this.datasetList.set(this.datasetList.value.filter((dataset) => dataset.id !== id));
    },
    images: async (id) => this.images.get(id) ?? [],
    findings: async (id) => this.findings.get(id) ?? [],
    thumbnail: async (_, imageId) => this.picture(imageId),
    picture: async ({ imageId }, mayAsk) => {
      const picture = await this.picture(imageId);
      return picture && { picture, isOriginal: mayAsk };
    },
    augmentedViews: async ({ imageId }, { augmentation }, { count, seed }) => {
      this.#note(`views ${imageId} ${augmentation?.kind ?? "none"} ${count} ${seed}`);
      const picture = (await this.picture(imageId)) ?? new Blob();
      return succeeded(Array.from({ length: count }, () => picture));
    },
  };

  readonly vetting: VettingService = {
    searching: this.searching,
    of: async (id) => ({
      images: withChoices(
        this.images.get(id) ?? [],
        [...this.choices].map(([imageId, choice]) => ({ imageId, ...choice })),
      ),
      duplicates: this.duplicates.get(id) ?? null,
      unsearched: this.duplicates.has(id) ? 0 : (this.images.get(id) ?? []).length,
      colourfulness: new Map(),
    }),
    choose: async (id, choices) => {
      this.#note(`choose ${id} ${[...choices].map(([imageId, choice]) => describeChoice(imageId, choice)).join(", ")}`);
      const before = new Map([...choices.keys()].map((imageId) => [imageId, this.choices.get(imageId) ?? null]));
      const history = this.histories.value.get(id) ?? emptyHistory;
      this.#choose(id, choices, withStep(history, { before, after: choices }));
      return () => this.vetting.undo(id);
    },
    histories: this.histories,
    undo: async (id) => {
      const undone = undoLast(this.histories.value.get(id) ?? emptyHistory);
      if (undone) this.#choose(id, undone.choices, undone.history);
    },
    redo: async (id) => {
      const redone = redoLast(this.histories.value.get(id) ?? emptyHistory);
      if (redone) this.#choose(id, redone.choices, redone.history);
    },
    search: async (id) => {
      this.#note(`search ${id}`);
      return succeeded({ exact: [], near: [] });
    },
    cancelSearch: () => this.#note("cancel search"),
  };

  #choose(id: string, choices: Choices, history: ChoiceHistory): void {
    for (const [imageId, choice] of choices) {
      if (choice) this.choices.set(imageId, choice);
      else this.choices.delete(imageId);
    }
    this.histories.set(new Map([[id, history]]));
    // As the app does after every change: the same datasets, as new objects.
    this.datasetList.set(this.datasetList.value.map((dataset) => ({ ...dataset })));
  }

  readonly training: TrainingService = {
    runs: this.runs,
    active: this.active,
    presets: [baseline, compact],
    drawSplit: async () => succeeded(someRun().split),
    train: async (datasetId, experiment, split) => {
      this.trained = experiment;
      const { preset, inputSize, epochs } = experiment;
      this.#note(`train ${datasetId} ${preset} ${inputSize} ${epochs} ${split?.kind}`);
      const outcome = this.nextTraining ?? succeeded(someRun({ experiment }));
      if (outcome.ok) this.runs.set([outcome.value, ...this.runs.value]);
      return outcome;
    },
    enqueue: async (datasetId, experiments) => {
      const names = experiments.map(({ preset, seed }) => `${preset}/${seed}`).join(" ");
      this.#note(`enqueue ${datasetId} ${names}`);
      return succeeded(experiments.map((experiment, index) => someRun({ id: `q${index}`, experiment })));
    },
    queueHeld: this.queueHeld,
    holdQueue: async (isHeld) => {
      this.#note(isHeld ? "hold" : "let go on");
      this.queueHeld.set(isHeld);
    },
    moveInQueue: async (runId, by) => this.#note(`move ${runId} ${by}`),
    withdraw: async (runId) => {
      this.#note(`withdraw ${runId}`);
      return async () => this.#note(`undo ${runId}`);
    },
    estimate: async () =>
      succeeded({
        parameters: 494_189,
        memoryBytes: 430e6,
        millisecondsPerStep: 200,
        secondsPerEpoch: 25,
        seconds: 500,
      }),
    resumeRun: async (runId) => {
      this.#note(`resume ${runId}`);
      return succeeded(someRun({ id: runId }));
    },
    pause: (isPaused) => this.#note(isPaused ? "pause" : "go on"),
    stop: () => this.#note("stop"),
    predictions: async (runId, part) => {
      this.#note(`predictions ${runId} ${part}`);
      return this.nextPredictions ?? succeeded(someJudgedImages({ runId, part }));
    },
    storedPredictions: async () => this.judgedBefore,
    remove: async (runId) => {
      this.#note(`remove ${runId}`);
      this.runs.set(this.runs.value.filter((run) => run.id !== runId));
    },
  };

  /** What a comparison measures; null: the run of `someExaminedRuns`. */
  nextExamination: Outcome<ExaminedRuns> | null = null;
  readonly decisions = new FakeStore<readonly FinalDecision[]>([]);
  readonly comparisons: ComparisonService = {
    decisions: this.decisions,
    decide: async (decision) => {
      this.#note(`decide ${decision.runId} ${decision.reason}`);
      const before = this.decisions.value;
      this.decisions.set([{ ...decision, decidedAt: day }]);
      return async () => this.decisions.set(before);
    },
    takeBack: async (datasetId) => {
      this.#note(`take back ${datasetId}`);
      const before = this.decisions.value;
      this.decisions.set([]);
      return async () => this.decisions.set(before);
    },
    examine: async (runs) => {
      this.#note(`examine ${runs.map(({ id }) => id).join(" ")}`);
      return this.nextExamination ?? succeeded(someExaminedRuns(runs));
    },
    contents: async ({ judged: _judged, ...examined }) => ({
      ...examined,
      version: "0.1.0",
      createdAt: day,
      decision: this.decisions.value[0] ?? null,
      finalRunId: this.decisions.value[0]?.runId ?? examined.runs[0]!.run.id,
      comparisons: [],
    }),
    against: async (runId, { runs }, part) => {
      this.#note(`against ${runId} ${part}`);
      return runs.flatMap(({ run }) => (run.id === runId ? [] : [someComparison(runId, run.id, part)]));
    },
  };

  readonly models: ModelService = {
    models: this.modelList,
    defaultModelId: this.defaultModelId,
    setDefault: async (id) => {
      this.#note(`default ${id}`);
      this.defaultModelId.set(id);
    },
    setDeciding: async (id, { threshold, reviewBand }) => {
      this.#note(`deciding ${id} ${threshold} ${reviewBand?.low ?? "-"}`);
      return async () => this.#note(`undo deciding ${id}`);
    },
    rename: async (id, name) => this.#note(`rename ${id} ${name}`),
    remove: async (id) => {
      this.#note(`remove ${id}`);
      const before = this.modelList.value;
      this.modelList.set(before.filter((model) => model.id !== id));
      return async () => this.modelList.set(before);
    },
    answer: async (id, { positive, preprocessing: { scale, offset } }) =>
      this.#note(`answer ${id}: ${positive}, ${scale} ${offset}`),
    tryOut: async (_id, files, candidates) => {
      this.#note(`try ${files.length} in ${candidates.length} ways`);
      return this.nextTrial ?? failed("bad-input", "No trial was made up.");
    },
    exportBundle: async (id) => {
      this.#note(`export ${id}`);
      return failed("not-found", "There is no such model.");
    },
    precisionChange: async ({ modelId, datasetId, precision }) => {
      this.#note(`precision ${precision} of ${modelId} on ${datasetId}`);
      return succeeded({ images: 480, isValidation: true, before: 0.912, after: 0.91, changedVerdicts: 3 });
    },
    importFiles: async (files) => {
      const name = files[0]?.path ?? "";
      this.#note(`import ${name}`);
      const model = someModel({ id: "imported", name, origin: "imported" });
      this.modelList.set([model, ...this.modelList.value]);
      return succeeded(model);
    },
  };

  readonly classification: ClassificationService = {
    batches: this.batchList,
    openBatch: this.openBatch,
    captures: this.captures,
    progress: this.classifying,
    open: async (id) => {
      this.#note(`open ${id}`);
      this.openBatch.set(this.batchList.value.find((batch) => batch.id === id) ?? null);
    },
    classify: async (files, origin) => {
      this.#note(`classify ${files.length} ${origin.source}`);
      this.classified = files;
      const start = this.captures.value.length;
      this.show([
        ...this.captures.value,
        ...files.map((file, index) => someCapture(start + index, { file: file.path })),
      ]);
      return succeeded({ pages: files.length, unreadable: 0 });
    },
    watch: async (handle) => {
      this.#note(`watch ${handle.name}`);
      return succeeded({ pages: 0, unreadable: 0 });
    },
    findFiles: async () => this.filesAgain,
    resume: async (id, files) => {
      this.#note(`resume ${id} ${files.length}`);
      return succeeded({ pages: files.length, unreadable: 0 });
    },
    pause: (id) => this.#note(`pause ${id}`),
    stop: async (id) => this.#note(`stop ${id}`),
    judge: async () => ({ probability: 0.87, verdict: "photo" }),
    decide: async (captures, verdict) => {
      this.#note(`decide ${captures.map(({ id }) => id).join(" ")} ${verdict}`);
      const before = this.captures.value;
      const ids = new Set(captures.map(({ id }) => id));
      const decision = verdict && { verdict, decidedAt: day };
      this.show(before.map((capture) => (ids.has(capture.id) ? { ...capture, decision } : capture)));
      return async () => this.show(before);
    },
    thumbnail: async (capture) => this.picture(capture.file),
    picture: async (capture) => this.picture(capture.file),
    original: async () => undefined,
    rename: async (id, name) => this.#note(`rename ${id} ${name}`),
    remove: async (captures) => {
      this.#note(`remove ${captures.length}`);
      const before = this.captures.value;
      this.show(before.filter((capture) => !captures.includes(capture)));
      return async () => this.show(before);
    },
    removeBatches: async (ids) => {
      this.#note(`remove batches ${ids.join(" ")}`);
      const before = this.batchList.value;
      this.batchList.set(before.filter(({ id }) => !ids.includes(id)));
      return async () => this.batchList.set(before);
    },
    exportList: (format) => {
      this.#note(`export ${format}`);
      return new File(["file"], `tamis.${format}`);
    },
  };

  /** Makes these the captures of the open batch. */
  show(captures: readonly Capture[], change: Partial<Batch> = {}): void {
    const batch = someBatch(captures, { ...this.openBatch.value, ...someCounts(captures), ...change });
    this.captures.set(captures);
    this.openBatch.set(batch);
    this.batchList.set([batch, ...this.batchList.value.filter(({ id }) => id !== batch.id)]);
  }

  readonly sorting: SortingService = {
    canMove: async () => true,
    takenNames: async () => 2,
    sortInto: async (_batchId, plan, target, { moves }) => {
      this.#note(`sort ${plan.length} into ${target.name} ${moves ? "moving" : "copying"}`);
      return succeeded({ copied: plan.length - 1, moved: 0, alreadyThere: 0, missing: [plan[0]!.file] });
    },
    zip: async (_batchId, plan) => {
      this.#note(`zip ${plan.length}`);
      return failed("cancelled", "Cancelled.");
    },
  };

  readonly labelling: LabellingService = {
    addToDataset: async (datasetId, labelled) => {
      this.#note(
        `add to ${datasetId}: ${labelled.map(({ capture, className }) => `${capture.id} ${className}`).join(", ")}`,
      );
      const report = { added: labelled.length, known: 0, relabelled: 0, missing: [] };
      return succeeded({ report, undo: async () => this.#note("take back") });
    },
  };

  readonly system: SystemService = {
    version: "0.1.0",
    locale: this.locale,
    setLocale: async (locale) => {
      this.#note(`locale ${locale}`);
      this.locale.set(locale);
    },
    theme: this.theme,
    setTheme: async (theme) => {
      this.#note(`theme ${theme}`);
      this.theme.set(theme);
    },
    backend: this.backend,
    storage: this.storage,
    online: this.online,
    offlineReady: this.offlineReady,
    updateReady: this.updateReady,
    applyUpdate: () => this.#note("update"),
    installable: this.installable,
    install: async () => this.#note("install"),
  };

  /** Fills everything, as after a few days of use. */
  fill(): this {
    const dataset = someDataset();
    this.datasetList.set([
      dataset,
      someDataset({
        id: "d2",
        name: "box 12, second batch with a rather long name",
        classNames: ["Autres", "Photographies"],
        positiveClass: "Photographies",
        classCounts: [312, 97],
        findingCount: 0,
      }),
    ]);
    this.images.set(
      "d1",
      dataset.classNames.flatMap((className) =>
        Array.from({ length: 12 }, (_, index) => ({
          datasetId: "d1",
          imageId: `${className}/${index}.jpg`,
          path: `${className}/${index}.jpg`,
          page: 0,
          className,
          width: 800,
          height: 600,
          byteLength: 90_000,
          lastModified: day,
          mediaType: "image/jpeg",
        })),
      ),
    );
    this.findings.set("d1", someFindings);
    this.runs.set([
      someRun(),
      someRun({
        id: "r2",
        experiment: { ...baseline, epochs: 20 },
        status: "stopped",
        history: someHistory(4),
        createdAt: day - 4e6,
      }),
      someRun({
        id: "r3",
        status: "interrupted",
        problem: "Tamis was closed before the run ended.",
        history: [],
        modelId: null,
        keptEpoch: null,
        checkpointEpoch: null,
        checkpointProblem: "",
        engine: null,
        createdAt: day - 9e6,
      }),
    ]);
    this.modelList.set([
      someModel(),
      someModel({ id: "starter", name: "Starter", origin: "starter", runId: null, weightBytes: 2_100_000 }),
    ]);
    this.defaultModelId.set("m1");
    this.show([...Array.from({ length: 23 }, (_, index) => someCapture(index)), unreadableCapture(23)]);
    this.backend.set({
      name: "wasm",
      threads: 2,
      simd: "relaxed",
      isSoftware: false,
      reason: "WASM took 0.4 s where the WebGPU adapter, which computes on the processor, took 45 s.",
    });
    this.storage.set({ used: 412e6, quota: 18e9, persisted: true });
    this.offlineReady.set(true);
    return this;
  }

  /** A run in its third epoch. */
  startTraining(): this {
    const run = someRun({ id: "live", status: "running", history: someHistory(6) });
    this.active.set({
      runId: "live",
      run,
      phase: "training",
      preparing: null,
      recovered: null,
      started: {
        type: "started",
        backend: { name: "wasm", threads: 2, simd: "relaxed", isSoftware: false, reason: "" },
        parameters: 488_933,
        stepsPerEpoch: 41,
      },
      step: {
        type: "step",
        epoch: 7,
        step: 17,
        loss: 0.2314,
        accuracy: 0.912,
        millisecondsPerStep: 412,
        secondsLeft: 754,
      },
    });
    return this;
  }
}
