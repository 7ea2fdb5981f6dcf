/** The last feature maps of a network, and the layer that its outputs come from, also where networks are nested. */
import type { layers, LayersModel } from "@tensorflow/tfjs-layers";

/** What makes or combines feature maps; pooling, padding and dropout after them only pass them on. */
const mapMakers = new Set([
  "Activation",
  "Add",
  "Average",
  "BatchNormalization",
  "Concatenate",
  "Conv2D",
  "Conv2DTranspose",
  "DepthwiseConv2D",
  "ELU",
  "LeakyReLU",
  "Maximum",
  "Minimum",
  "Multiply",
  "PReLU",
  "ReLU",
  "SeparableConv2D",
  "ThresholdedReLU",
]);

function isNetwork(layer: layers.Layer): layer is LayersModel {
  return "layers" in layer;
}

/** From the input to the output, those of nested networks in their place. */
function allLayers(network: LayersModel): layers.Layer[] {
  return network.layers.flatMap((layer) => (isNetwork(layer) ? allLayers(layer) : [layer]));
}

/**
 * The layer that puts out the last feature map of more than one pixel, after a convolution, that everything goes through: a head on maps of several
 * resolutions, or around a shortcut, learns of the finest of them alone what all of them know. Where branches meet only after their maps were pooled, the last
 * map of each. Empty where there is none, or a branch without one.
 */
export function lastMapLayers(network: LayersModel): readonly layers.Layer[] {
  const maps = mapLayers(network);
  const last = maps.findLast((layer) => !hasWayAround(network, layer));
  if (last) return [last];
  const join = allLayers(network).findLast((layer) => isJoin(layer) && !hasWayAround(network, layer));
  if (!join) return [];
  const branches = inputsOf(join).map((from) => lastMapBefore(from, new Set(maps)));
  return branches.every((branch) => branch !== null) ? branches : [];
}

/** Where numbers of several branches lie side by side, which are no maps any more. */
function isJoin(layer: layers.Layer): boolean {
  const output = layer.getOutputAt(0);
  return layer.getClassName() === "Concatenate" && !Array.isArray(output) && output.shape.length === 2;
}

function inputsOf(layer: layers.Layer): layers.Layer[] {
  return layer.inboundNodes.flatMap(({ inputTensors }) => inputTensors.map(({ sourceLayer }) => sourceLayer));
}

/** On a way without forks; null where there is none. */
function lastMapBefore(layer: layers.Layer, maps: ReadonlySet<layers.Layer>): layers.Layer | null {
  if (maps.has(layer)) return layer;
  const [before, ...others] = inputsOf(layer);
  return before && others.length === 0 ? lastMapBefore(before, maps) : null;
}

function mapLayers(network: LayersModel): layers.Layer[] {
  const found: layers.Layer[] = [];
  for (const layer of allLayers(network)) {
    const kind = layer.getClassName();
    const isConvolution = kind.includes("Conv2D");
    if (isConvolution && layer.getConfig().dataFormat === "channelsFirst") return [];
    if (!mapMakers.has(kind) || !(isConvolution || found.length > 0)) continue;
    const output = layer.getOutputAt(0);
    if (Array.isArray(output) || output.shape.length !== 4) continue;
    const [, height, width] = output.shape;
    if (Math.max(height ?? 2, width ?? 2) > 1) found.push(layer);
  }
  return found;
}

/** Whether the network's output can be reached from its input without this layer. */
function hasWayAround(network: LayersModel, layer: layers.Layer): boolean {
  const seen = new Set<layers.Layer>();
  const waiting = network.outputs.map(({ sourceLayer }) => sourceLayer);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next === layer || seen.has(next)) continue;
    seen.add(next);
    if (isNetwork(next) && allLayers(next).includes(layer) && !hasWayAround(next, layer)) continue;
    if (network.inputs.some(({ sourceLayer }) => sourceLayer === next)) return true;
    for (const tensor of next.inboundNodes.flatMap(({ inputTensors }) => inputTensors))
      waiting.push(tensor.sourceLayer);
  }
  return false;
}

/** The layer that puts out the network's first output. */
export function lastLayer(network: LayersModel): layers.Layer {
  const layer = network.outputs[0]!.sourceLayer;
  return isNetwork(layer) ? lastLayer(layer) : layer;
}
