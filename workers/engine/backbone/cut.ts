/** From a classifier to its features: the network up to its last feature maps, each averaged over its area. */
import { layers, type LayersModel, model as modelOf, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import { EngineError } from "../failure.ts";

/**
 * Feature maps of at most this many resolutions, the coarsest ones, make up the features. What is painted and what is photographed differs in texture, which
 * the last map alone has forgotten.
 */
const resolutions = 2;

/**
 * A model that shares the layers of `model`: from its picture to [images, features]. Wrappers (a Sequential around a network, as Teachable
 * Machine exports it) are taken off.
 * @throws EngineError `bad-model` where the network has no feature map
 */
export function cutAtFeatures(model: LayersModel): LayersModel {
  const network = innermost(model);
  const [image] = network.inputs;
  if (network.inputs.length !== 1 || image!.shape.length !== 4 || image!.shape[3] !== 3) {
    throw noFeatures("it does not take one RGB picture");
  }
  const maps = lastMaps(network);
  if (maps.length === 0) throw noFeatures("none of its layers puts out a picture");
  const pooled = maps.map((map, index) => {
    const name = index === 0 ? "features" : `features_${index}`;
    return layers.globalAveragePooling2d({ name }).apply(map) as SymbolicTensor;
  });
  const outputs =
    pooled.length === 1 ? pooled[0]! : (layers.concatenate({ name: "all_features" }).apply(pooled) as SymbolicTensor);
  return modelOf({ name: "backbone", inputs: image!, outputs });
}

function noFeatures(reason: string): EngineError {
  return new EngineError(
    "bad-model",
    `This model has no features of pictures to offer: ${reason}.`,
    "Choose an image classifier such as MobileNet, saved as a tfjs LayersModel.",
  );
}

/** The network inside of wrappers. */
function innermost(model: LayersModel): LayersModel {
  const nested = model.layers.find((layer): layer is LayersModel => "layers" in layer && takesPicture(layer));
  return nested ? innermost(nested) : model;
}

function takesPicture(layer: layers.Layer): boolean {
  const shape = (layer as LayersModel).inputs[0]?.shape;
  return shape?.length === 4;
}

/** The last map of each of the coarsest resolutions, coarsest first; a map of one pixel is none any more. */
function lastMaps(network: LayersModel): SymbolicTensor[] {
  const bySide = new Map<number, SymbolicTensor>();
  for (const layer of network.layers) {
    const output = layer.getOutputAt(0);
    if (Array.isArray(output) || output.shape.length !== 4) continue;
    const [, height, width] = output.shape;
    const side = Math.max(height ?? 0, width ?? 0);
    if (side > 1 && layer.getClassName() !== "InputLayer" && !isPadding(layer)) bySide.set(side, output);
  }
  return [...bySide]
    .sort(([a], [b]) => a - b)
    .slice(0, resolutions)
    .map(([, map]) => map);
}

/** It only prepares for the convolution after it, at a resolution that is none. */
function isPadding(layer: layers.Layer): boolean {
  return layer.getClassName() === "ZeroPadding2D";
}
