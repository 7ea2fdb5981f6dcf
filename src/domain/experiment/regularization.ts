/** Regularisation and balance as a person sets them: a few numbers, spread to the layers of a network. */
import type { ClassWeights, Experiment, Layer, Penalty, Sampling } from "./experiment.ts";

export interface Regularization {
  /** Dropout after pooling windows, 0 to 1; null for a network that has none. */
  readonly featureDropout: number | null;
  /** Dropout after hidden dense layers, or after global pooling where there are none, 0 to 1; null for a network that has neither. */
  readonly hiddenDropout: number | null;
  /** On the kernels of every convolution; null for a network whose convolutions take none (residual blocks). */
  readonly convolutionPenalty: Penalty | null;
  /** On the kernels of every hidden dense layer; null for a network that has none. */
  readonly densePenalty: Penalty | null;
  /** Epochs without a lower validation loss after which the run ends; null for no early stopping. */
  readonly patience: number | null;
}

const noPenalty: Penalty = { l1: 0, l2: 0 };

/** Where a dropout layer may stand: behind these. */
function dropoutKind(layer: Layer | undefined): "feature" | "hidden" | null {
  if (layer?.type === "max-pooling" || layer?.type === "average-pooling") return "feature";
  return layer?.type === "dense" || layer?.type === "global-average-pooling" ? "hidden" : null;
}

/** What an experiment has of each; where layers of a kind differ, what the first of them has. */
export function regularizationOf({ layers, earlyStopping }: Experiment): Regularization {
  const rateBehind = (kind: "feature" | "hidden"): number | null => {
    const place = layers.findIndex((layer) => dropoutKind(layer) === kind);
    if (place < 0) return null;
    const next = layers[place + 1];
    return next?.type === "dropout" ? next.rate : 0;
  };
  const convolution = layers.find((layer) => layer.type === "conv2d" || layer.type === "depthwise-conv2d");
  const dense = layers.find((layer) => layer.type === "dense");
  const hasBlocks = layers.some((layer) => layer.type === "residual-block");
  return {
    featureDropout: rateBehind("feature"),
    hiddenDropout: rateBehind("hidden"),
    convolutionPenalty: convolution && !hasBlocks ? (convolution.penalty ?? noPenalty) : null,
    densePenalty: dense ? (dense.penalty ?? noPenalty) : null,
    patience: earlyStopping?.patience ?? null,
  };
}

/** The experiment with this regularisation in place of its own; what is null is left as it is, but for the patience. */
export function withRegularization(experiment: Experiment, regularization: Regularization): Experiment {
  const { featureDropout, hiddenDropout, convolutionPenalty, densePenalty, patience } = regularization;
  const rates = { feature: featureDropout, hidden: hiddenDropout };
  const layers = experiment.layers.flatMap((layer, index): Layer[] => {
    const before = dropoutKind(experiment.layers[index - 1]);
    // Set again behind its layer, below.
    if (layer.type === "dropout" && before && rates[before] !== null) return [];
    const isConvolution = layer.type === "conv2d" || layer.type === "depthwise-conv2d";
    const penalized =
      isConvolution && convolutionPenalty
        ? withPenalty(layer, convolutionPenalty)
        : layer.type === "dense" && densePenalty
          ? withPenalty(layer, densePenalty)
          : layer;
    const kind = dropoutKind(layer);
    const rate = kind && rates[kind];
    return rate ? [penalized, { type: "dropout", rate }] : [penalized];
  });
  return { ...experiment, layers, earlyStopping: patience === null ? null : { patience } };
}

function withPenalty(layer: Extract<Layer, { penalty?: Penalty }>, penalty: Penalty): Layer {
  const { penalty: _, ...bare } = layer;
  return penalty.l1 === 0 && penalty.l2 === 0 ? bare : { ...bare, penalty };
}

/** How uneven classes are dealt with. `own`: by the experiment's own sampling of classes and sources. */
export type Balance = "none" | "oversample" | "class-weights" | "own";

export function balanceOf({ sampling, classWeights }: Pick<Experiment, "sampling" | "classWeights">): Balance {
  if (sampling.kind === "class-and-source") return "own";
  if (sampling.kind === "oversample") return "oversample";
  return classWeights.kind === "none" ? "none" : "class-weights";
}

/** @param balance `own` leaves the experiment as it is */
export function withBalance(experiment: Experiment, balance: Balance): Experiment {
  if (balance === "own" || balance === balanceOf(experiment)) return experiment;
  const sampling: Sampling = { kind: balance === "oversample" ? "oversample" : "shuffle" };
  const classWeights: ClassWeights = { kind: balance === "class-weights" ? "balanced" : "none" };
  return { ...experiment, sampling, classWeights };
}
