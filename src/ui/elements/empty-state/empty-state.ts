import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { roundMark } from "../../styles/round-mark.ts";
import { foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon, type IconName } from "../icon/icon.ts";

/**
 * Says that there is nothing yet, why, and what to do next.
 * @slot - one or two sentences
 * @slot actions - the next step
 */
@customElement("tamis-empty-state")
export class EmptyState extends TamisElement {
  static override styles = [
    foundation,
    roundMark,
    css`
      :host {
        display: grid;
        justify-items: center;
        gap: var(--space-3);
        padding: var(--space-7) var(--space-5);
        text-align: center;
      }
      .text {
        color: var(--ink-soft);
        max-width: 46ch;
        text-wrap: pretty;
      }
      slot[name="actions"] {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: var(--space-2);
        margin-top: var(--space-2);
      }
    `,
  ];

  @property() symbol: IconName = "photo";
  @property() heading = "";

  protected override render() {
    return html`
      <span class="mark">${icon(this.symbol)}</span>
      <h2>${this.heading}</h2>
      <div class="text"><slot></slot></div>
      <slot name="actions"></slot>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-empty-state": EmptyState;
  }
}
