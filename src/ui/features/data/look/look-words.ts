/** What is said of images in the interface's language. */
import { msg, str } from "@lit/localize";
import type { SplitPart } from "../../../../domain/dataset/split-types.ts";
import {
  type CatalogueImage,
  type CatalogueOrder,
  type CatalogueState,
  isLeftOut,
} from "../../../../domain/look/catalogue.ts";
import type { ImageFindingKind } from "../../../../domain/vetting/image-findings.ts";
import { formatNumber } from "../../../text/format.ts";

export function partWord(part: SplitPart): string {
  switch (part) {
    case "training":
      return msg("Training");
    case "validation":
      return msg("Validation");
    case "test":
      return msg("Test");
  }
}

export function findingKindWord(kind: ImageFindingKind): string {
  switch (kind) {
    case "label-conflict":
      return msg("Same picture, two classes");
    case "exact-duplicates":
      return msg("Exact duplicate");
    case "near-duplicates":
      return msg("Near-duplicate");
    case "too-small":
      return msg("Too small");
  }
}

export function stateWord(state: CatalogueState): string {
  switch (state) {
    case "used":
      return msg("Taking part");
    case "left-out":
      return msg("Left out");
    case "moved":
      return msg("Moved to another class");
  }
}

export function orderWord(order: CatalogueOrder): string {
  switch (order) {
    case "name":
      return msg("By folder and name");
    case "largest":
      return msg("Largest first");
    case "smallest":
      return msg("Smallest first");
    case "most-colourful":
      return msg("Most colourful first");
    case "least-colourful":
      return msg("Least colourful first");
  }
}

/** The file's name, with its page where it is not the first. */
export function imageName({ image }: Pick<CatalogueImage, "image">): string {
  const name = image.path.split("/").at(-1) ?? image.path;
  const page = formatNumber(image.page + 1);
  return image.page > 0 ? msg(str`${name}, page ${page}`) : name;
}

/** Of an image that is trained as another class than its folder's. */
export function movedWord({ folderClass }: Pick<CatalogueImage, "folderClass">): string {
  return msg(str`moved from ${folderClass}`);
}

/** Everything that a tile shows, in words. */
export function imageLabel(image: CatalogueImage): string {
  const words = [imageName(image), image.image.className];
  if (image.image.className !== image.folderClass) words.push(movedWord(image));
  if (isLeftOut(image)) words.push(stateWord("left-out"));
  words.push(...image.findings.map(findingKindWord));
  return words.join(", ");
}

export function sizeWord({ width, height }: { readonly width: number; readonly height: number }): string {
  const w = formatNumber(width);
  const h = formatNumber(height);
  return msg(str`${w} × ${h} pixels`);
}

/** `image/jpeg` as JPEG. */
export function formatWord(mediaType: string): string {
  const name = mediaType.split("/").at(-1) ?? mediaType;
  return name.replace(/^x-|\+xml$/g, "").toUpperCase();
}
