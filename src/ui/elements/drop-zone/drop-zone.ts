import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { readDrop, type Dropped } from "../../files/folders.ts";
import { roundMark } from "../../styles/round-mark.ts";
import { foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon, type IconName } from "../icon/icon.ts";

/**
 * Where files and folders can be dropped. While something is dragged over the page, the whole page takes it: nobody has to aim.
 * @slot - words and buttons
 * @fires tamis-dropped - detail: a promise of what was dropped, since reading folders takes a while
 */
@customElement("tamis-drop-zone")
export class DropZone extends TamisElement {
  static override styles = [
    foundation,
    roundMark,
    css`
      .zone {
        display: grid;
        justify-items: center;
        gap: var(--space-3);
        align-content: center;
        min-height: 21rem;
        padding: var(--space-6) var(--space-5);
        border: 2px dashed var(--line-strong);
        border-radius: var(--radius-large);
        background: var(--surface);
        text-align: center;
        transition:
          background-color var(--transition),
          border-color var(--transition);
      }
      .zone.compact {
        min-height: 0;
        padding: var(--space-3) var(--space-4);
        border-width: 1px;
        display: block;
        justify-items: normal;
        text-align: start;
      }
      .zone.over {
        border-color: var(--accent);
        border-style: solid;
        background: var(--accent-soft);
      }
      .over .mark {
        background: var(--surface);
      }
      .veil {
        position: fixed;
        z-index: 20;
        inset: 0;
        display: grid;
        place-items: center;
        padding: var(--space-6);
        background: var(--scrim);
        pointer-events: none;
      }
      .veil p {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        padding: var(--space-5) var(--space-6);
        border-radius: var(--radius-large);
        background: var(--surface-raised);
        box-shadow: var(--shadow-high);
        font-size: var(--text-title);
        font-weight: 620;
      }
    `,
  ];

  /** What happens with what is dropped, for example “Drop to classify”. */
  @property() label = "";
  @property() symbol: IconName = "upload";
  /** A slim bar instead of a stage. */
  @property({ type: Boolean }) compact = false;
  @property({ type: Boolean }) disabled = false;
  @state() private over = false;

  /** Entering a child comes before leaving its parent, so entries are counted. */
  #depth = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("dragenter", this.#entered);
    document.addEventListener("dragover", this.#hovered);
    document.addEventListener("dragleave", this.#left);
    document.addEventListener("drop", this.#dropped);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("dragenter", this.#entered);
    document.removeEventListener("dragover", this.#hovered);
    document.removeEventListener("dragleave", this.#left);
    document.removeEventListener("drop", this.#dropped);
  }

  #takes(event: DragEvent): boolean {
    return !this.disabled && (event.dataTransfer?.types.includes("Files") ?? false);
  }

  readonly #entered = (event: DragEvent): void => {
    if (!this.#takes(event)) return;
    this.#depth += 1;
    this.over = true;
  };

  readonly #hovered = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    // Also while disabled: the browser would otherwise open the file and leave the page.
    event.preventDefault();
    event.dataTransfer.dropEffect = this.disabled ? "none" : "copy";
  };

  readonly #left = (event: DragEvent): void => {
    if (!this.#takes(event)) return;
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth === 0) this.over = false;
  };

  readonly #dropped = (event: DragEvent): void => {
    event.preventDefault();
    this.#depth = 0;
    this.over = false;
    if (!this.#takes(event) || !event.dataTransfer) return;
    this.dispatchEvent(new CustomEvent<Promise<Dropped>>("tamis-dropped", { detail: readDrop(event.dataTransfer) }));
  };

  protected override render() {
    return html`<div class="zone ${this.compact ? "compact" : ""} ${this.over ? "over" : ""}">
        ${this.compact ? nothing : html`<span class="mark">${icon(this.symbol)}</span>`}
        <slot></slot>
      </div>
      ${this.over ? html`<div class="veil"><p>${icon(this.symbol)}${this.label}</p></div>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-drop-zone": DropZone;
  }
}
