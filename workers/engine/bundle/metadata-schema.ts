/** What `metadata.json` of a bundle must look like. It comes from outside, so nothing in it is taken for granted. */
import * as v from "valibot";
import { imageStatisticNames } from "../../../src/domain/drift/image-statistics.ts";
import { aspects, resamplings } from "../../../src/domain/image/pixel-format.ts";
import { measuredFigures } from "../../../src/domain/model/measured.ts";
import { adaptedMetadataVersion, type ModelMetadata } from "../../../src/domain/model/model.ts";
import { EngineError } from "../failure.ts";
import { metadataFile } from "./files.ts";

const largestSide = 4096;
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(largestSide));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const finite = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.maxLength(1000));

const pixelFormat = v.object({
  width: side,
  height: side,
  resampling: v.picklist(resamplings),
  aspect: v.picklist(aspects),
});

const preprocessing = v.object({
  pixels: pixelFormat,
  inputSize: side,
  views: v.pipe(v.array(v.picklist(["whole", "central-square"])), v.minLength(1), v.maxLength(8)),
  scale: finite,
  offset: finite,
  channels: v.exactOptional(
    v.pipe(
      v.object({ order: v.picklist(["rgb", "bgr", "grey"]), scale: v.array(finite), offset: v.array(finite) }),
      v.check(({ order, scale, offset }) => {
        const wanted = order === "grey" ? 1 : 3;
        return scale.length === wanted && offset.length === wanted;
      }, "as many numbers as channels"),
    ),
  ),
});

const output = v.pipe(
  v.object({
    kind: v.picklist(["sigmoid", "softmax"]),
    labels: v.pipe(v.array(text), v.minLength(2), v.maxLength(10_000)),
    positive: count,
    logits: v.exactOptional(v.boolean()),
  }),
  v.check(({ labels, positive }) => positive < labels.length, "output.positive names no label"),
  v.check(({ kind, labels }) => kind === "softmax" || labels.length === 2, "a sigmoid output has two labels"),
);

const epochValues = v.object({
  epoch: count,
  loss: v.number(),
  accuracy: v.number(),
  validationLoss: v.number(),
  validationAccuracy: v.number(),
  seconds: v.number(),
});

const training = v.object({
  datasetName: text,
  classNames: v.array(text),
  trainingImages: count,
  validationImages: count,
  seed: count,
  epochs: count,
  backend: text,
  history: v.array(epochValues),
});

const mostBins = 100;
function byStatistic(schema: typeof finite | typeof count) {
  const list = v.pipe(v.array(schema), v.maxLength(mostBins));
  return v.object({ colourfulness: list, brightness: list, contrast: list, "aspect-ratio": list, size: list });
}
const images = v.pipe(
  v.object({ edges: byStatistic(finite), positive: byStatistic(count), negative: byStatistic(count) }),
  v.check(
    ({ edges, positive, negative }) =>
      imageStatisticNames.every((name) => {
        const bins = edges[name].length + 1;
        return positive[name].length === bins && negative[name].length === bins;
      }),
    "a count for each bin of each statistic",
  ),
);

const interval = v.nullable(v.strictTuple([finite, finite]));
const figure = v.object({ value: v.nullable(finite), interval });

const measured = v.object({
  part: v.picklist(["validation", "test"]),
  images: count,
  positives: count,
  threshold: share,
  figures: v.object(v.entriesFromList(measuredFigures, figure)),
  classes: v.pipe(v.array(v.object({ className: text, n: count, wrong: count, right: figure })), v.maxLength(10_000)),
});

/** Unknown fields are dropped: a later version of Tamis may have written more. */
const metadataSchema: v.GenericSchema<unknown, ModelMetadata> = v.object({
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  name: text,
  createdAt: finite,
  preset: text,
  parameters: count,
  preprocessing,
  output,
  calibration: v.optional(v.nullable(v.object({ scale: v.pipe(finite, v.gtValue(0)), shift: finite })), null),
  threshold: share,
  reviewBand: v.nullable(v.object({ low: share, high: share })),
  training: v.nullable(training),
  // A model whose figures make no sense is a model all the same.
  measured: v.exactOptional(v.fallback(v.pipe(v.array(measured), v.maxLength(2)), [])),
  images: v.exactOptional(images),
});

const versionedMetadata: v.GenericSchema<unknown, ModelMetadata> = v.pipe(
  v.unknown(),
  v.check((json) => !isNewer(json), "it was written by a newer version of Tamis; update Tamis and import it again"),
  metadataSchema,
);

/** A newer version may mean something else by the same fields, so this is looked at before they are. */
function isNewer(json: unknown): boolean {
  const newest = adaptedMetadataVersion;
  return typeof json === "object" && json !== null && "version" in json && Number(json.version) > newest;
}

/** @throws EngineError `bad-model`, naming the field */
export function checkedMetadata(json: unknown): ModelMetadata {
  const result = v.safeParse(versionedMetadata, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new EngineError(
    "bad-model",
    `${metadataFile} is not right${path === null ? "" : ` at “${path}”`}: ${issue.message}.`,
    "Export the model again from Tamis, and import that file unchanged.",
  );
}
