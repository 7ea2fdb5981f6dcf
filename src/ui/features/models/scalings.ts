/** The ways in which pixels are usually put into networks. */
import { msg } from "@lit/localize";
import type { Aspect } from "../../../domain/image/pixel-format.ts";
import type { Preprocessing } from "../../../domain/model/model.ts";

export const scalings = ["unit", "signed", "raw", "imagenet"] as const;
export type Scaling = (typeof scalings)[number];

/** Mean and standard deviation of ImageNet's red, green and blue, from 0 to 1: what PyTorch's models are trained with. */
const imagenetMean = [0.485, 0.456, 0.406];
const imagenetDeviation = [0.229, 0.224, 0.225];

function numbersOf(scaling: Scaling): Pick<Preprocessing, "scale" | "offset" | "channels"> {
  if (scaling === "unit") return { scale: 1 / 255, offset: 0 };
  if (scaling === "signed") return { scale: 1 / 127.5, offset: -1 };
  if (scaling === "raw") return { scale: 1, offset: 0 };
  const scale = imagenetDeviation.map((deviation) => 1 / deviation);
  const offset = imagenetMean.map((mean, channel) => -mean / imagenetDeviation[channel]!);
  return { scale: 1 / 255, offset: 0, channels: { order: "rgb", scale, offset } };
}

/** Those that a model may need: one that says what becomes of its channels has no use for ImageNet's. */
export function possibleScalings({ channels }: Preprocessing): readonly Scaling[] {
  return scalings.filter((scaling) => scaling !== "imagenet" || channels === undefined);
}

/** A model's preprocessing with another scaling (null: its own) and another treatment of the aspect ratio. */
export function prepared(preprocessing: Preprocessing, scaling: Scaling | null, aspect: Aspect): Preprocessing {
  const pixels = { ...preprocessing.pixels, aspect };
  if (scaling === null) return { ...preprocessing, pixels };
  const { channels, ...scale } = numbersOf(scaling);
  const isGrey = preprocessing.channels?.order === "grey";
  return { ...preprocessing, ...scale, ...(channels && !isGrey ? { channels } : {}), pixels };
}

export function scalingWord(scaling: Scaling): string {
  switch (scaling) {
    case "unit":
      return msg("from 0 to 1");
    case "signed":
      return msg("from −1 to 1");
    case "raw":
      return msg("from 0 to 255");
    case "imagenet":
      return msg("as ImageNet’s mean and deviation (PyTorch)");
  }
}
