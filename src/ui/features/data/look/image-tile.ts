import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type CatalogueImage, isLeftOut } from "../../../../domain/look/catalogue.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { icon } from "../../../elements/icon/icon.ts";
import type { ThumbnailSource } from "../../../elements/thumbnail/thumbnail.ts";
import "../../../elements/thumbnail/thumbnail.ts";
import { foundation, layout } from "../../../styles/shared.ts";
import { findingKindWord, imageName, movedWord, stateWord } from "./look-words.ts";

/** How high a tile is for its width, in CSS pixels: a square picture, and two lines of words. */
export function imageTileHeight(width: number): number {
  return width + 52;
}

/** One image of a dataset in a grid. It is the inside of an option, which has its name and its keyboard; so nothing here takes the focus. */
@customElement("tamis-image-tile")
export class ImageTile extends TamisElement {
  static override styles = [
    foundation,
    layout,
    css`
      :host {
        position: relative;
        display: grid;
        grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
        height: 100%;
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      :host([selected]) {
        border-color: var(--accent);
        background: var(--accent-soft);
        box-shadow: inset 0 0 0 2px var(--accent);
      }
      tamis-thumbnail {
        min-height: 0;
      }
      :host([selected]) tamis-thumbnail {
        margin: var(--space-2) var(--space-2) 0;
        border-radius: var(--radius-small);
      }
      .out tamis-thumbnail {
        filter: grayscale(1);
        opacity: 0.45;
      }
      .picture {
        display: grid;
        min-height: 0;
      }
      .words {
        padding: var(--space-1) var(--space-2) var(--space-2);
        font-size: var(--text-small);
        line-height: 1.35;
      }
      .words p {
        overflow: hidden;
        white-space: nowrap;
        text-overflow: ellipsis;
      }
      .class {
        font-weight: 560;
      }
      .class.positive {
        color: var(--photo);
      }
      .class span {
        color: var(--ink-soft);
        font-weight: 400;
      }
      .marks {
        position: absolute;
        top: var(--space-2);
        right: var(--space-2);
        display: flex;
        gap: var(--space-1);
      }
      /* As large as a finger; what is seen of it is smaller. */
      .check {
        position: absolute;
        top: 0;
        left: 0;
        display: grid;
        place-items: center;
        width: var(--target);
        height: var(--target);
        opacity: 0;
        transition: opacity var(--transition);
      }
      .check span {
        display: grid;
        place-items: center;
        width: 1.5rem;
        height: 1.5rem;
        border: 1px solid var(--line-strong);
        border-radius: 50%;
        background: color-mix(in srgb, var(--surface) 85%, transparent);
        color: transparent;
      }
      :host([selected]) .check span {
        border-color: var(--accent);
        background: var(--accent);
        color: var(--on-accent);
      }
      :host([selected]) .check,
      :host(:hover) .check {
        opacity: 1;
      }
      @media (hover: none) {
        .check {
          opacity: 1;
        }
      }
    `,
  ];

  @property({ attribute: false }) image: CatalogueImage | null = null;
  @property({ attribute: false }) source: ThumbnailSource | null = null;
  @property({ type: Boolean, reflect: true }) selected = false;

  protected override render() {
    const { image } = this;
    if (!image) return nothing;
    const { className } = image.image;
    const isOut = isLeftOut(image);
    const first = image.findings[0];
    const mark = isOut ? stateWord("left-out") : first ? findingKindWord(first) : null;
    return html`<div class="picture ${isOut ? "out" : ""}">
        <tamis-thumbnail .source=${this.source}></tamis-thumbnail>
      </div>
      <div class="words">
        <p title=${image.image.path}>${imageName(image)}</p>
        <p class="class ${image.isPositive ? "positive" : ""}">
          ${className}${className === image.folderClass ? nothing : html`<span>, ${movedWord(image)}</span>`}
        </p>
      </div>
      ${
        mark
          ? html`<div class="marks">
              <span class="tag ${isOut ? "" : "review"}" title=${mark}>${icon(isOut ? "remove" : "warning")}</span>
            </div>`
          : nothing
      }
      <span class="check" data-check aria-hidden="true"><span>${icon("check")}</span></span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-image-tile": ImageTile;
  }
}
