/** What images with known answers say of how an imported model is to be read: which output is the photo, how pixels are prepared. */
import { type Confusion, confusionAt } from "../metrics/confusion.ts";
import { areaUnderRoc, rank } from "../metrics/ranking.ts";
import type { ModelOutput, Preprocessing } from "./model.ts";
import { positiveOf } from "./output.ts";

/** The verdict of a model that nothing else is known of. */
const threshold = 0.5;

/** One way to read the model, judged on the images. */
export interface Reading {
  /** Place in the list of candidates. */
  readonly candidate: number;
  /** Output that is taken for the photo: index in the labels. */
  readonly positive: number;
  readonly confusion: Confusion;
  /** Share of photos found, and of others, in the mean. */
  readonly balancedAccuracy: number;
  /** How well photos are ranked above the others, whatever the threshold. */
  readonly auroc: number;
}

/**
 * Every way to read the model that gives numbers.
 * @param isPhoto what each image is known to be; both kinds must occur
 * @param outputs of each candidate, image after image, as many numbers as the network has outputs
 */
export function readings(
  isPhoto: readonly boolean[],
  outputs: readonly Float32Array[],
  output: ModelOutput,
): readonly Reading[] {
  const labels = Uint8Array.from(isPhoto, Number);
  return outputs.flatMap((values, candidate) => {
    // Pixels scaled far beyond what it was made for can overflow.
    if (values.some(Number.isNaN)) return [];
    return output.labels.map((_, positive): Reading => {
      const probabilities = positiveOf({ ...output, positive }, values);
      const confusion = confusionAt(labels, probabilities, threshold);
      const { tp, fn, tn, fp } = confusion;
      const balancedAccuracy = (tp / (tp + fn) + tn / (tn + fp)) / 2;
      const auroc = areaUnderRoc(rank(labels, probabilities)) ?? 0.5;
      return { candidate, positive, confusion, balancedAccuracy, auroc };
    });
  });
}

/** A reading must be better than the present one by more than this to be proposed: with a few images, less is chance. */
const clearlyBetter = 0.1;

/** What the images say against the present reading: a better one; `isReversed` where only the two sides are exchanged. */
export interface Advice {
  readonly reading: Reading;
  readonly isReversed: boolean;
}

/** @returns null where nothing is clearly better */
export function adviceOf(all: readonly Reading[], now: Pick<Reading, "candidate" | "positive">): Advice | null {
  const present = all.find(({ candidate, positive }) => candidate === now.candidate && positive === now.positive);
  const best = all.reduce<Reading | null>(
    (found, reading) => (found && !isBetter(reading, found) ? found : reading),
    null,
  );
  if (!best || (present && best.balancedAccuracy <= present.balancedAccuracy + clearlyBetter)) return null;
  const isReversed = best.candidate === now.candidate && best.positive !== now.positive && (present?.auroc ?? 1) < 0.5;
  return { reading: best, isReversed };
}

function isBetter(a: Reading, b: Reading): boolean {
  return a.balancedAccuracy > b.balancedAccuracy || (a.balancedAccuracy === b.balancedAccuracy && a.auroc > b.auroc);
}

/** The lowest and the highest number that a picture puts into the network, over all of its channels. @param rgb bytes */
export function inputRange(rgb: Uint8Array, { scale, offset, channels }: Preprocessing): readonly [number, number] {
  let [lowest, highest] = [Infinity, -Infinity];
  const order = channels?.order === "bgr" ? [2, 1, 0] : [0, 1, 2];
  for (let i = 0; i < rgb.length; i += 3) {
    if (channels?.order === "grey") {
      // ITU-R BT.601, as the engine has it.
      const grey = 0.299 * rgb[i]! + 0.587 * rgb[i + 1]! + 0.114 * rgb[i + 2]!;
      const value = (grey * scale + offset) * channels.scale[0]! + channels.offset[0]!;
      [lowest, highest] = [Math.min(lowest, value), Math.max(highest, value)];
      continue;
    }
    for (const [place, channel] of order.entries()) {
      const plain = rgb[i + channel]! * scale + offset;
      const value = channels ? plain * channels.scale[place]! + channels.offset[place]! : plain;
      [lowest, highest] = [Math.min(lowest, value), Math.max(highest, value)];
    }
  }
  return [lowest, highest];
}
