/** A batch's captures against what their model learnt from. */
import { type ImageDrift, imageDrift, type ImageSummary, type SidedStatistics } from "../drift/image-drift.ts";
import { type Capture, effectiveVerdict } from "./capture.ts";

/** @returns null where there is too little to tell: see `imageDrift` */
export function batchDrift(captures: readonly Capture[], summary: ImageSummary): ImageDrift | null {
  const sided: SidedStatistics[] = [];
  for (const capture of captures) {
    const { statistics, probability } = capture;
    if (!statistics || probability === null) continue;
    const verdict = effectiveVerdict(capture);
    sided.push({ statistics, isPositive: verdict === "to-review" ? probability >= 0.5 : verdict === "photo" });
  }
  return imageDrift(sided, summary);
}
