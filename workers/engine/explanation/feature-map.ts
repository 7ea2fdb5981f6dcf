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
  const [end] = sourcesOf(network);
  return [...new Set(mapsBefore(end!, network, mapLayers(network)) ?? [])];
}

/** Of what goes into `end`; null where it can be reached without a map. */
function mapsBefore(
  end: layers.Layer,
  network: LayersModel,
  maps: readonly layers.Layer[],
): readonly layers.Layer[] | null {
  const last = maps.findLast((layer) => !hasWayAround(network, layer, [end]));
  if (last) return [last];
  if (network.inputs.some(({ sourceLayer }) => sourceLayer === end)) return null;
  const branches = inputsOf(end).map((from) => mapsBefore(from, network, maps));
  return branches.length > 0 && branches.every((branch) => branch !== null) ? branches.flat() : null;
}

function inputsOf(layer: layers.Layer): layers.Layer[] {
  return layer.inboundNodes.flatMap(({ inputTensors }) => inputTensors.map(({ sourceLayer }) => sourceLayer));
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

/** Whether one of `ends` can be reached from the network's input without this layer. */
function hasWayAround(network: LayersModel, layer: layers.Layer, ends: readonly layers.Layer[]): boolean {
  const seen = new Set<layers.Layer>();
  const waiting = [...ends];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next === layer || seen.has(next)) continue;
    seen.add(next);
    if (isNetwork(next) && allLayers(next).includes(layer) && !hasWayAround(next, layer, sourcesOf(next))) continue;
    if (network.inputs.some(({ sourceLayer }) => sourceLayer === next)) return true;
    waiting.push(...inputsOf(next));
  }
  return false;
}

function sourcesOf(network: LayersModel): layers.Layer[] {
  return network.outputs.map(({ sourceLayer }) => sourceLayer);
}

/** The layer that puts out the network's first output. */
export function lastLayer(network: LayersModel): layers.Layer {
  const layer = network.outputs[0]!.sourceLayer;
  return isNetwork(layer) ? lastLayer(layer) : layer;
}
