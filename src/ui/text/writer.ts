/** Texts that the domain writes (analyses, figures, reports), in the interface's language. */
import { Writer } from "../../domain/text/writer.ts";
import { currentLocale } from "./locale.ts";

export function textWriter(): Writer {
  return new Writer(currentLocale() === "fr" ? "fr" : "en");
}
