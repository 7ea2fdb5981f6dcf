import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber } from "../../text/format.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon } from "../icon/icon.ts";

/**
 * Turns the pages of a list; nothing where there is one page only.
 * @fires tamis-page - detail: the page to show, from 0
 */
@customElement("tamis-pager")
export class Pager extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      nav {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: var(--space-3);
      }
    `,
  ];

  /** From 0. */
  @property({ type: Number }) page = 0;
  @property({ type: Number }) pages = 1;

  #turn(by: number): void {
    this.dispatchEvent(new CustomEvent<number>("tamis-page", { detail: this.page + by }));
  }

  protected override render() {
    if (this.pages < 2) return nothing;
    const [page, pages] = [formatNumber(this.page + 1), formatNumber(this.pages)];
    return html`<nav aria-label=${msg("Pages")}>
      <button type="button" ?disabled=${this.page === 0} @click=${() => this.#turn(-1)}>
        ${icon("back")}${msg("Previous")}
      </button>
      <span class="number" role="status">${msg(str`Page ${page} of ${pages}`)}</span>
      <button type="button" ?disabled=${this.page >= this.pages - 1} @click=${() => this.#turn(1)}>
        ${msg("Next")}${icon("forward")}
      </button>
    </nav>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-pager": Pager;
  }
}
