/** Words that several parts of an evaluation use. */
import { msg, str } from "@lit/localize";
import type { JudgedPart } from "../../../domain/run/predictions.ts";

export function partWord(part: JudgedPart): string {
  return part === "validation" ? msg("Validation images") : msg("Test images");
}

/** Two ends, as `91.2% to 95.4%`. */
export function intervalText(low: string, high: string): string {
  return msg(str`${low} to ${high}`);
}
