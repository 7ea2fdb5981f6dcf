/** All findings of a dataset as a list to hand on. */
import { byteOrderMark } from "../../../../domain/text/capture-list.ts";
import { type CsvField, toCsv } from "../../../../domain/text/csv.ts";
import { imageFindingKinds } from "../../../../domain/vetting/image-findings.ts";
import { findingRemedy, findingWord } from "../../../text/words.ts";
import { fileFindingKinds, type FindingLists } from "./kinds.ts";
import { choiceWord, kindWord } from "./words.ts";

const columns = ["finding", "group", "file", "page", "class", "trained_as", "width", "height", "decision"] as const;

/**
 * One row for each file of a finding; images of one group share its number. Kinds, reasons and decisions are in the interface's language; `page` is
 * from 0; what a file that is no image of the dataset lacks is empty.
 */
export function findingsCsv(lists: FindingLists): string {
  const rows: CsvField[][] = [[...columns, "reason", "what_to_do"]];
  let group = 0;
  for (const kind of imageFindingKinds) {
    for (const { images } of lists.images[kind]) {
      group += 1;
      for (const vetted of images) {
        const { image, folderClass, choice } = vetted;
        const trainedAs = choice?.verdict === "left-out" ? "" : image.className;
        const { path, page, width, height } = image;
        rows.push([
          kindWord(kind),
          group,
          path,
          page,
          folderClass,
          trainedAs,
          width,
          height,
          choiceWord(vetted),
          "",
          "",
        ]);
      }
    }
  }
  for (const kind of fileFindingKinds) {
    for (const { path, className, reason } of lists.files[kind]) {
      const words = [findingWord(reason), findingRemedy(reason)];
      rows.push([kindWord(kind), null, path, null, className, "", null, null, "", ...words]);
    }
  }
  return byteOrderMark + toCsv(rows);
}
