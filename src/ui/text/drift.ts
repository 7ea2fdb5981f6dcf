/** What a drift is called, in plain words. */
import { msg, str } from "@lit/localize";
import type { StatisticDrift } from "../../domain/drift/image-drift.ts";
import type { ImageStatisticName } from "../../domain/drift/image-statistics.ts";
import { formatFixed, formatNumber } from "./format.ts";

export function imageStatisticWord(name: ImageStatisticName): string {
  switch (name) {
    case "colourfulness":
      return msg("Colourfulness");
    case "brightness":
      return msg("Brightness");
    case "contrast":
      return msg("Contrast");
    case "aspect-ratio":
      return msg("Width to height");
    case "size":
      return msg("Longer side, in pixels");
  }
}

export function statisticNumber(name: ImageStatisticName, value: number): string {
  return name === "aspect-ratio" ? formatFixed(value, 2) : formatNumber(value);
}

/** Medians nearer than this share of each other say nothing about where a distribution went. */
const sameMedian = 0.05;

/** How a batch differs in one statistic. */
export function differenceWords({ name, median, trainingMedian }: StatisticDrift): string {
  if (Math.abs(median - trainingMedian) < sameMedian * trainingMedian) {
    const word = imageStatisticWord(name).toLowerCase();
    return msg(str`otherwise spread (${word})`);
  }
  const isMore = median > trainingMedian;
  switch (name) {
    case "colourfulness":
      return isMore ? msg("more colourful") : msg("less colourful");
    case "brightness":
      return isMore ? msg("brighter") : msg("darker");
    case "contrast":
      return isMore ? msg("richer in contrast") : msg("poorer in contrast");
    case "aspect-ratio":
      return isMore ? msg("wider for their height") : msg("narrower for their height");
    case "size": {
      const [now, before] = [formatNumber(median), formatNumber(trainingMedian)];
      return isMore
        ? msg(str`larger (${now} pixels instead of ${before})`)
        : msg(str`smaller (${now} pixels instead of ${before})`);
    }
  }
}
