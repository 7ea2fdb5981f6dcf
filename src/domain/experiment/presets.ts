/** The experiments that Tamis comes with. A preset is an experiment like any other: copy it, change it, run it. */
import type { Adam, CropAugmentation, Experiment, Layer, Penalty, Sampling } from "./experiment.ts";

/** Keras' defaults: `keras.optimizers.Adam()`. */
const kerasAdam: Adam = {
  kind: "adam",
  learningRate: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  weightDecay: 0,
};

function convolution(filters: number): Layer {
  return {
    type: "conv2d",
    filters,
    kernelSize: 3,
    strides: 1,
    padding: "same",
    activation: "relu",
    useBias: true,
  };
}

/** The notebook's network and its training, exactly as Keras runs them: 66,379,041 parameters at 180×180. */
export const baseline: Experiment = {
  preset: "baseline",
  pixels: { width: 180, height: 180, resampling: "bilinear", aspect: "stretch" },
  inputSize: 180,
  views: ["whole"],
  layers: [
    { type: "rescaling", scale: 1 / 255, offset: 0 },
    convolution(16),
    { type: "max-pooling", poolSize: 2 },
    convolution(32),
    convolution(64),
    { type: "flatten" },
    { type: "dense", units: 128, activation: "relu" },
  ],
  output: "binary",
  epochs: 20,
  batchSize: 32,
  seed: 42,
  optimizer: kerasAdam,
  schedule: { kind: "constant" },
  labelSmoothing: 0,
  augmentation: null,
  sampling: { kind: "shuffle" },
  classWeights: { kind: "none" },
  earlyStopping: null,
  earlySize: null,
  weightAverage: null,
  calibration: { kind: "none" },
};

const dropoutLayers: readonly Layer[] = baseline.layers.flatMap((layer): Layer[] => {
  if (layer.type === "max-pooling") return [layer, { type: "dropout", rate: 0.25 }];
  return layer.type === "dense" ? [layer, { type: "dropout", rate: 0.5 }] : [layer];
});

/** The baseline with these penalties on the kernels of its convolutions and of its dense layer. */
function penalized(preset: string, convolutions: Penalty, dense: Penalty): Experiment {
  const layers = baseline.layers.map((layer): Layer => {
    if (layer.type === "conv2d") return { ...layer, penalty: convolutions };
    return layer.type === "dense" ? { ...layer, penalty: dense } : layer;
  });
  return { ...baseline, preset, layers };
}

const earlyStopping = { epochs: 30, earlyStopping: { patience: 5 } } as const;
const l1: Penalty = { l1: 0.01, l2: 0 };
const l2: Penalty = { l1: 0, l2: 0.01 };

/** The notebook's six regularised variants. */
export const regularized: readonly Experiment[] = [
  { ...baseline, preset: "dropout", layers: dropoutLayers },
  { ...baseline, preset: "early-stopping", ...earlyStopping },
  penalized("l1", l1, l1),
  penalized("l2", l2, l2),
  { ...baseline, preset: "dropout-early-stopping", layers: dropoutLayers, ...earlyStopping },
  penalized("elastic-net", { l1: 0.005, l2: 0.005 }, l2),
];

/** With averaged weights the moving statistics are averaged too, so that a short memory of their own is enough. */
const normalization = { momentum: 0.9, epsilon: 1e-3 } as const;

function block(filters: number): Layer {
  return { type: "residual-block", filters, strides: 2, ...normalization };
}

/** Random crops, and what cameras, scanners and exports do to a picture. */
export const cropsAndScanEffects: CropAugmentation = {
  kind: "crops",
  minimumCropArea: 0.3,
  logAspect: 0.29,
  horizontalFlip: true,
  rescaleProbability: 0.3,
  blurProbability: 0.15,
  jpegProbability: 0.5,
  contrast: 0.25,
  brightness: 0.15,
  saturation: 0.4,
  channelGain: 0.075,
  greyProbability: 0.1,
};

/** More paintings than there are images of them: they are the whole difficulty. */
const classAndSource = {
  kind: "class-and-source",
  samplesPerEpoch: 6400,
  positiveShare: 0.35,
  negativeWeights: { Painting: 0.3, Schematics: 0.13, Sketch: 0.11, Text: 0.11 },
} satisfies Sampling;

/**
 * A residual network of 0.49 M parameters that learns photo against painting from few images and carries over to sources it never saw.
 *
 * It is trained on class shares of its own (`sampling`); its probabilities are corrected from that mixture to even shares. The shares of the
 * dataset would be no better: they are as arbitrary as the folders that were collected.
 */
export const residual: Experiment = {
  preset: "residual",
  // Larger than the input: random crops and the central square are cut out of the cached picture.
  pixels: { width: 192, height: 192, resampling: "area", aspect: "stretch" },
  inputSize: 112,
  views: ["whole", "central-square"],
  layers: [
    { type: "rescaling", scale: 1 / 127.5, offset: -1 },
    {
      type: "conv2d",
      filters: 24,
      kernelSize: 3,
      strides: 2,
      padding: "same",
      activation: "linear",
      useBias: false,
    },
    { type: "batch-normalization", ...normalization },
    { type: "activation", activation: "relu" },
    block(32),
    block(64),
    block(96),
    block(128),
    { type: "global-average-pooling" },
    { type: "dropout", rate: 0.1 },
  ],
  output: "original-classes",
  epochs: 24,
  batchSize: 64,
  seed: 42,
  optimizer: { kind: "adam", learningRate: 0.003, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.05 },
  schedule: { kind: "warmup-cosine", warmup: 0.08 },
  labelSmoothing: 0.02,
  augmentation: cropsAndScanEffects,
  sampling: classAndSource,
  classWeights: { kind: "none" },
  earlyStopping: null,
  earlySize: { size: 72, untilShare: 0.6 },
  weightAverage: 0.999,
  calibration: { kind: "even-prior" },
  backbone: { role: "teacher", network: null, weight: 1 },
};

/**
 * A perceptron on textures: which colours and which small patches a picture has, and how much of each, tell photos from paintings on sources that were never
 * seen better than shapes do that are learnt from few images. Every image goes through the dictionaries a few times only, so it trains in minutes;
 * 0.05 M parameters. What it is drawn from and how it is corrected is as in `residual`.
 */
export const compact: Experiment = {
  ...residual,
  preset: "compact",
  inputSize: 160,
  views: ["whole"],
  layers: [
    { type: "batch-normalization", ...normalization },
    { type: "dropout", rate: 0.3 },
    { type: "dense", units: 96, activation: "linear" },
    { type: "batch-normalization", ...normalization },
    { type: "activation", activation: "relu" },
    { type: "dropout", rate: 0.5 },
  ],
  epochs: 40,
  batchSize: 256,
  optimizer: { ...residual.optimizer, weightDecay: 0.3 },
  sampling: { ...classAndSource, samplesPerEpoch: 9600 },
  earlySize: null,
  weightAverage: 0.99,
  backbone: {
    role: "features",
    network: null,
    dictionaries: [
      { type: "colours", words: 64, pooling: 1, strides: 2, sharpness: 30 },
      { type: "patches", words: 128, pooling: 1, strides: 3, patchSize: 6, components: 40 },
      { type: "patches", words: 128, pooling: 2, strides: 2, patchSize: 6, components: 40 },
    ],
    crops: 6,
  },
};

/**
 * A backbone as it is, and a small head on its features: trained in seconds, since every image goes through the backbone a few times only.
 * What it is drawn from and how it is corrected is as in `residual`.
 */
export const features: Experiment = {
  ...residual,
  preset: "features",
  inputSize: 160,
  layers: [
    { type: "batch-normalization", momentum: 0.9, epsilon: 1e-3 },
    { type: "dropout", rate: 0.3 },
  ],
  epochs: 30,
  batchSize: 64,
  optimizer: { ...residual.optimizer, learningRate: 0.003, weightDecay: 0.1 },
  sampling: { ...classAndSource, samplesPerEpoch: 3200 },
  earlySize: null,
  weightAverage: 0.99,
  backbone: { role: "features", network: null, crops: 2 },
};

export const presets: readonly Experiment[] = [baseline, ...regularized, residual, compact, features];

export function presetNamed(name: string): Experiment | undefined {
  return presets.find((preset) => preset.preset === name);
}
