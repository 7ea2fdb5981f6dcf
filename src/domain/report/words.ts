/** The report's words for presets, statuses and settings. */
import type { ExperimentChange } from "../experiment/changes.ts";
import { changesOf } from "../experiment/changes.ts";
import type { Dictionary } from "../experiment/backbone.ts";
import type { Experiment, Layer } from "../experiment/experiment.ts";
import type { FixedLayer } from "../experiment/network-size.ts";
import type { Balance } from "../experiment/regularization.ts";
import type { Texts, Writer } from "../text/writer.ts";
import { penaltyPhrase } from "../analysis/sentences.ts";
import type { RunStatus } from "../run/run.ts";

const presetNames: Readonly<Record<string, Texts>> = {
  baseline: { en: "Baseline", fr: "Référence" },
  dropout: { en: "Dropout", fr: "Dropout" },
  "early-stopping": { en: "Early stopping", fr: "Arrêt précoce" },
  l1: { en: "L1 penalty", fr: "Pénalité L1" },
  l2: { en: "L2 penalty", fr: "Pénalité L2" },
  "dropout-early-stopping": { en: "Dropout and early stopping", fr: "Dropout et arrêt précoce" },
  "elastic-net": { en: "Elastic net", fr: "Elastic net" },
  residual: { en: "Residual", fr: "Résiduel" },
  compact: { en: "Compact", fr: "Compact" },
  features: { en: "Features", fr: "Caractéristiques" },
};

export const statusNames: Readonly<Record<RunStatus, Texts>> = {
  queued: { en: "waiting", fr: "en attente" },
  running: { en: "running", fr: "en cours" },
  finished: { en: "finished", fr: "terminé" },
  stopped: { en: "stopped", fr: "arrêté" },
  failed: { en: "failed", fr: "échoué" },
  interrupted: { en: "interrupted", fr: "interrompu" },
};

export const balanceNames: Readonly<Record<Balance, Texts>> = {
  none: { en: "images as they are", fr: "images telles quelles" },
  oversample: { en: "oversampling of the smaller side", fr: "suréchantillonnage du côté le plus petit" },
  "class-weights": { en: "class weights", fr: "poids par classe" },
  own: { en: "sampling by class and source", fr: "tirage par classe et par source" },
};

function changeName(change: ExperimentChange, w: Writer): string {
  switch (change.what) {
    case "size":
      return `${change.value}\u00a0px`;
    case "epochs":
      return w.say({ en: `${change.value} epochs`, fr: `${change.value} époques` });
    case "batch":
      return w.say({ en: `batches of ${change.value}`, fr: `lots de ${change.value}` });
    case "rate":
      return w.say({ en: `rate ${w.number(change.value, 6)}`, fr: `taux ${w.number(change.value, 6)}` });
    case "weight-decay":
      return w.say({
        en: `weight decay ${w.number(change.value, 6)}`,
        fr: `décroissance des poids ${w.number(change.value, 6)}`,
      });
    case "feature-dropout":
    case "hidden-dropout":
      return `dropout ${w.number(change.value, 3)}`;
    case "convolution-penalty":
    case "dense-penalty":
      return penaltyPhrase(change.value, w) || w.say({ en: "no penalty", fr: "sans pénalité" });
    case "patience":
      return change.value === null
        ? w.say({ en: "no early stopping", fr: "sans arrêt précoce" })
        : w.say({ en: `patience ${change.value}`, fr: `patience ${change.value}` });
    case "balance":
      return w.say(balanceNames[change.value]);
    case "augmentation":
      return change.value === null
        ? w.say({ en: "no augmentation", fr: "sans augmentation" })
        : w.say({ en: "other augmentation", fr: "autre augmentation" });
    case "other":
      return w.say({ en: "changed", fr: "modifié" });
  }
}

/** The preset's name in the report's language. */
export function presetName(preset: string, w: Writer): string {
  const names = presetNames[preset];
  return names ? w.say(names) : preset;
}

/** What is changed in the preset, but for size and epochs, which the tables have. */
export function methodChanges(experiment: Experiment, w: Writer): string {
  return changesOf(experiment)
    .filter(({ what }) => what !== "size" && what !== "epochs")
    .map((change) => changeName(change, w))
    .join(", ");
}

/** `Baseline (batches of 16), seed 7`. */
export function experimentName(experiment: Experiment, w: Writer): string {
  const changes = methodChanges(experiment, w);
  const seed = w.say({ en: "seed", fr: "graine" });
  return `${presetName(experiment.preset, w)}${changes ? ` (${changes})` : ""}, ${seed} ${experiment.seed}`;
}

/** A layer with what is set in it, as a summary lists it. @param layer null for the output layer, which follows from the experiment */
export function layerName(layer: Layer | FixedLayer | null, w: Writer): string {
  if (layer === null) return w.say({ en: "dense (output)", fr: "dense (sortie)" });
  switch (layer.type) {
    case "conv2d":
      return `conv2d ${layer.filters}, ${layer.kernelSize}×${layer.kernelSize}, /${layer.strides}, ${layer.activation}`;
    case "depthwise-conv2d":
      return `depthwise ${layer.kernelSize}×${layer.kernelSize}, /${layer.strides}`;
    case "dense":
      return `dense ${layer.units}, ${layer.activation}`;
    case "dropout":
      return `dropout ${w.number(layer.rate, 3)}`;
    case "activation":
      return layer.activation;
    case "max-pooling":
    case "average-pooling":
      return `${layer.type} ${layer.poolSize}×${layer.poolSize}`;
    case "fixed-features":
      return layer.dictionaries.map((dictionary) => dictionaryName(dictionary, w)).join(", ");
    case "residual-block":
      return `residual block ${layer.filters}, /${layer.strides}`;
    default:
      return layer.type;
  }
}

function dictionaryName(dictionary: Dictionary, w: Writer): string {
  const { words, pooling, strides } = dictionary;
  const where = `/${strides * pooling}`;
  if (dictionary.type === "colours") {
    return w.say({ en: `dictionary of ${words} colours, ${where}`, fr: `dictionnaire de ${words} couleurs, ${where}` });
  }
  const side = `${dictionary.patchSize * pooling}×${dictionary.patchSize * pooling}`;
  return w.say({
    en: `dictionary of ${words} patches ${side}, ${where}`,
    fr: `dictionnaire de ${words} motifs ${side}, ${where}`,
  });
}
