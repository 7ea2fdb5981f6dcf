/** Keras' layers as tfjs' layers: each becomes one or more of them, with the weights that it has and in Keras' order. */
import { refused } from "../refusal.ts";
import { unknownLayer } from "../allowed-layers.ts";

export type Config = Readonly<Record<string, unknown>>;

/** A tfjs layer, still without its place in the network. */
export interface MappedLayer {
  readonly className: string;
  readonly config: Config;
  /** Names of its weights in tfjs; each one's possible names in Keras come from `kerasNames`. */
  readonly weights: readonly string[];
  /** Weights that are no weights in Keras. */
  readonly given?: Readonly<Record<string, readonly number[]>>;
}

const activations: ReadonlySet<string> = new Set([
  "elu",
  "gelu",
  "linear",
  "mish",
  "relu",
  "relu6",
  "selu",
  "sigmoid",
  "softmax",
  "softplus",
  "softsign",
  "swish",
  "tanh",
]);

/** Layers that change training alone. */
const idle: ReadonlySet<string> = new Set([
  "ActivityRegularization",
  "AlphaDropout",
  "Dropout",
  "GaussianDropout",
  "GaussianNoise",
  "Identity",
  "RandomBrightness",
  "RandomContrast",
  "RandomFlip",
  "RandomHeight",
  "RandomRotation",
  "RandomTranslation",
  "RandomWidth",
  "RandomZoom",
  "SpatialDropout2D",
]);

const convolution = ["kernel_size", "strides", "padding", "dilation_rate", "use_bias"];
const pooling = ["pool_size", "strides", "padding"];

/** Fields that a layer keeps, and its weights. */
const plain: Readonly<Record<string, { readonly keep: readonly string[]; readonly weights?: readonly string[] }>> = {
  Add: { keep: [] },
  Average: { keep: [] },
  AveragePooling2D: { keep: pooling },
  CenterCrop: { keep: ["height", "width"] },
  Concatenate: { keep: ["axis"] },
  Conv2D: { keep: ["filters", ...convolution], weights: ["kernel", "bias"] },
  Conv2DTranspose: { keep: ["filters", "kernel_size", "strides", "padding", "use_bias"], weights: ["kernel", "bias"] },
  Cropping2D: { keep: ["cropping"] },
  Dense: { keep: ["units", "use_bias"], weights: ["kernel", "bias"] },
  DepthwiseConv2D: { keep: ["depth_multiplier", ...convolution], weights: ["depthwise_kernel", "bias"] },
  ELU: { keep: ["alpha"] },
  Flatten: { keep: [] },
  GlobalMaxPooling2D: { keep: [] },
  MaxPooling2D: { keep: pooling },
  Maximum: { keep: [] },
  Minimum: { keep: [] },
  Multiply: { keep: [] },
  PReLU: { keep: ["shared_axes"], weights: ["alpha"] },
  Permute: { keep: ["dims"] },
  Reshape: { keep: ["target_shape"] },
  SeparableConv2D: {
    keep: ["filters", "depth_multiplier", ...convolution],
    weights: ["depthwise_kernel", "pointwise_kernel", "bias"],
  },
  Softmax: { keep: ["axis"] },
  ThresholdedReLU: { keep: ["theta"] },
  UpSampling2D: { keep: ["size", "interpolation"] },
  ZeroPadding2D: { keep: ["padding"] },
};

/**
 * @param className and `config` as the file has them; the file's name is for messages
 * @throws EngineError `bad-model`, naming the layer
 */
export function mapLayer(className: string, config: Config, file: string, isKeras3: boolean): readonly MappedLayer[] {
  const named = typeof config.name === "string" ? ` “${config.name}”` : "";
  const refuse = (what: string) =>
    refused(
      `${file}: the ${className}${named} ${what}, which Tamis cannot compute.`,
      "Build the network without it, or export it as ONNX.",
    );
  if (config.data_format === "channels_first") throw refuse("takes its channels first");
  if (idle.has(className)) return [simple("Activation", { activation: "linear" })];
  const layer = Object.hasOwn(plain, className) ? plain[className] : undefined;
  if (layer) {
    if (typeof config.groups === "number" && config.groups !== 1 && className === "Conv2D")
      throw refuse(`has ${config.groups} groups`);
    if (config.output_padding !== undefined && config.output_padding !== null) throw refuse("has an output_padding");
    const weights = (layer.weights ?? []).filter((name) => name !== "bias" || config.use_bias !== false);
    const [own, ...after] = activated(config.activation, refuse, isKeras3);
    const kept = pick(config, layer.keep);
    return [
      { className, config: own === undefined ? kept : { ...kept, activation: own }, weights },
      ...after.map(asLayer),
    ];
  }
  switch (className) {
    case "Activation": {
      const [own, ...after] = activated(config.activation, refuse, isKeras3);
      return [simple("Activation", { activation: own ?? "linear" }), ...after.map(asLayer)];
    }
    case "BatchNormalization":
      return [normalization(className, config, ["moving_mean", "moving_variance"])];
    case "LayerNormalization":
      return [normalization(className, config, [])];
    case "GlobalAveragePooling2D": {
      const pool = simple(className, {});
      return config.keepdims === true ? [pool, simple("Reshape", { target_shape: [1, 1, -1] })] : [pool];
    }
    case "LeakyReLU":
      return [simple(className, { alpha: config.negative_slope ?? config.alpha ?? 0.3 })];
    case "ReLU": {
      const { negative_slope: slope = 0, threshold = 0, max_value: most = null } = config;
      if (threshold !== 0) throw refuse(`has a threshold of ${String(threshold)}`);
      if (slope === 0) return [simple("ReLU", { max_value: most })];
      if (most !== null) throw refuse("has both a negative_slope and a max_value");
      return [simple("LeakyReLU", { alpha: slope })];
    }
    case "Rescaling":
      return [rescaling(config)];
    case "Normalization":
      return [learntNormalization(config, refuse)];
    default:
      throw unknownLayer(className, named, file);
  }
}

/** x · factor + summand */
export function linear(factor: number, summand: number): MappedLayer {
  return simple("Rescaling", { scale: factor, offset: summand });
}

function simple(className: string, config: Config): MappedLayer {
  return { className, config, weights: [] };
}

function pick(config: Config, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => config[name] !== undefined).map((name) => [name, config[name]]));
}

type AfterActivation = MappedLayer;
const asLayer = (layer: string | AfterActivation): MappedLayer =>
  typeof layer === "string" ? simple("Activation", { activation: layer }) : layer;

/** The layer's own activation, and layers that follow it where tfjs has no such activation; nothing where the layer has none. */
function activated(
  activation: unknown,
  refuse: (what: string) => Error,
  isKeras3: boolean,
): readonly (string | AfterActivation)[] {
  if (activation === undefined || activation === null) return [];
  const { config, class_name: className } = (typeof activation === "object" ? activation : {}) as Config;
  const said = typeof activation === "string" ? activation : typeof config === "string" ? config : String(className);
  const name = said === "silu" ? "swish" : said;
  if (activations.has(name)) return [name];
  if (name === "hard_sigmoid") {
    // Keras 3: relu6(x + 3) / 6. Keras 2 and tfjs: 0.2 x + 0.5, cut off.
    return isKeras3 ? ["linear", linear(1, 3), simple("ReLU", { max_value: 6 }), linear(1 / 6, 0)] : [name];
  }
  throw refuse(`has the activation ${said}`);
}

function normalization(className: string, config: Config, moving: readonly string[]): MappedLayer {
  const { axis, center = true, scale = true } = config;
  const kept = {
    axis: Array.isArray(axis) ? (axis[0] as unknown) : (axis ?? -1),
    center,
    scale,
    ...pick(config, ["epsilon", "momentum"]),
  };
  const own = [...(scale === false ? [] : ["gamma"]), ...(center === false ? [] : ["beta"])];
  return { className, config: kept, weights: [...own, ...moving] };
}

/** One factor a channel is a batch normalisation with these as its gamma and beta. */
function rescaling({ scale = 1, offset = 0 }: Config): MappedLayer {
  if (typeof scale === "number" && typeof offset === "number") return linear(scale, offset);
  const channels = Array.isArray(scale) ? scale.length : (offset as readonly number[]).length;
  const list = (value: unknown) =>
    Array.isArray(value) ? value.map(Number) : Array<number>(channels).fill(Number(value));
  const config = { axis: -1, epsilon: 0, center: true, scale: true };
  const given = {
    gamma: list(scale),
    beta: list(offset),
    moving_mean: Array<number>(channels).fill(0),
    moving_variance: Array<number>(channels).fill(1),
  };
  return { className: "BatchNormalization", config, weights: [], given };
}

/** (x − mean) / √variance is a batch normalisation without gamma, beta and epsilon. */
function learntNormalization(config: Config, refuse: (what: string) => Error): MappedLayer {
  if (config.invert === true) throw refuse("is inverted");
  const axis = Array.isArray(config.axis) ? config.axis : [config.axis];
  if (axis.length !== 1 || (axis[0] !== -1 && axis[0] !== 3)) throw refuse("does not normalise by channel");
  const own = { axis: -1, epsilon: 0, center: false, scale: false };
  const { mean, variance } = config;
  if (mean === null || mean === undefined) {
    return { className: "BatchNormalization", config: own, weights: ["moving_mean", "moving_variance"] };
  }
  const list = (value: unknown) => (value as readonly unknown[]).flat(4).map(Number);
  const given = { moving_mean: list(mean), moving_variance: list(variance) };
  return { className: "BatchNormalization", config: own, weights: [], given };
}

/** What the weight may be called in the file, besides its name in tfjs. */
export function kerasNames(weight: string): readonly string[] {
  if (weight === "depthwise_kernel") return [weight, "kernel"];
  if (weight === "moving_mean") return [weight, "mean"];
  if (weight === "moving_variance") return [weight, "variance"];
  return [weight];
}
