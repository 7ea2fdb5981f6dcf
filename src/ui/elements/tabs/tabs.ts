import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber } from "../../text/format.ts";
import { TamisElement } from "../base/tamis-element.ts";

export interface Tab {
  readonly id: string;
  readonly label: string;
  /** How many things are there; left out, none is said. */
  readonly count?: number;
}

/**
 * A row of tabs; the arrow keys go from one to the next. Whoever has it shows the panel.
 * @fires tamis-tab - detail: the id of the chosen tab
 */
@customElement("tamis-tabs")
export class Tabs extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      div {
        display: flex;
        gap: var(--space-1);
        border-bottom: 1px solid var(--line);
        overflow-x: auto;
      }
      button {
        flex: none;
        border: 0;
        border-radius: var(--radius) var(--radius) 0 0;
        background: none;
        color: var(--ink-soft);
        box-shadow: inset 0 -2px transparent;
      }
      button:focus-visible {
        outline-offset: -3px;
      }
      button[aria-selected="true"],
      button[aria-selected="true"]:hover:not(:disabled) {
        color: var(--accent);
        box-shadow: inset 0 -3px var(--accent);
      }
      .count {
        font-size: var(--text-small);
        font-weight: 400;
        color: var(--ink-soft);
      }
    `,
  ];

  @property({ attribute: false }) tabs: readonly Tab[] = [];
  @property() selected = "";
  @property() label = "";

  #choose(id: string): void {
    this.dispatchEvent(new CustomEvent<string>("tamis-tab", { detail: id }));
  }

  #pressed(event: KeyboardEvent): void {
    const index = this.tabs.findIndex(({ id }) => id === this.selected);
    const last = this.tabs.length - 1;
    const next = { ArrowLeft: Math.max(0, index - 1), ArrowRight: Math.min(last, index + 1), Home: 0, End: last }[
      event.key
    ];
    const tab = next === undefined ? undefined : this.tabs[next];
    if (!tab) return;
    event.preventDefault();
    this.#choose(tab.id);
    this.renderRoot.querySelectorAll("button")[next!]?.focus();
  }

  protected override render() {
    return html`<div role="tablist" aria-label=${this.label} @keydown=${this.#pressed}>
      ${this.tabs.map(
        ({ id, label, count }) =>
          html`<button
            type="button"
            role="tab"
            aria-selected=${id === this.selected}
            tabindex=${id === this.selected ? 0 : -1}
            @click=${() => this.#choose(id)}
          >
            ${label}${count === undefined ? nothing : html`<span class="count number">${formatNumber(count)}</span>`}
          </button>`,
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-tabs": Tabs;
  }
}
