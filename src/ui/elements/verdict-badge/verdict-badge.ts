import { msg } from "@lit/localize";
import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Verdict } from "../../../domain/capture/capture.ts";
import { foundation } from "../../styles/shared.ts";
import { verdictWord } from "../../text/words.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon } from "../icon/icon.ts";

/** A verdict as a word, an icon and a colour: never by colour alone. Null: the file could not be read. */
@customElement("tamis-verdict-badge")
export class VerdictBadge extends TamisElement {
  static override styles = [
    foundation,
    css`
      :host {
        display: inline-flex;
      }
      span {
        display: inline-flex;
        align-items: center;
        gap: 0.35rem;
        padding: 0.15rem 0.6rem 0.15rem 0.45rem;
        border-radius: var(--radius-round);
        font-size: var(--text-small);
        font-weight: 600;
        white-space: nowrap;
        background: var(--other-soft);
        color: var(--other);
      }
      .photo {
        background: var(--photo-soft);
        color: var(--photo);
      }
      .to-review {
        background: var(--review-soft);
        color: var(--review);
      }
      .unreadable {
        background: var(--danger-soft);
        color: var(--danger);
      }
    `,
  ];

  @property({ attribute: false }) verdict: Verdict | null = null;

  protected override render() {
    const { verdict } = this;
    return verdict
      ? html`<span class=${verdict}>${icon(verdict)}${verdictWord(verdict)}</span>`
      : html`<span class="unreadable">${icon("warning")}${msg("Unreadable")}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-verdict-badge": VerdictBadge;
  }
}
