import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber } from "../../text/format.ts";
import { styleMap } from "../base/style-map.ts";
import { TamisElement } from "../base/tamis-element.ts";
import type { Dialog } from "../dialog/dialog.ts";
import "../dialog/dialog.ts";
import { icon } from "../icon/icon.ts";
import type { ThumbnailSource } from "../thumbnail/thumbnail.ts";
import "../thumbnail/thumbnail.ts";

/**
 * One picture large in a dialog, with what is known of it beside it, among others that are leafed through with the buttons or the arrow keys.
 * @slot - what is known of the picture
 * @slot picture - what shows the picture, where more is wanted than `source` as it is
 * @slot below - what is said below the picture
 * @slot actions - buttons
 * @fires tamis-turn - detail: -1 or 1
 * @fires tamis-close - after it closed
 */
@customElement("tamis-image-viewer")
export class ImageViewer extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      tamis-dialog {
        --dialog-width: 72rem;
      }
      .body {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 17rem;
        gap: var(--space-5);
      }
      .picture {
        display: grid;
        gap: var(--space-2);
        align-content: start;
        justify-items: center;
      }
      ::slotted([slot="picture"]) {
        justify-self: stretch;
      }
      tamis-thumbnail {
        --thumbnail-fit: fill;
        border-radius: var(--radius-small);
      }
      .turn {
        margin-inline-end: auto;
      }
      @media (max-width: 900px) {
        .body {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property() heading = "";
  @property({ attribute: false }) source: ThumbnailSource | null = null;
  /** Width of the picture by its height. */
  @property({ type: Number }) ratio = 1;
  /** Place among those that are leafed through, from 0. */
  @property({ type: Number }) index = 0;
  @property({ type: Number }) count = 0;
  @query("tamis-dialog") private dialog!: Dialog;

  async show(): Promise<void> {
    await this.updateComplete;
    await this.dialog.show();
  }

  close(): void {
    this.dialog.close();
  }

  get open(): boolean {
    return this.dialog?.open ?? false;
  }

  #turn(step: -1 | 1): void {
    const next = this.index + step;
    if (next >= 0 && next < this.count) this.dispatchEvent(new CustomEvent("tamis-turn", { detail: step }));
  }

  #pressed(event: KeyboardEvent): void {
    // A list or a field needs its arrows.
    const isField = event.composedPath()[0] instanceof HTMLSelectElement;
    if (isField || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    this.#turn(event.key === "ArrowLeft" ? -1 : 1);
    event.preventDefault();
  }

  #renderTurn() {
    const place = formatNumber(this.index + 1);
    const count = formatNumber(this.count);
    const button = (step: -1 | 1, label: string, isOff: boolean) =>
      html`<button
        type="button"
        class="icon-only"
        aria-label=${label}
        ?disabled=${isOff}
        @click=${() => this.#turn(step)}
      >
        ${icon(step < 0 ? "back" : "forward")}
      </button>`;
    return html`<div slot="actions" class="actions turn">
      ${button(-1, msg("Previous"), this.index <= 0)} ${button(1, msg("Next"), this.index >= this.count - 1)}
      <span class="soft number" role="status">${msg(str`${place} of ${count}`)}</span>
    </div>`;
  }

  protected override render() {
    // As large as fits both ways, in its own proportions.
    const size = { width: `min(100%, ${62 * this.ratio}dvh)`, aspectRatio: String(this.ratio) };
    return html`<tamis-dialog
      .heading=${this.heading}
      @keydown=${this.#pressed}
      @tamis-close=${() => this.dispatchEvent(new Event("tamis-close"))}
    >
      <div class="body">
        <div class="picture">
          <slot name="picture">
            <tamis-thumbnail .alt=${this.heading} .source=${this.source} style=${styleMap(size)}></tamis-thumbnail>
          </slot>
          <slot name="below"></slot>
        </div>
        <slot></slot>
      </div>
      ${this.count > 1 ? this.#renderTurn() : nothing}
      <slot name="actions" slot="actions"></slot>
    </tamis-dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-image-viewer": ImageViewer;
  }
}
