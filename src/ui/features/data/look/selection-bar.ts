import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type CatalogueImage, isLeftOut } from "../../../../domain/look/catalogue.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { icon } from "../../../elements/icon/icon.ts";
import { controls, foundation } from "../../../styles/shared.ts";
import { formatNumber, plural } from "../../../text/format.ts";
import type { LookDecision } from "./decide.ts";

/**
 * What can be done with the selected images; it stays in view while they are.
 * @fires tamis-decide - detail: `LookDecision`
 * @fires tamis-clear - nothing is to be selected
 */
@customElement("tamis-selection-bar")
export class SelectionBar extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      :host {
        position: sticky;
        z-index: 5;
        bottom: calc(var(--space-3) + var(--selection-bar-below, 0px));
      }
      section {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--accent);
        border-radius: var(--radius);
        background: var(--surface-raised);
        box-shadow: var(--shadow-high);
      }
      p {
        font-weight: 560;
        margin-inline-end: auto;
      }
      select {
        width: auto;
        max-width: 18rem;
      }
      @media (max-width: 900px) {
        /* Above the bar of screens. */
        :host {
          --selection-bar-below: 4.25rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) images: readonly CatalogueImage[] = [];
  @property({ attribute: false }) classNames: readonly string[] = [];

  #decide(detail: LookDecision): void {
    this.dispatchEvent(new CustomEvent<LookDecision>("tamis-decide", { detail }));
  }

  #move(event: Event): void {
    const select = event.target as HTMLSelectElement;
    const className = select.value;
    select.value = "";
    if (className !== "") this.#decide({ kind: "move", className });
  }

  protected override render() {
    const { images } = this;
    if (images.length === 0) return nothing;
    const n = formatNumber(images.length);
    const hasUsed = images.some((image) => !isLeftOut(image));
    const hasLeftOut = images.some(isLeftOut);
    return html`<section aria-label=${msg("The selected images")}>
      <p role="status">
        ${plural(images.length, { one: msg(str`${n} image selected`), other: msg(str`${n} images selected`) })}
      </p>
      <label class="visually-hidden" for="move">${msg("Move to another class")}</label>
      <select id="move" @change=${this.#move}>
        <option value="">${msg("Move to a class…")}</option>
        ${this.classNames.map((name) => html`<option value=${name}>${name}</option>`)}
      </select>
      ${
        hasUsed
          ? html`<button type="button" class="danger" @click=${() => this.#decide({ kind: "leave-out" })}>
              ${icon("remove")}${msg("Leave out")}
            </button>`
          : nothing
      }
      ${
        hasLeftOut
          ? html`<button type="button" @click=${() => this.#decide({ kind: "bring-back" })}>
              ${icon("undo")}${msg("Bring back")}
            </button>`
          : nothing
      }
      <button type="button" class="quiet" @click=${() => this.dispatchEvent(new Event("tamis-clear"))}>
        ${msg("Clear the selection")}
      </button>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-selection-bar": SelectionBar;
  }
}
