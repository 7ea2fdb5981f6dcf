/** What tfjs' layers tell about a network: whether it rescales pixels by itself, and what its last numbers are. */
import type { layers, LayersModel } from "@tensorflow/tfjs-layers";

/** Layers that pass numbers on as they are, in another shape at most. */
const neutral: ReadonlySet<string> = new Set([
  "Dropout",
  "Flatten",
  "InputLayer",
  "Reshape",
  "Resizing",
  "CenterCrop",
  "ZeroPadding2D",
]);

function layersOf(model: LayersModel): layers.Layer[] {
  return model.layers.flatMap((layer) => ("layers" in layer ? layersOf(layer as LayersModel) : [layer]));
}

/** The first layer that computes is a Rescaling, or a batch normalisation that learnt the pixels' range. */
export function isRescalingItself(model: LayersModel | null): boolean {
  if (!model) return false;
  const first = layersOf(model).find((layer) => !neutral.has(layer.getClassName()));
  return first !== undefined && ["Rescaling", "BatchNormalization"].includes(first.getClassName());
}

/** The activation that the outputs went through; null where there are no layers. */
export function lastActivation(model: LayersModel | null): string | null {
  if (!model) return null;
  const last = layersOf(model).findLast((layer) => !neutral.has(layer.getClassName()));
  if (!last) return null;
  if (last.getClassName() === "Softmax") return "softmax";
  const { activation } = last.getConfig();
  return typeof activation === "string" ? activation : "linear";
}
