/** Datasets, runs, models and captures that a screen can show, made up for tests. */
import { type Batch, countsOf, filesAmong } from "../../../src/domain/capture/batch.ts";
import type { Capture } from "../../../src/domain/capture/capture.ts";
import type { Dataset, Finding } from "../../../src/domain/dataset/dataset.ts";
import type { Explanation } from "../../../src/domain/explanation/explanation.ts";
import type { HeatMap } from "../../../src/domain/explanation/heat-map.ts";
import { compact } from "../../../src/domain/experiment/presets.ts";
import type { Model } from "../../../src/domain/model/model.ts";
import type { JudgedImages } from "../../../src/domain/run/predictions.ts";
import type { EpochValues, Run } from "../../../src/domain/run/run.ts";
import { type Outcome, succeeded } from "../../../src/contract/outcome.ts";
import type { ExplanationStep } from "../../../src/ui/services/explanation-service.ts";

/** A small picture of one colour, told from the text. */
export async function swatch(text: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(48, 48);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("There is no 2D canvas.");
  let hue = 0;
  for (const character of text) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360;
  context.fillStyle = `hsl(${hue} 40% 60%)`;
  context.fillRect(0, 0, 48, 48);
  return canvas.convertToBlob({ type: "image/png" });
}

export const day = Date.UTC(2026, 10, 23, 9, 30);

export function someDataset(change: Partial<Dataset> = {}): Dataset {
  return {
    id: "d1",
    name: "archive",
    createdAt: day,
    classNames: ["Painting", "Photo", "Schematics", "Sketch", "Text"],
    positiveClass: "Photo",
    classCounts: [738, 822, 736, 421, 497],
    findingCount: 3,
    cachedFormats: [],
    ...change,
  };
}

export const someFindings: readonly Finding[] = [
  {
    datasetId: "d1",
    path: "Photo/scan_0041.jpg",
    className: "Photo",
    reason: "damaged",
    detail: "Unexpected end of data.",
  },
  {
    datasetId: "d1",
    path: "Text/desktop.ini",
    className: "Text",
    reason: "not-an-image",
    detail: "No known signature.",
  },
  { datasetId: "d1", path: "Sketch/plan.heic", className: "Sketch", reason: "unsupported-format", detail: "HEIC." },
];

export function someHistory(epochs: number): EpochValues[] {
  return Array.from({ length: epochs }, (_, index) => {
    const t = index / 8;
    return {
      epoch: index + 1,
      loss: 0.08 + 0.55 * Math.exp(-1.4 * t),
      accuracy: 0.99 - 0.28 * Math.exp(-1.3 * t),
      validationLoss: 0.19 + 0.42 * Math.exp(-1.6 * t) + 0.02 * Math.sin(index * 1.7) + 0.02 * t,
      validationAccuracy: 0.945 - 0.22 * Math.exp(-1.5 * t) + 0.008 * Math.sin(index * 2.1),
      seconds: 41.3,
    };
  });
}

export function someRun(change: Partial<Run> = {}): Run {
  const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => `Photo/${from + index}.jpg`);
  return {
    id: "r1",
    datasetId: "d1",
    datasetName: "archive",
    classNames: someDataset().classNames,
    positiveClass: "Photo",
    experiment: { ...compact, epochs: 20 },
    split: {
      kind: "stratified",
      validationShare: 0.15,
      testShare: 0.15,
      bySource: false,
      seed: 42,
      training: ids(0, 2250),
      validation: ids(2250, 482),
      test: ids(2732, 482),
    },
    leakage: {
      validation: { exact: 0, near: 3, source: 482 },
      test: { exact: 0, near: 0, source: 482 },
    },
    createdAt: day,
    status: "finished",
    problem: "",
    history: someHistory(20),
    modelId: "m1",
    keptEpoch: 20,
    checkpointEpoch: null,
    checkpointProblem: "",
    engine: {
      backend: "wasm",
      threads: 2,
      simd: "relaxed",
      parameters: 488_933,
      millisecondsPerStep: 412,
      waitingShare: 0.01,
      peakHeapBytes: 412e6,
    },
    queue: null,
    kernels: null,
    ...change,
  };
}

export function someModel(change: Omit<Partial<Model>, "metadata"> & { readonly name?: string } = {}): Model {
  const { name = "Compact on archive", ...rest } = change;
  return {
    id: "m1",
    metadata: {
      version: 1,
      name,
      createdAt: day,
      preset: "compact",
      parameters: 488_933,
      preprocessing: { pixels: compact.pixels, inputSize: 112, views: compact.views, scale: 1, offset: 0 },
      output: { kind: "softmax", labels: someDataset().classNames, positive: 1 },
      calibration: null,
      threshold: 0.5,
      reviewBand: { low: 0.35, high: 0.65 },
      training: {
        datasetName: "archive",
        classNames: someDataset().classNames,
        trainingImages: 2572,
        validationImages: 642,
        seed: 42,
        epochs: 20,
        backend: "wasm",
        history: someHistory(20),
      },
    },
    weightBytes: 1_955_732,
    origin: "trained",
    runId: "r1",
    ...rest,
  };
}

export function someCapture(index: number, change: Partial<Capture> = {}): Capture {
  const probability = [0.982, 0.031, 0.51, 0.874, 0.006, 0.93, 0.22, 0.997][index % 8] ?? 0;
  return {
    id: `c${index}`,
    batchId: "b1",
    file: `box-12/scan_${String(index).padStart(4, "0")}.jpg`,
    byteLength: 90_000 + index,
    lastModified: day,
    page: 0,
    createdAt: day + index,
    modelId: "m1",
    probability,
    verdict: probability >= 0.65 ? "photo" : probability < 0.35 ? "not-photo" : "to-review",
    decision: null,
    error: null,
    ...change,
  };
}

/** What a batch says of its captures. */
export function someCounts(captures: readonly Capture[]): Pick<Batch, "files" | "doneFiles" | "counts"> {
  const files = filesAmong(captures);
  return { files, doneFiles: files, counts: countsOf(captures) };
}

export function someBatch(captures: readonly Capture[], change: Partial<Batch> = {}): Batch {
  return {
    id: "b1",
    name: "box-12",
    createdAt: day,
    changedAt: day,
    modelId: "m1",
    modelName: "Compact on archive",
    source: "folder",
    status: "finished",
    seconds: 12,
    ...someCounts(captures),
    ...change,
  };
}

export function unreadableCapture(index: number): Capture {
  return someCapture(index, {
    file: "box-12/notes.jpg",
    probability: null,
    verdict: null,
    error: { reason: "damaged", detail: "Unexpected end of data." },
  });
}

/** 200 images of five classes, told apart but for a few. */
export function someJudgedImages(change: Partial<JudgedImages> = {}): JudgedImages {
  const names = ["Painting", "Photo", "Schematics", "Sketch", "Text"];
  const classNames = Array.from({ length: 200 }, (_, i) => names[i % names.length]!);
  const labels = Uint8Array.from(classNames, (name) => (name === "Photo" ? 1 : 0));
  const probabilities = Float64Array.from(labels, (label, i) => {
    const unsure = ((i * 37) % 100) / 100;
    return label === 1 ? 1 - 0.6 * unsure ** 2 : 0.7 * unsure ** 3;
  });
  return {
    runId: "r1",
    part: "validation",
    imageIds: classNames.map((name, i) => `${name}/${i}.jpg`),
    classNames,
    labels,
    probabilities,
    uncalibrated: Float32Array.from(probabilities),
    byClass: null,
    millisecondsPerImage: 7.5,
    ...change,
  };
}

/** What speaks for a photo lies at the upper left, what speaks against it at the lower right; the right edge is not seen. */
function someMap(method: HeatMap["method"], most: number): HeatMap {
  const values = Float32Array.from({ length: 64 }, (_, i) => {
    const [x, y] = [i % 8, Math.floor(i / 8)];
    if (x === 7) return NaN;
    return x < 2 && y < 2 ? most : x > 4 && y > 5 ? -most / 2 : 0;
  });
  return { method, aspect: 1, columns: 8, rows: 8, values, lowest: -most / 2, highest: most };
}

export const someExplanation: Explanation = {
  probability: 0.91,
  gradCam: someMap("grad-cam", 3),
  gradCamLack: null,
  occlusion: someMap("occlusion", 0.124),
  agreement: 0.83,
  seconds: { gradCam: 0.2, occlusion: 1.4 },
};

/** Grad-CAM first, then covering, then all of it. */
export function explained(onStep: (step: ExplanationStep) => void): Outcome<Explanation> {
  const { probability, gradCam, gradCamLack } = someExplanation;
  onStep({ type: "grad-cam", probability, map: gradCam, lack: gradCamLack });
  onStep({ type: "occluding", done: 40, total: 289 });
  return succeeded(someExplanation);
}
