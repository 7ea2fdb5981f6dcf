/** The part of a network that is not trained: from a picture to features, by a backbone, by dictionaries, or by both. */
import { input, layers, type LayersModel, model as modelOf, type SymbolicTensor } from "@tensorflow/tfjs-layers";
import { patchEpsilon } from "../../../src/domain/dictionary/dictionaries.ts";
import type { FittedDictionary } from "../../../src/domain/dictionary/fit.ts";
import type { Dictionary, PatchDictionary } from "../../../src/domain/experiment/backbone.ts";
import { fuseLayers } from "../backends/fused-layers.ts";
import type * as tf from "../backends/tensors.ts";
import { overwrite } from "../backends/variables.ts";

export interface FixedNetwork {
  /** From [images, size, size, 3], 0 to 255, to [images, features]: the backbone's first, then each dictionary's. */
  readonly model: LayersModel;
  dispose(): void;
}

/**
 * @param backbone becomes the network's own
 * @param dictionaries fitted, or as they are where only their cost is asked for
 */
export function buildFixedNetwork(
  backbone: LayersModel | null,
  dictionaries: readonly (FittedDictionary | { readonly dictionary: Dictionary; readonly weights: null })[],
  inputSize: number,
): FixedNetwork {
  if (backbone && dictionaries.length === 0) return { model: backbone, dispose: () => void backbone.dispose() };
  const seen = backbone ? backbone.inputs[0]! : input({ shape: [inputSize, inputSize, 3], name: "image" });
  const texture = nameUnlike(backbone);
  const apply = (layer: layers.Layer, x: SymbolicTensor) => layer.apply(x) as SymbolicTensor;
  const centred = apply(layers.rescaling({ name: `${texture}_pixels`, scale: 1 / 127.5, offset: -1 }), seen);
  const own: layers.Layer[] = [centred.sourceLayer];
  const features = dictionaries.map(({ dictionary, weights }, place) => {
    const parts = partsOf(dictionary, `${texture}${place + 1}`);
    const described = parts.reduce((x, part) => apply(part, x), centred);
    const variables = parts.flatMap((part) => part.weights.map((weight) => weight.read() as tf.Variable));
    for (const [index, values] of (weights ?? []).entries()) overwrite(variables[index]!, values);
    own.push(...parts);
    return described;
  });
  const all = [...(backbone ? backbone.outputs : []), ...features];
  const join = layers.concatenate({ name: `features_and_${texture}`, axis: -1 });
  const outputs = all.length === 1 ? all[0]! : (join.apply(all) as SymbolicTensor);
  const model = modelOf({ name: "fixed", inputs: seen, outputs });
  fuseLayers(model);
  return {
    model,
    dispose() {
      for (const layer of own) layer.dispose();
      backbone?.dispose();
    },
  };
}

/** What no name of the backbone's layers begins with: it may have been taken out of a network with dictionaries. */
function nameUnlike(backbone: LayersModel | null): string {
  let name = "texture";
  while (backbone?.layers.some((layer) => layer.name.includes(name))) name += "_";
  return name;
}

/** Layers that every reader of Keras networks knows. */
function partsOf(dictionary: Dictionary, name: string): layers.Layer[] {
  const { pooling, strides, words } = dictionary;
  const convolution = (kind: string, filters: number, kernelSize: number, steps: number, useBias: boolean) =>
    layers.conv2d({
      ...{ name: `${name}_${kind}`, filters, kernelSize, strides: steps, useBias, padding: "valid", trainable: false },
      ...{ kernelInitializer: "zeros", biasInitializer: "zeros" },
    });
  const pool = pooling === 1 ? [] : [layers.averagePooling2d({ name: `${name}_coarser`, poolSize: pooling })];
  const mean = layers.globalAveragePooling2d({ name: `${name}_mean` });
  if (dictionary.type === "colours") {
    const shares = layers.activation({ name: `${name}_shares`, activation: "softmax" });
    return [...pool, convolution("colours", words, 1, strides, true), shares, mean];
  }
  const projection = convolution("patches", dictionary.components + 1, dictionary.patchSize, strides, false);
  const answers = layers.activation({ name: `${name}_answers`, activation: "relu" });
  return [...pool, projection, contrast(dictionary, name), convolution("words", words, 1, 1, true), answers, mean];
}

function contrast(dictionary: PatchDictionary, name: string): layers.Layer {
  return layers.layerNormalization({
    ...{ name: `${name}_contrast`, axis: -1, epsilon: patchEpsilon(dictionary) },
    ...{ center: false, scale: false, trainable: false },
  });
}
