/** A map in words: where the evidence lies, what covering it does, and whether both methods agree. */
import { msg, str } from "@lit/localize";
import type { Explanation, GradCamLack } from "../../../domain/explanation/explanation.ts";
import type { ExplanationMethod, HeatMap } from "../../../domain/explanation/heat-map.ts";
import { type EvidencePlace, type EvidenceSide, placeOfEvidence } from "../../../domain/explanation/place.ts";
import { formatFixed, formatNumber, formatShare } from "../../text/format.ts";

export function methodWord(method: ExplanationMethod): string {
  return method === "grad-cam" ? msg("Grad-CAM") : msg("By covering");
}

export function sideWord(side: EvidenceSide): string {
  return side === "photo" ? msg("For a photo") : msg("Against a photo");
}

function placeWord({ row, column }: EvidencePlace): string {
  switch (`${row} ${column}` as const) {
    case "top left":
      return msg("at the upper left");
    case "top centre":
      return msg("at the top");
    case "top right":
      return msg("at the upper right");
    case "middle left":
      return msg("on the left");
    case "middle centre":
      return msg("in the centre");
    case "middle right":
      return msg("on the right");
    case "bottom left":
      return msg("at the lower left");
    case "bottom centre":
      return msg("at the bottom");
    case "bottom right":
      return msg("at the lower right");
  }
}

/** What a map shows to who cannot see it. */
export function placeSentence(map: HeatMap, side: EvidenceSide): string {
  const place = placeOfEvidence(map, side);
  const isPhoto = side === "photo";
  if (place === null) {
    return isPhoto
      ? msg("Nothing in the picture speaks for a photo.")
      : msg("Nothing in the picture speaks against a photo.");
  }
  if (place === "hardly") {
    return isPhoto
      ? msg("Hardly anything in the picture speaks for a photo.")
      : msg("Hardly anything in the picture speaks against a photo.");
  }
  if (place === "spread") {
    return isPhoto
      ? msg("What speaks for a photo is spread over the picture.")
      : msg("What speaks against a photo is spread over the picture.");
  }
  const where = placeWord(place);
  const share = formatShare(place.share);
  return isPhoto
    ? msg(str`What speaks most for a photo lies ${where} (${share} of it).`)
    : msg(str`What speaks most against a photo lies ${where} (${share} of it).`);
}

/** Below this the probability has hardly moved, whatever was covered. */
const onePoint = 0.01;

function changesLittle({ lowest, highest }: HeatMap): boolean {
  return Math.max(highest, -lowest) < onePoint;
}

/** What covering the strongest place does to the probability. */
export function occlusionSentence(map: HeatMap, side: EvidenceSide): string {
  const change = side === "photo" ? map.highest : -map.lowest;
  if (changesLittle(map)) {
    return msg("No single place decides: covering any of them changes the probability by less than one point.");
  }
  if (change <= 0) return "";
  const points = formatFixed(100 * change, 1);
  return side === "photo"
    ? msg(str`Covered with grey, the strongest place lowers the probability of a photo by ${points} points.`)
    : msg(str`Covered with grey, the strongest place raises the probability of a photo by ${points} points.`);
}

/** From here on the maps are said to agree, and from there on in part. */
const agreeing = 0.5;
const partly = 0.2;

/** Whether the one method bears out the other. */
export function agreementSentence({ agreement, gradCam, gradCamLack, occlusion }: Explanation): string {
  if (gradCamLack) return lackSentence(gradCamLack);
  if (!gradCam) return "";
  if (agreement === null) return msg("Covering changes nothing at all, so Grad-CAM cannot be checked by it.");
  if (agreement < agreeing && changesLittle(occlusion)) {
    return msg("Covering hardly changes the probability, so it says little about whether Grad-CAM is right.");
  }
  const value = formatNumber(agreement, 2);
  if (agreement >= agreeing)
    return msg(str`Covering parts of the picture bears Grad-CAM out (rank correlation ${value}).`);
  if (agreement >= partly)
    return msg(str`Covering parts of the picture bears Grad-CAM out in part (rank correlation ${value}).`);
  return msg(
    str`Covering parts of the picture does not bear Grad-CAM out (rank correlation ${value}): rather believe the covering.`,
  );
}

function lackSentence(lack: GradCamLack): string {
  switch (lack) {
    case "no-layers":
      return msg("This network can only be run, not differentiated: it is explained by covering alone.");
    case "no-map":
      return msg("This network has no map of features: it is explained by covering alone.");
    case "no-gradient":
      return msg("This network cannot be differentiated here: it is explained by covering alone.");
  }
}
