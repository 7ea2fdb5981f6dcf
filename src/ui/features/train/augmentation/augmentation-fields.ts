/** What a person may change of an augmentation, as data for the form. */
import { msg } from "@lit/localize";
import type { Augmentation, CropAugmentation, KerasAugmentation } from "../../../../domain/experiment/experiment.ts";
import { cropsAndScanEffects } from "../../../../domain/experiment/presets.ts";
import { formatNumber, formatShare } from "../../../text/format.ts";

export type AugmentationKind = Augmentation["kind"] | "none";

/** The notebook's layers: both flips, ±0.1 of a turn, ±0.1 of the size, the edge's colour outside; no scan effect. */
export const notebookAugmentation: KerasAugmentation = {
  kind: "keras",
  horizontalFlip: true,
  verticalFlip: true,
  rotation: 0.1,
  zoom: 0.1,
  fill: "nearest",
  brightness: 0,
  contrast: 0,
  jpegProbability: 0,
  blurProbability: 0,
  paperTintProbability: 0,
  shadowProbability: 0,
  appliesTo: "all",
};

/** What each kind begins with. */
export const defaultAugmentations = { keras: notebookAugmentation, crops: cropsAndScanEffects } as const;

export function kindWord(kind: AugmentationKind): string {
  switch (kind) {
    case "none":
      return msg("None");
    case "keras":
      return msg("Flips, rotation, zoom");
    case "crops":
      return msg("Random crops");
  }
}

export function kindHint(kind: AugmentationKind): string {
  switch (kind) {
    case "none":
      return msg("Each image is seen as it is, every epoch.");
    case "keras":
      return msg("The notebook's, as Keras computes them; and what a scan may bring.");
    case "crops":
      return msg("Parts of the image, and what cameras, scanners and exports do to a picture.");
  }
}

type NumbersOf<T> = { [K in keyof T]: T[K] extends number ? K : never }[keyof T] & string;

/** A number of an augmentation of type T that a slider changes, in the augmentation's own unit. */
export interface Slider<T> {
  readonly field: NumbersOf<T>;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly label: () => string;
  /** Says a value in words. */
  readonly say: (value: number) => string;
}

const around = (value: number): string => (value === 0 ? msg("off") : `± ${formatShare(value, 0)}`);
const chance = (value: number): string => (value === 0 ? msg("off") : formatShare(value, 0));
const degrees = (turns: number): string => (turns === 0 ? msg("off") : `± ${formatNumber(turns * 360, 0)}°`);
const factor = (log: number): string => (log === 0 ? msg("off") : `× ${formatNumber(Math.exp(log), 2)}`);

/** An even share of the images that an effect happens to. */
function probability<T>(field: NumbersOf<T>, label: () => string): Slider<T> {
  return { field, low: 0, high: 1, step: 0.05, label, say: chance };
}

export const geometrySliders: readonly Slider<KerasAugmentation>[] = [
  { field: "rotation", low: 0, high: 0.5, step: 0.0125, label: () => msg("Rotation"), say: degrees },
  { field: "zoom", low: 0, high: 0.5, step: 0.05, label: () => msg("Zoom"), say: around },
];

export const scanSliders: readonly Slider<KerasAugmentation>[] = [
  { field: "brightness", low: 0, high: 0.5, step: 0.05, label: () => msg("Brightness"), say: around },
  { field: "contrast", low: 0, high: 0.5, step: 0.05, label: () => msg("Contrast"), say: around },
  probability("jpegProbability", () => msg("JPEG artefacts")),
  probability("blurProbability", () => msg("Slight blur")),
  probability("paperTintProbability", () => msg("Yellowed paper")),
  probability("shadowProbability", () => msg("Shadow of a fold")),
];

export const cropSliders: readonly Slider<CropAugmentation>[] = [
  {
    field: "minimumCropArea",
    low: 0.05,
    high: 1,
    step: 0.05,
    label: () => msg("Smallest crop"),
    say: (v) => formatShare(v, 0),
  },
  { field: "logAspect", low: 0, high: 1, step: 0.05, label: () => msg("Aspect ratio"), say: factor },
  { field: "contrast", low: 0, high: 0.5, step: 0.05, label: () => msg("Contrast"), say: around },
  { field: "brightness", low: 0, high: 0.5, step: 0.05, label: () => msg("Brightness"), say: around },
  { field: "saturation", low: 0, high: 1, step: 0.05, label: () => msg("Saturation"), say: around },
  { field: "channelGain", low: 0, high: 0.5, step: 0.025, label: () => msg("Colour cast"), say: around },
  probability("rescaleProbability", () => msg("Loss of resolution")),
  probability("jpegProbability", () => msg("JPEG artefacts")),
  probability("blurProbability", () => msg("Slight blur")),
  probability("greyProbability", () => msg("In grey")),
];

/** One line on what an augmentation does, for where it is folded away. */
export function augmentationSummary(augmentation: Augmentation | null): string {
  if (augmentation === null) return kindWord("none");
  const parts: string[] = [kindWord(augmentation.kind)];
  const effects = augmentation.kind === "keras" ? scanSliders.filter(({ field }) => augmentation[field] > 0) : [];
  parts.push(...effects.map(({ label }) => label().toLowerCase()));
  return parts.join(", ");
}
