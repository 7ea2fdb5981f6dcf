/**
 * Grad-CAM: each channel of the last feature map, weighted by how much the score rises with it (Selvaraju et al., Grad-CAM: Visual Explanations from Deep
 * Networks via Gradient-based Localization, 2017). The score is the log-odds of the positive class: for a sigmoid its logit, for a softmax the
 * class' logit against all others together. So one map holds both sides, and the paper's rectified map of either is its positive or its
 * negative part. Where branches of a network meet only after pooling, each has such a map, and what they say of a place is added up.
 *
 * The channels are taken as what they are above those of a grey picture, which occlusion covers with too: what a network has learnt adds up from
 * biases as well, so the activations' own zero says nothing, and without this a page of text could be coloured as evidence for a photo all over.
 */
import type { layers, LayersModel } from "@tensorflow/tfjs-layers";
import type { Grid } from "../../../src/domain/explanation/heat-map.ts";
import type { GradCamLack } from "../../../src/domain/explanation/explanation.ts";
import type { ModelOutput } from "../../../src/domain/model/model.ts";
import * as tf from "../backends/tensors.ts";
import { asList, firstOf } from "../models/loaded-network.ts";
import { lastLayer, lastMapLayers } from "./feature-map.ts";

/** What the network puts out before its last activation, or after it where that cannot be taken off. */
type Scores = "logits" | "probabilities";

/** Closer to certain than this, a probability has no gradient left in float32. */
const leastDoubt = 1e-6;

/**
 * One map an input picture, of the size of the feature map; positive where it speaks for the positive class. Leaves no tensor.
 * @param x as the network takes it: the caller's
 * @param grey one picture without anything in it, likewise
 */
export async function gradCam(
  network: LayersModel,
  output: ModelOutput,
  x: tf.Tensor,
  grey: tf.Tensor,
): Promise<Grid[] | GradCamLack> {
  const sources = lastMapLayers(network);
  if (sources.length === 0) return "no-map";
  const end = lastLayer(network);
  const scores = output.logits || (!sources.includes(end) && isActivated(end)) ? "logits" : "probabilities";
  const override = scores === "logits" && !output.logits ? [[end, withoutActivation(end)] as const] : [];

  const first = forward(network, sources, override, x);
  if (!first) return "no-gradient";
  const { maps, outputs } = first;
  const nothing = forward(network, sources, override, grey)!;
  try {
    const dy = gradientOfLogOdds(output, scores, await outputs.data<"float32">());
    const branches = sources.map((layer, i) => ({ layer, map: maps[i]!, ofNothing: nothing.maps[i]! }));
    const weighted = weightedMap(network, branches, override, x, tf.tensor(dy, outputs.shape));
    if (!weighted) return "no-gradient";
    try {
      const values = await weighted.data<"float32">();
      const [images, rows, columns] = weighted.shape;
      return Array.from({ length: images }, (_, image) => ({
        columns,
        rows,
        values: values.slice(image * rows * columns, (image + 1) * rows * columns),
      }));
    } finally {
      weighted.dispose();
    }
  } finally {
    tf.dispose([maps, outputs, nothing.maps, nothing.outputs]);
  }
}

type Call = layers.Layer["call"];
type Override = readonly (readonly [layers.Layer, Call])[];

/** Runs the network with other calls in place of some layers' own. */
function withCalls<T>(overrides: Override, run: () => T): T {
  const own = overrides.map(([layer]) => [layer, Object.getOwnPropertyDescriptor(layer, "call")] as const);
  for (const [layer, call] of overrides) layer.call = call;
  try {
    return run();
  } finally {
    for (const [layer, call] of own) {
      if (call) Object.defineProperty(layer, "call", call);
      else Reflect.deleteProperty(layer, "call");
    }
  }
}

function outputsOf(network: LayersModel, x: tf.Tensor): tf.Tensor {
  return firstOf(asList(network.apply(x, { training: false }) as tf.Tensor | tf.Tensor[]));
}

/** The feature map of each layer and the outputs; null where a layer is run more than once, for it has several maps then. */
function forward(network: LayersModel, sources: readonly layers.Layer[], override: Override, x: tf.Tensor) {
  const maps = sources.map((): tf.Tensor4D[] => []);
  const remember = sources.map((layer, place) => {
    const own = layer.call.bind(layer);
    const call: Call = (inputs, options) => {
      const result = own(inputs, options);
      maps[place]!.push(tf.keep(tf.clone(firstOf(asList(result)) as tf.Tensor4D)));
      return result;
    };
    return [layer, call] as const;
  });
  const outputs = tf.tidy(() => withCalls([...override, ...remember], () => outputsOf(network, x)));
  if (maps.every(({ length }) => length === 1)) return { maps: maps.flat(), outputs };
  tf.dispose([...maps.flat(), outputs]);
  return null;
}

interface Branch {
  readonly layer: layers.Layer;
  readonly map: tf.Tensor4D;
  readonly ofNothing: tf.Tensor4D;
}

/**
 * Σ αₖ·(Aₖ − Aₖ of nothing) with αₖ the mean of ∂score/∂Aₖ over the map, `[images, rows, columns]`; null where an operation has no gradient on this backend.
 * Of several branches the sum on the finest of their grids: a place of a coarser map stands for as many of them as it covers.
 */
function weightedMap(
  network: LayersModel,
  branches: readonly Branch[],
  override: Override,
  x: tf.Tensor,
  dy: tf.Tensor,
): tf.Tensor3D | null {
  const scoreOf = (...given: tf.Tensor[]): tf.Tensor => {
    // A clone: the network disposes of what its layers put out.
    const instead = branches.map(({ layer }, place) => [layer, () => tf.clone(given[place]!)] as const);
    return withCalls([...override, ...instead], () => outputsOf(network, x));
  };
  const placesOf = ({ map }: Branch) => map.shape[1] * map.shape[2];
  const finest = branches.reduce((a, b) => (placesOf(b) > placesOf(a) ? b : a));
  const [, rows, columns] = finest.map.shape;
  try {
    return tf.tidy(() => {
      const maps = branches.map(({ map }) => map);
      const gradients = tf.grads(scoreOf)(maps, dy);
      const sums = branches.map((branch, place) => {
        const alpha = tf.mean(gradients[place]!, [1, 2], true);
        const sum = tf.sum<tf.Tensor4D>(tf.mul(tf.sub(branch.map, branch.ofNothing), alpha), 3, true);
        if (placesOf(branch) === placesOf(finest)) return sum;
        const share = placesOf(branch) / placesOf(finest);
        return tf.mul(tf.image.resizeBilinear(sum, [rows, columns], false, true), share);
      });
      return tf.squeeze<tf.Tensor3D>(tf.addN(sums), [3]);
    });
  } catch (error) {
    if (error instanceof Error && /gradient|not registered|not found/i.test(error.message)) return null;
    throw error;
  } finally {
    dy.dispose();
  }
}

function isActivated(layer: layers.Layer): boolean {
  const kind = layer.getClassName();
  if (kind === "Softmax") return true;
  const { activation } = layer.getConfig();
  return (kind === "Activation" || kind === "Dense") && (activation === "sigmoid" || activation === "softmax");
}

/** What an activated layer does before its activation. */
function withoutActivation(layer: layers.Layer): Call {
  if (layer.getClassName() !== "Dense") return (inputs) => tf.clone(Array.isArray(inputs) ? inputs[0]! : inputs);
  return (inputs) =>
    tf.tidy(() => {
      const [kernel, bias] = layer.weights.map((weight) => weight.read());
      const product = tf.matMul(Array.isArray(inputs) ? inputs[0]! : inputs, kernel as tf.Tensor2D);
      return bias ? tf.add(product, bias) : product;
    });
}

/** ∂(log-odds of the positive class)/∂(outputs), image by image; the images do not depend on each other. */
function gradientOfLogOdds(output: ModelOutput, scores: Scores, values: Float32Array): Float32Array {
  const ofProbability = (p: number) => 1 / Math.max(leastDoubt, p * (1 - p));
  if (output.kind === "sigmoid") {
    const sign = output.positive === 1 ? 1 : -1;
    return values.map((value) => sign * (scores === "logits" ? 1 : ofProbability(value)));
  }
  const { labels, positive } = output;
  const gradient = new Float32Array(values.length);
  for (let begin = 0; begin < values.length; begin += labels.length) {
    const row = values.subarray(begin, begin + labels.length);
    if (scores === "probabilities") {
      gradient[begin + positive] = ofProbability(row[positive]!);
      continue;
    }
    // z₊ − log Σ exp(zⱼ) over the others.
    const others = row.filter((_, label) => label !== positive);
    const largest = others.reduce((a, b) => Math.max(a, b));
    const sum = others.reduce((total, z) => total + Math.exp(z - largest), 0);
    for (const [label, z] of row.entries()) {
      gradient[begin + label] = label === positive ? 1 : -Math.exp(z - largest) / sum;
    }
  }
  return gradient;
}
