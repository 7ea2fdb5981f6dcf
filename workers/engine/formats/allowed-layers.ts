/** The layers that a model may have: every one of them is known and runs no code of the file's. */
import { refused } from "./refusal.ts";

/** As tfjs names them. */
export const allowedLayers: ReadonlySet<string> = new Set([
  "Activation",
  "Add",
  "AlphaDropout",
  "Average",
  "AveragePooling1D",
  "AveragePooling2D",
  "BatchNormalization",
  "Bidirectional",
  "CenterCrop",
  "Concatenate",
  "Conv1D",
  "Conv2D",
  "Conv2DTranspose",
  "Cropping2D",
  "Dense",
  "DepthwiseConv2D",
  "Dot",
  "Dropout",
  "ELU",
  "Embedding",
  "Flatten",
  "GRU",
  "GaussianDropout",
  "GaussianNoise",
  "GlobalAveragePooling1D",
  "GlobalAveragePooling2D",
  "GlobalMaxPooling1D",
  "GlobalMaxPooling2D",
  "InputLayer",
  "LSTM",
  "LayerNormalization",
  "LeakyReLU",
  "Masking",
  "MaxPooling1D",
  "MaxPooling2D",
  "Maximum",
  "Minimum",
  "Multiply",
  "PReLU",
  "Permute",
  "ReLU",
  "RepeatVector",
  "Rescaling",
  "Reshape",
  "Resizing",
  "SeparableConv2D",
  "SimpleRNN",
  "Softmax",
  "SpatialDropout1D",
  "ThresholdedReLU",
  "TimeDistributed",
  "UpSampling2D",
  "ZeroPadding2D",
]);

const containers: ReadonlySet<string> = new Set(["Sequential", "Model", "Functional"]);
/** Deeper than any real model; a file must not make us recurse for ever. */
const deepest = 20;

/**
 * @param topology of a tfjs LayersModel: `{ class_name, config }`, or that as `model_config`
 * @throws EngineError `bad-model`, naming the layer
 */
export function checkLayers(topology: unknown, file: string): void {
  checkLayer(objectOf(topology).model_config ?? topology, file, 0);
}

function checkLayer(layer: unknown, file: string, depth: number): void {
  const { class_name: className, config } = objectOf(layer);
  if (typeof className !== "string") throw refused(`${file} describes no network: a layer has no class_name.`);
  if (allowedLayers.has(className)) return;
  const { name, layers } = objectOf(config);
  const named = typeof name === "string" ? ` “${name}”` : "";
  if (!containers.has(className)) throw unknownLayer(className, named, file);
  if (depth === deepest) throw refused(`${file} nests its models more than ${deepest} deep.`);
  const inside = Array.isArray(config) ? config : layers;
  if (!Array.isArray(inside)) throw refused(`The ${className}${named} in ${file} has no layers.`);
  for (const inner of inside) checkLayer(inner, file, depth + 1);
}

export function unknownLayer(className: string, named: string, file: string): Error {
  const isCode = className === "Lambda";
  return refused(
    `${file} has a layer that Tamis ${isCode ? "does not run" : "does not know"}: ${className}${named}${isCode ? " (it holds code)" : ""}.`,
    "Build the network from Keras' standard layers (a Rescaling layer instead of a Lambda, for example), or export it as ONNX.",
  );
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
