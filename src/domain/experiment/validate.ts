/** Refuses experiments that cannot work, before anything is computed, with a reason. */
import type { Dataset } from "../dataset/dataset.ts";
import { dictionariesOf, type Dictionary, fixedFeatures, needsBackbone } from "./backbone.ts";
import type { Augmentation, Experiment, Layer, Penalty } from "./experiment.ts";
import { fitProblem, wasmLimits, type MemoryLimits } from "./memory-limits.ts";
import { networkSize } from "./network-size.ts";

export interface ExperimentProblem {
  readonly code: "bad-input" | "does-not-fit" | "too-few-images";
  /** What is wrong, in English, with names and numbers. */
  readonly message: string;
  readonly remedy: string;
}

const largestSide = 2048;

/**
 * The first reason why this experiment cannot run on this dataset, or null.
 * @param trainingCounts images of each original class in the training split, in the order of `classNames`; all of the dataset's where not given.
 * @param limits of the backend that it is to run on
 */
export function validateExperiment(
  experiment: Experiment,
  dataset: Pick<Dataset, "classNames" | "positiveClass" | "classCounts">,
  trainingCounts: readonly number[] = dataset.classCounts,
  limits: MemoryLimits = wasmLimits,
): ExperimentProblem | null {
  return (
    numbersProblem(experiment) ??
    samplingProblem(experiment) ??
    viewsProblem(experiment) ??
    backboneProblem(experiment) ??
    classesProblem(experiment, dataset, trainingCounts) ??
    networkProblem(experiment, dataset.classNames.length, limits)
  );
}

function bad(message: string, remedy = ""): ExperimentProblem {
  return { code: "bad-input", message, remedy };
}

function whole(name: string, value: number, low: number, high: number): ExperimentProblem | null {
  if (Number.isInteger(value) && value >= low && value <= high) return null;
  return bad(`The ${name} is ${value}.`, `Choose a whole number from ${low} to ${high}.`);
}

function within(name: string, value: number, low: number, high: number): ExperimentProblem | null {
  if (value >= low && value <= high) return null;
  return bad(`The ${name} is ${value}.`, `Choose a number from ${low} to ${high}.`);
}

function above(name: string, value: number, low: number, high: number): ExperimentProblem | null {
  if (value > low && value <= high) return null;
  return bad(`The ${name} is ${value}.`, `Choose a number above ${low}, at most ${high}.`);
}

function numbersProblem(experiment: Experiment): ExperimentProblem | null {
  const { optimizer, schedule, earlySize, weightAverage, augmentation, calibration, earlyStopping } = experiment;
  return (
    whole("number of epochs", experiment.epochs, 1, 100_000) ??
    whole("batch size", experiment.batchSize, 1, 4096) ??
    whole("seed", experiment.seed, 0, 2 ** 32 - 1) ??
    whole("input size", experiment.inputSize, 1, largestSide) ??
    whole("width of the cached pictures", experiment.pixels.width, 1, largestSide) ??
    whole("height of the cached pictures", experiment.pixels.height, 1, largestSide) ??
    above("learning rate", optimizer.learningRate, 0, 10) ??
    within("optimiser's beta 1", optimizer.beta1, 0, 0.999999) ??
    within("optimiser's beta 2", optimizer.beta2, 0, 0.999999) ??
    above("optimiser's epsilon", optimizer.epsilon, 0, 1) ??
    within("weight decay", optimizer.weightDecay, 0, 10) ??
    within("label smoothing", experiment.labelSmoothing, 0, 0.5) ??
    (schedule.kind === "warmup-cosine" ? within("warm-up share", schedule.warmup, 0, 1) : null) ??
    (earlySize && whole("early size", earlySize.size, 1, largestSide)) ??
    (earlySize && within("share of the epochs at the early size", earlySize.untilShare, 0, 1)) ??
    (weightAverage === null ? null : within("decay of the weight average", weightAverage, 0, 0.999999)) ??
    (calibration.kind === "given" ? above("scale of the calibration", calibration.scale, 0, 1000) : null) ??
    (calibration.kind === "given" ? within("shift of the calibration", calibration.shift, -100, 100) : null) ??
    weightsProblem(experiment) ??
    (earlyStopping && whole("patience of early stopping", earlyStopping.patience, 1, 100_000)) ??
    (augmentation && augmentationProblem(augmentation))
  );
}

function weightsProblem({ classWeights: weights, sampling }: Experiment): ExperimentProblem | null {
  if (weights.kind === "balanced" && sampling.kind !== "shuffle") {
    return bad(
      "Balanced class weights are for images that are drawn as they are; this sampling is even already.",
      "Choose one of the two: the sampling “shuffle” with class weights, or no class weights.",
    );
  }
  if (weights.kind !== "given") return null;
  return (
    above("weight of the negative class", weights.negative, 0, 1e6) ??
    above("weight of the positive class", weights.positive, 0, 1e6)
  );
}

function augmentationProblem(augmentation: Augmentation): ExperimentProblem | null {
  const effects =
    within("probability of blurring", augmentation.blurProbability, 0, 1) ??
    within("probability of JPEG", augmentation.jpegProbability, 0, 1) ??
    within("change of contrast", augmentation.contrast, 0, 1) ??
    within("change of brightness", augmentation.brightness, 0, 1);
  if (effects) return effects;
  if (augmentation.kind === "keras") {
    return (
      within("largest rotation, as a share of a turn,", augmentation.rotation, 0, 0.5) ??
      within("largest zoom", augmentation.zoom, 0, 0.9) ??
      within("probability of a paper tint", augmentation.paperTintProbability, 0, 1) ??
      within("probability of a shadow", augmentation.shadowProbability, 0, 1)
    );
  }
  return (
    above("smallest crop", augmentation.minimumCropArea, 0, 1) ??
    within("change of the aspect ratio", augmentation.logAspect, 0, 2) ??
    within("probability of rescaling", augmentation.rescaleProbability, 0, 1) ??
    within("probability of grey", augmentation.greyProbability, 0, 1) ??
    within("change of saturation", augmentation.saturation, 0, 1) ??
    within("change of the channels", augmentation.channelGain, 0, 1)
  );
}

function samplingProblem({ sampling }: Experiment): ExperimentProblem | null {
  if (sampling.kind !== "class-and-source") return null;
  const problem =
    whole("number of images drawn an epoch", sampling.samplesPerEpoch, 1, 10_000_000) ??
    within("share of the positive class", sampling.positiveShare, 0.001, 0.999);
  if (problem) return problem;
  for (const [name, weight] of Object.entries(sampling.negativeWeights)) {
    const wrong = within(`weight of the class ${name}`, weight, 0, 1e6);
    if (wrong) return wrong;
  }
  return null;
}

function viewsProblem(experiment: Experiment): ExperimentProblem | null {
  if (experiment.views.length === 0)
    return bad("No view of a picture is chosen.", "Choose at least the whole picture.");
  const { pixels, views } = experiment;
  if (pixels.aspect !== "stretch" && (views.includes("central-square") || experiment.augmentation?.kind === "crops")) {
    return bad(
      `Crops and central squares need cached pictures that are stretched, not "${pixels.aspect}".`,
      "Choose the aspect “stretch”, or the whole picture without augmentation.",
    );
  }
  return null;
}

function backboneProblem({ backbone, layers, earlySize, augmentation }: Experiment): ExperimentProblem | null {
  if (!backbone) return null;
  if (backbone.role === "teacher") return within("weight of the backbone's lesson", backbone.weight, 0, 1000);
  if (needsBackbone(backbone)) {
    return bad(
      "This network is built on a backbone, and none is chosen.",
      "Import a tfjs model such as MobileNet as a backbone, and choose it.",
    );
  }
  const picture = layers.find(({ type }) => !headLayers.has(type));
  if (picture) {
    return bad(
      `A layer of type ${picture.type} sees pictures, and the layers after a backbone see its features only.`,
      "Choose dense layers, dropout, activations and batch normalisation.",
    );
  }
  if (earlySize) return bad("The features of a backbone are computed at one size.", "Choose no early size.");
  if (augmentation && augmentation.kind !== "crops") {
    return bad("The views of a backbone are augmented by crops only.", "Choose crops, or no augmentation.");
  }
  if (backbone.crops > 0 && !augmentation) {
    return bad("There is no augmentation to make crops.", "Choose crops as augmentation, or 0 crops for the backbone.");
  }
  const dictionaries = dictionariesOf(backbone).map(dictionaryProblem);
  return (
    dictionaries.find((problem) => problem !== null) ??
    whole("number of crops that a backbone sees of an image", backbone.crops, 0, 100)
  );
}

function dictionaryProblem(dictionary: Dictionary): ExperimentProblem | null {
  const name = (field: string) => `${field} of a dictionary of ${dictionary.type}`;
  return (
    whole(name("number of words"), dictionary.words, 1, 4096) ??
    whole(name("pooling"), dictionary.pooling, 1, 64) ??
    whole(name("stride"), dictionary.strides, 1, 64) ??
    (dictionary.type === "colours"
      ? above(name("sharpness"), dictionary.sharpness, 0, 1e6)
      : (whole(name("patch size"), dictionary.patchSize, 2, 16) ??
        whole(name("number of components"), dictionary.components, 1, 3 * dictionary.patchSize ** 2 - 1)))
  );
}

/** Layers that work on numbers that are no picture. */
const headLayers: ReadonlySet<Layer["type"]> = new Set(["dense", "dropout", "activation", "batch-normalization"]);

function classesProblem(
  experiment: Experiment,
  dataset: Pick<Dataset, "classNames" | "positiveClass" | "classCounts">,
  trainingCounts: readonly number[],
): ExperimentProblem | null {
  const positive = dataset.classNames.indexOf(dataset.positiveClass);
  if (positive < 0) {
    return bad(`The dataset has no class “${dataset.positiveClass}”.`, "Choose the positive class of the dataset.");
  }
  const few = (message: string): ExperimentProblem => ({
    code: "too-few-images",
    message,
    remedy: "Add images of it to the dataset, or hold fewer images out for validation.",
  });
  if (!trainingCounts[positive])
    return few(`No image of the class “${dataset.positiveClass}” is in the training split.`);
  const negatives = trainingCounts.reduce((sum, count, index) => (index === positive ? sum : sum + count), 0);
  if (negatives === 0) return few(`Every image of the training split is of the class “${dataset.positiveClass}”.`);
  if (experiment.output === "binary") return null;
  for (const [index, name] of dataset.classNames.entries()) {
    // A folder without any readable image is a class too, as in Keras: its output just never wins.
    if (dataset.classCounts[index] && !trainingCounts[index]) {
      return few(`No image of the class “${name}” is in the training split.`);
    }
  }
  return null;
}

function networkProblem(experiment: Experiment, classes: number, limits: MemoryLimits): ExperimentProblem | null {
  const outputs = experiment.output === "binary" ? 1 : classes;
  const { earlySize, layers, backbone } = experiment;
  if (earlySize && layers.some((layer) => layer.type === "flatten")) {
    return bad(
      "A network that flattens its picture sees one size only, so it cannot begin with smaller pictures.",
      "Choose global average pooling instead of flattening, or no early size.",
    );
  }
  for (const layer of layers) {
    const problem = layerProblem(layer);
    if (problem) return problem;
  }
  try {
    if (earlySize) networkSize(layers, earlySize.size, outputs, fixedFeatures(backbone, earlySize.size));
    const problem = fitProblem(experiment, outputs, limits);
    return problem && { code: "does-not-fit", ...problem };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return bad(error.message, "Choose a larger input size or other layers.");
  }
}

/** Every number of a layer counts something, but for the few below. */
function layerProblem(layer: Layer): ExperimentProblem | null {
  for (const [field, value] of Object.entries<unknown>(layer)) {
    if (field === "penalty") {
      const { l1, l2 } = value as Penalty;
      const problem = within("L1 penalty", l1, 0, 1000) ?? within("L2 penalty", l2, 0, 1000);
      if (problem) return problem;
    }
    if (typeof value !== "number") continue;
    const name = `${field} of a layer of type ${layer.type}`;
    const problem =
      field === "scale" || field === "offset"
        ? within(name, value, -1e9, 1e9)
        : field === "rate" || field === "momentum"
          ? within(name, value, 0, 0.999999)
          : field === "epsilon"
            ? above(name, value, 0, 1)
            : whole(name, value, 1, 1_000_000);
    if (problem) return problem;
  }
  return null;
}
