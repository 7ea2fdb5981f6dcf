/**
 * Takes batch normalisation out of a network that is not trained any more: σ(γ·(w∗x + b − μ)/√(σ² + ε) + β) is a convolution with other weights, and an
 * activation after it can be computed with it. The same numbers but for rounding, in a third of the passes through memory.
 */
import type { io } from "@tensorflow/tfjs-core";
import type { StoredNetwork } from "../models/artifacts.ts";
import { consumersOf, type LayerDescription, type Topology, withoutLayer } from "./topology.ts";

type Weights = Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

export async function foldNormalizations(stored: StoredNetwork): Promise<StoredNetwork> {
  const topology = structuredClone(stored.topology) as Topology;
  const weights = await weightsOf(stored);
  for (const layer of [...topology.config.layers]) {
    const convolution = foldable(topology, layer);
    if (!convolution) continue;
    if (layer.class_name === "BatchNormalization") foldNormalization(convolution, layer, weights);
    else convolution.config.activation = activationOf(layer);
    withoutLayer(topology, layer, convolution);
  }
  return { topology, ...weightFile(weights) };
}

/** The convolution that this layer alone goes on from, where it can be computed with it. */
function foldable(topology: Topology, layer: LayerDescription): LayerDescription | undefined {
  const isNormalization = layer.class_name === "BatchNormalization" && [-1, 3].includes(axisOf(layer));
  if (!isNormalization && activationOf(layer) === null) return undefined;
  const [node, ...others] = layer.inbound_nodes;
  const name = node?.length === 1 && others.length === 0 ? node[0]![0] : null;
  const before = topology.config.layers.find((candidate) => candidate.name === name);
  if (!before || !["Conv2D", "DepthwiseConv2D"].includes(before.class_name)) return undefined;
  if (before.config.activation !== "linear" || before.inbound_nodes.length !== 1) return undefined;
  return consumersOf(topology, before.name) === 1 ? before : undefined;
}

function axisOf({ config }: LayerDescription): number {
  const { axis } = config;
  return Number(Array.isArray(axis) ? axis[0] : axis);
}

/** Of a layer that is an activation and nothing else; null for others. */
function activationOf({ class_name: kind, config }: LayerDescription): "relu" | "relu6" | null {
  if (kind === "Activation") {
    return config.activation === "relu" || config.activation === "relu6" ? config.activation : null;
  }
  if (kind !== "ReLU" || config.negative_slope || config.threshold) return null;
  const { max_value: highest } = config;
  return highest === null || highest === undefined ? "relu" : highest === 6 ? "relu6" : null;
}

function foldNormalization(convolution: LayerDescription, layer: LayerDescription, weights: Weights): void {
  const of = (name: string) => weights.get(`${layer.name}/${name}`)?.values;
  const [mean, variance, gamma, beta] = [of("moving_mean")!, of("moving_variance")!, of("gamma"), of("beta")];
  const scale = variance.map((value, c) => (gamma?.[c] ?? 1) / Math.sqrt(value + Number(layer.config.epsilon)));
  const isDepthwise = convolution.class_name === "DepthwiseConv2D";
  const kernel = weights.get(`${convolution.name}/${isDepthwise ? "depthwise_kernel" : "kernel"}`)!;
  // Channels of the output come last; a depthwise filter's are those of its input, each as often as its multiplier says.
  for (let i = 0; i < kernel.values.length; i++) kernel.values[i]! *= scale[i % scale.length]!;
  const bias = weights.get(`${convolution.name}/bias`)?.values;
  const values = mean.map((value, c) => ((bias?.[c] ?? 0) - value) * scale[c]! + (beta?.[c] ?? 0));
  weights.set(`${convolution.name}/bias`, { shape: [values.length], values });
  convolution.config.use_bias = true;
  for (const name of ["moving_mean", "moving_variance", "gamma", "beta"]) weights.delete(`${layer.name}/${name}`);
}

async function weightsOf({ weightSpecs, weights }: StoredNetwork): Promise<Weights> {
  const bytes = await weights.arrayBuffer();
  let offset = 0;
  return new Map(
    (weightSpecs as io.WeightsManifestEntry[]).map(({ name, shape }) => {
      const length = shape.reduce((product, n) => product * n, 1);
      const values = new Float32Array(bytes.slice(offset, offset + 4 * length));
      offset += 4 * length;
      return [name, { shape, values }];
    }),
  );
}

function weightFile(weights: Weights): Pick<StoredNetwork, "weightSpecs" | "weights"> {
  const entries = [...weights];
  return {
    weightSpecs: entries.map(([name, { shape }]) => ({ name, shape, dtype: "float32" })),
    weights: new Blob(entries.map(([, { values }]) => values as Float32Array<ArrayBuffer>)),
  };
}
