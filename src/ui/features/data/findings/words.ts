/** What findings and decisions are called. */
import { msg, str } from "@lit/localize";
import type { VettedImage } from "../../../../domain/vetting/choices.ts";
import { type ImageFinding, smallestSide } from "../../../../domain/vetting/image-findings.ts";
import { formatNumber } from "../../../text/format.ts";
import type { FindingKind } from "./kinds.ts";

export function kindWord(kind: FindingKind): string {
  switch (kind) {
    case "label-conflict":
      return msg("Under two classes");
    case "exact-duplicates":
      return msg("Exact duplicates");
    case "near-duplicates":
      return msg("Near-duplicates");
    case "too-small":
      return msg("Too small");
    case "unreadable":
      return msg("Unreadable");
    case "empty":
      return msg("Empty files");
    case "not-an-image":
      return msg("Not an image");
    case "unplaced":
      return msg("In no class");
    case "already-there":
      return msg("There already");
  }
}

/** What is wrong with the images of a kind, and what can be done about it. */
export function kindReason(kind: FindingKind): string {
  const side = formatNumber(smallestSide);
  switch (kind) {
    case "label-conflict":
      return msg(
        "The same image lies in the folders of two classes or more. One of them is wrong, and a network that is told both learns neither: say which class it is, or leave it out.",
      );
    case "exact-duplicates":
      return msg(
        "The same file several times, byte for byte. Each copy makes the image count once more. The default split keeps copies on one side.",
      );
    case "near-duplicates":
      return msg(
        "The same picture saved again, in another size, turned, or trimmed at its edges. Have a look: some may only be very much alike. The default split keeps them on one side, so they may stay.",
      );
    case "too-small":
      return msg(str`The shorter side has fewer than ${side} pixels, which shows a network little.`);
    case "unreadable":
      return msg("These files could not be read. Everything else was imported.");
    case "empty":
      return msg("These files hold nothing. Everything else was imported.");
    case "not-an-image":
      return msg("The content of these files is not a picture, whatever their names say. They are left out.");
    case "unplaced":
      return msg("These files tell no class by their folder, or ask for a place outside of it. They are left out.");
    case "already-there":
      return msg(
        "These files were added under other names, and are in their class already, byte for byte. They came in once.",
      );
  }
}

export function findingTitle({ kind, images }: ImageFinding): string {
  const count = formatNumber(images.length);
  switch (kind) {
    case "label-conflict": {
      const classes = [...new Set(images.map(({ folderClass }) => folderClass))].join(", ");
      return msg(str`One image, several classes: ${classes}`);
    }
    case "exact-duplicates":
      return msg(str`${count} times the same file`);
    case "near-duplicates":
      return msg(str`${count} images show the same`);
    case "too-small": {
      const { width = 0, height = 0 } = images[0]?.image ?? {};
      return sizeWord(width, height);
    }
  }
}

export function sizeWord(width: number, height: number): string {
  const [w, h] = [formatNumber(width), formatNumber(height)];
  return msg(str`${w} × ${h} pixels`);
}

/** What was decided about an image; empty where nothing was. */
export function choiceWord({ choice }: VettedImage): string {
  if (!choice) return "";
  if (choice.verdict === "left-out") return msg("Left out");
  const className = choice.className;
  if (className !== null) return msg(str`Moved to ${className}`);
  return choice.verdict === "kept" ? msg("Kept") : "";
}
