/** What a person says about a finding, as choices about its images. */
import type { ImageChoice, VettedImage } from "./choices.ts";

export type FindingDecision =
  /** Takes no image away, and asks no more. */
  | { readonly kind: "keep" }
  | { readonly kind: "leave-out" }
  /** One image stays, the one that shows most; for copies of one picture. */
  | { readonly kind: "leave-out-copies" }
  | { readonly kind: "move"; readonly className: string }
  /** Takes part again, in the class that it was moved to. */
  | { readonly kind: "bring-back" }
  /** As if nobody had decided. */
  | { readonly kind: "take-back" };

/** By image id; null where the image is as its folder says again. */
export type Choices = ReadonlyMap<string, ImageChoice | null>;

export function choicesOf(images: readonly VettedImage[], decision: FindingDecision): Choices {
  const best = decision.kind === "leave-out-copies" ? bestOf(images) : null;
  return new Map(
    images.map((vetted) => [vetted.image.imageId, choiceOf(vetted, decision, vetted.image.imageId === best)] as const),
  );
}

function choiceOf(vetted: VettedImage, decision: FindingDecision, isBest: boolean): ImageChoice | null {
  const className = vetted.choice?.className ?? null;
  switch (decision.kind) {
    case "keep":
      return { className, verdict: "kept" };
    case "leave-out":
      return { className, verdict: "left-out" };
    case "leave-out-copies":
      return isBest ? plain(className) : { className, verdict: "left-out" };
    case "move":
      return plain(decision.className === vetted.folderClass ? null : decision.className);
    case "bring-back":
      return plain(className);
    case "take-back":
      return null;
  }
}

function plain(className: string | null): ImageChoice | null {
  return className === null ? null : { className, verdict: null };
}

/** The id of the image with most pixels; of equals the one with most bytes, then with the shortest path, then the first. */
export function bestOf(images: readonly VettedImage[]): string | null {
  let best: VettedImage | null = null;
  for (const vetted of images) if (best === null || showsMore(vetted, best)) best = vetted;
  return best?.image.imageId ?? null;
}

function showsMore({ image: a }: VettedImage, { image: b }: VettedImage): boolean {
  const difference =
    a.width * a.height - b.width * b.height || a.byteLength - b.byteLength || b.path.length - a.path.length;
  return difference > 0;
}
