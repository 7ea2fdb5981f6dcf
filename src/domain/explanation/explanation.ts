/** Why a model says what it says of one picture. */
import type { HeatMap } from "./heat-map.ts";

/** Why there is no Grad-CAM map. */
export const gradCamLacks = [
  /** A TensorFlow graph or an ONNX network: it is run forwards only. */
  "no-layers",
  /** None of its layers puts out a map of features. */
  "no-map",
  /** What comes after its last map cannot be differentiated here. */
  "no-gradient",
] as const;
export type GradCamLack = (typeof gradCamLacks)[number];

export interface Explanation {
  /** P(photo), calibrated, of the picture as it is. */
  readonly probability: number;
  readonly gradCam: HeatMap | null;
  readonly gradCamLack: GradCamLack | null;
  readonly occlusion: HeatMap;
  /**
   * Rank correlation of both maps over the places that were covered, from −1 to 1: the check of the one by the other. Null where there is one map only, or
   * covering changes nothing.
   */
  readonly agreement: number | null;
  /** From the decoded picture on. */
  readonly seconds: { readonly gradCam: number; readonly occlusion: number };
}
