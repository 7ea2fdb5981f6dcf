/** Choices about images, made where they are looked at, each with a message that takes it back. */
import { msg, str } from "@lit/localize";
import type { CatalogueImage } from "../../../../domain/look/catalogue.ts";
import { choicesOf, type FindingDecision } from "../../../../domain/vetting/decisions.ts";
import { notify } from "../../../elements/toast/notify.ts";
import type { VettingService } from "../../../services/vetting-service.ts";
import { formatImages } from "../../../text/format.ts";

export type LookDecision = Extract<FindingDecision, { kind: "leave-out" | "bring-back" | "move" }>;

/** Does nothing where there is no image. */
export async function decide(
  vetting: VettingService,
  images: readonly CatalogueImage[],
  decision: LookDecision,
): Promise<void> {
  const [first] = images;
  if (!first) return;
  const undo = await vetting.choose(first.image.datasetId, choicesOf(images, decision));
  notify({ text: doneWords(images.length, decision), undo });
}

function doneWords(count: number, decision: LookDecision): string {
  const images = formatImages(count);
  switch (decision.kind) {
    case "leave-out":
      return msg(str`Left out: ${images}.`);
    case "bring-back":
      return msg(str`Taking part again: ${images}.`);
    case "move": {
      const { className } = decision;
      return msg(str`Moved to ${className}: ${images}.`);
    }
  }
}
