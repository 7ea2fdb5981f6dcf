/** What `metadata.json` of a bundle must look like. It comes from outside, so nothing in it is taken for granted. */
import * as v from "valibot";
import { aspects, resamplings } from "../../../src/domain/image/pixel-format.ts";
import type { ModelMetadata } from "../../../src/domain/model/model.ts";

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
});

const output = v.pipe(
  v.object({
    kind: v.picklist(["sigmoid", "softmax"]),
    labels: v.pipe(v.array(text), v.minLength(2), v.maxLength(10_000)),
    positive: count,
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

/** Unknown fields are dropped: a later version of Tamis may have written more. */
export const metadataSchema: v.GenericSchema<unknown, ModelMetadata> = v.object({
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
});

/** The part of a tfjs `model.json` that is needed to read the weights. */
export const modelFileSchema = v.object({
  format: v.optional(v.string()),
  modelTopology: v.looseObject({}),
  weightsManifest: v.pipe(
    v.array(
      v.object({
        paths: v.array(text),
        weights: v.array(
          v.looseObject({
            name: text,
            shape: v.array(count),
            dtype: v.literal("float32", "weights are float32"),
            quantization: v.optional(v.never("quantised weights are not supported")),
          }),
        ),
      }),
    ),
    v.length(1, "the weights lie in one file"),
  ),
});
