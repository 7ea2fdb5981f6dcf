/** Writes a LayersModel as a `.keras` file (Keras 3): pixels in (0 to 255), probabilities out. */
import type { ModelMetadata } from "../../../src/domain/model/model.ts";
import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from "../bundle/files.ts";
import { writtenHdf5 } from "../formats/keras/hdf5.ts";
import { snakeCase } from "../formats/keras/topology.ts";
import type { StoredNetwork } from "../models/artifacts.ts";
import { cannotExport, type FlatLayer, type FlatNetwork, flatNetwork, type LayerConfig } from "./flat-network.ts";

/** The version whose files these are like; later ones read them. */
const kerasVersion = "3.0.0";

const convolution = ["kernel_size", "strides", "padding", "dilation_rate", "use_bias", "activation"];
const pooling = ["pool_size", "strides", "padding"];

/** What Keras 3 takes of a layer's configuration, and its weights in Keras' order. */
const known: Readonly<Record<string, { readonly keep: readonly string[]; readonly weights?: readonly string[] }>> = {
  Activation: { keep: ["activation"] },
  Add: { keep: [] },
  Average: { keep: [] },
  AveragePooling2D: { keep: pooling },
  BatchNormalization: {
    keep: ["axis", "momentum", "epsilon", "center", "scale"],
    weights: ["gamma", "beta", "moving_mean", "moving_variance"],
  },
  Concatenate: { keep: ["axis"] },
  Conv2D: { keep: ["filters", ...convolution], weights: ["kernel", "bias"] },
  Dense: { keep: ["units", "use_bias", "activation"], weights: ["kernel", "bias"] },
  DepthwiseConv2D: { keep: ["depth_multiplier", ...convolution], weights: ["depthwise_kernel", "bias"] },
  ELU: { keep: ["alpha"] },
  Flatten: { keep: [] },
  GlobalAveragePooling2D: { keep: [] },
  GlobalMaxPooling2D: { keep: [] },
  LayerNormalization: { keep: ["axis", "epsilon", "center", "scale"], weights: ["gamma", "beta"] },
  LeakyReLU: { keep: ["negative_slope"] },
  MaxPooling2D: { keep: pooling },
  Maximum: { keep: [] },
  Minimum: { keep: [] },
  Multiply: { keep: [] },
  ReLU: { keep: ["max_value"] },
  Rescaling: { keep: ["scale", "offset"] },
  Reshape: { keep: ["target_shape"] },
  SeparableConv2D: {
    keep: ["filters", "depth_multiplier", ...convolution],
    weights: ["depthwise_kernel", "pointwise_kernel", "bias"],
  },
  Softmax: { keep: ["axis"] },
  UpSampling2D: { keep: ["size", "interpolation"] },
  ZeroPadding2D: { keep: ["padding"] },
};

/** @throws EngineError `bad-input`, naming a layer that cannot be written */
export async function writeKeras(metadata: ModelMetadata, stored: StoredNetwork): Promise<Blob> {
  const network = await flatNetwork(stored, metadata);
  const ordered = inKerasOrder(network);
  const config = {
    module: "keras.src.models.functional",
    class_name: "Functional",
    config: {
      name: "tamis",
      trainable: true,
      layers: ordered.map(described),
      input_layers: [["pixels", 0, 0]],
      output_layers: [[network.output, 0, 0]],
    },
    registered_name: "Functional",
  };
  const weights = await writtenHdf5(weightsOf(ordered));
  const zip = new ZipWriter(new BlobWriter("application/zip"));
  const lastModDate = new Date(metadata.createdAt);
  const saved = lastModDate.toISOString().slice(0, 19).replace("T", "@");
  await zip.add("metadata.json", new TextReader(JSON.stringify({ keras_version: kerasVersion, date_saved: saved })), {
    lastModDate,
  });
  await zip.add("config.json", new TextReader(JSON.stringify(config)), { lastModDate });
  await zip.add("model.weights.h5", new Uint8ArrayReader(weights), { lastModDate, level: 0 });
  return zip.close();
}

function described({ name, className, config, inputs }: FlatLayer): unknown {
  const common = { module: "keras.layers", class_name: className, registered_name: null, name };
  if (className === "InputLayer") {
    const input = { batch_shape: config.batch_input_shape, dtype: "float32", name };
    return { ...common, config: input, inbound_nodes: [] };
  }
  const layer = Object.hasOwn(known, className) ? known[className] : undefined;
  if (!layer) throw cannotExport(`The layer “${name}” (${className}) cannot be written for Keras.`);
  const translated = inKerasWords(className, name, config);
  const kept = Object.fromEntries(
    layer.keep.filter((key) => translated[key] !== undefined).map((key) => [key, translated[key]]),
  );
  // Keras 3 reads the nodes of Keras 2.
  return {
    ...common,
    config: { name, trainable: true, ...kept },
    inbound_nodes: [inputs.map((from) => [from, 0, 0, {}])],
  };
}

function inKerasWords(className: string, name: string, config: LayerConfig): LayerConfig {
  const { activation } = config;
  // Keras 3 has another slope.
  if (activation === "hard_sigmoid")
    throw cannotExport(`The layer “${name}” has Keras 2's hard sigmoid, which Keras 3 computes otherwise.`);
  if (className === "LeakyReLU") return { negative_slope: config.alpha ?? 0.3 };
  if (className.endsWith("Normalization") && Array.isArray(config.axis))
    return { ...config, axis: config.axis[0] as unknown };
  return config;
}

/** By path in the file. */
function weightsOf(
  layers: readonly FlatLayer[],
): Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }> {
  const counts = new Map<string, number>();
  const arrays = new Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>();
  for (const { className, weights } of layers) {
    const stored = snakeCase(className);
    const count = counts.get(stored) ?? 0;
    counts.set(stored, count + 1);
    const path = `layers/${count === 0 ? stored : `${stored}_${count}`}/vars`;
    const present = (known[className]?.weights ?? []).flatMap((weight) => weights.get(weight) ?? []);
    for (const [index, array] of present.entries()) arrays.set(`${path}/${index}`, array);
  }
  return arrays;
}

/**
 * As Keras orders the layers of a functional model, by which it counts them in the weight file: the longest way to the output first, and those at
 * the same distance as a walk back from the output meets them (`map_graph` in keras/src/ops/function.py).
 */
function inKerasOrder({ layers, output }: FlatNetwork): readonly FlatLayer[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const met = new Map<FlatLayer, number>();
  const visit = (name: string): void => {
    const layer = byName.get(name)!;
    if (met.has(layer)) return;
    met.set(layer, met.size);
    for (const input of layer.inputs) visit(input);
  };
  visit(output);
  const depth = new Map<string, number>();
  // From the last to the first: whoever takes a layer's output comes after it.
  for (const layer of [...layers].reverse()) {
    const own = depth.get(layer.name) ?? 0;
    for (const input of layer.inputs) depth.set(input, Math.max(own + 1, depth.get(input) ?? 0));
  }
  const used = layers.filter((layer) => met.has(layer));
  return used.sort((a, b) => (depth.get(b.name) ?? 0) - (depth.get(a.name) ?? 0) || met.get(a)! - met.get(b)!);
}
