import { baseline } from "../../../../src/domain/experiment/presets.ts";
import {
  day,
  someCapture,
  someDataset,
  someFindings,
  someHistory,
  someModel,
  someRun,
  unreadableCapture,
} from "../samples.ts";
import { fakeClassification } from "./classification.ts";
import { fakeComparisons } from "./comparisons.ts";
import { fakeDatasets } from "./datasets.ts";
import { fakeExplanations, fakeLabelling, fakeSorting } from "./captures.ts";
import { fakeModels } from "./models.ts";
import { FakeState } from "./state.ts";
import { fakeSystem } from "./system.ts";
import { fakeTraining } from "./training.ts";
import { fakeVetting } from "./vetting.ts";

/** Services without workers or storage, with data that a screen can show. What the person does is written down in `calls`. */
export class Fakes extends FakeState {
  readonly datasets = fakeDatasets(this);
  readonly vetting = fakeVetting(this);
  readonly training = fakeTraining(this);
  readonly comparisons = fakeComparisons(this);
  readonly models = fakeModels(this);
  readonly classification = fakeClassification(this);
  readonly explanations = fakeExplanations(this);
  readonly sorting = fakeSorting(this);
  readonly labelling = fakeLabelling(this);
  readonly system = fakeSystem(this);

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
      stepMilliseconds: { wasm: 400, webgpu: 45_000 },
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
        backend: { name: "wasm", threads: 2, simd: "relaxed", isSoftware: false, reason: "", stepMilliseconds: null },
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
