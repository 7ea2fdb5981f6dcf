/** What a person decides about single images: kept apart from what the folder says, so that it can be undone. */
import type { DatasetImage } from "../dataset/dataset.ts";

/** Guards stored data: do not change without a migration. */
export interface ImageChoice {
  /** The class that it is trained as, instead of its folder's; null for the folder's. */
  readonly className: string | null;
  /** `kept`: looked at, and to stay as it is. */
  readonly verdict: "kept" | "left-out" | null;
}

export interface VettedImage {
  /** With the class that it is trained as. */
  readonly image: DatasetImage;
  /** The class of its folder. */
  readonly folderClass: string;
  readonly choice: ImageChoice | null;
}

export function withChoices(
  images: readonly DatasetImage[],
  choices: readonly (ImageChoice & { readonly imageId: string })[],
): VettedImage[] {
  const choiceOf = new Map(choices.map((choice) => [choice.imageId, choice]));
  return images.map((image) => {
    const choice = choiceOf.get(image.imageId);
    const className = choice?.className ?? image.className;
    return {
      image: className === image.className ? image : { ...image, className },
      folderClass: image.className,
      choice: choice ? { className: choice.className, verdict: choice.verdict } : null,
    };
  });
}
