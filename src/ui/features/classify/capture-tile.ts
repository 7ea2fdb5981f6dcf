import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { styleMap } from "../../elements/base/style-map.ts";
import { type Capture, effectiveVerdict, fileNameOf } from "../../../domain/capture/capture.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import type { ThumbnailSource } from "../../elements/thumbnail/thumbnail.ts";
import "../../elements/thumbnail/thumbnail.ts";
import "../../elements/verdict-badge/verdict-badge.ts";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber, formatShare } from "../../text/format.ts";
import { findingWord } from "../../text/words.ts";

/** How high a tile is for its width, in CSS pixels: the picture is a square, the words below take the rest. */
export function tileHeight(width: number): number {
  return width + 96;
}

/**
 * One classified image: picture, verdict, probability, file.
 * @fires tamis-open - to be shown large
 * @fires tamis-remove - to be taken off the list
 */
@customElement("tamis-capture-tile")
export class CaptureTile extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      :host {
        height: 100%;
      }
      article {
        position: relative;
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        height: 100%;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        overflow: hidden;
        box-shadow: var(--shadow);
      }
      .picture {
        display: block;
        min-height: 0;
        padding: 0;
        border: 0;
        border-radius: 0;
        background: var(--surface-sunken);
      }
      .picture:focus-visible {
        outline-offset: -3px;
      }
      tamis-thumbnail {
        width: 100%;
        height: 100%;
        transition: scale var(--transition);
      }
      .words {
        display: grid;
        gap: 0.3rem;
        padding: var(--space-2) var(--space-3) var(--space-3);
        min-width: 0;
      }
      .name {
        font-size: var(--text-small);
        color: var(--ink-soft);
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .line {
        display: flex;
        align-items: center;
        min-height: 1.6rem;
        margin-inline-start: -0.25rem;
      }
      .decided {
        margin-inline-start: var(--space-2);
        color: var(--accent);
      }
      .probability {
        display: grid;
        grid-template-columns: 1fr auto;
        align-items: center;
        gap: var(--space-2);
        font-size: var(--text-small);
        white-space: nowrap;
      }
      .track {
        height: 4px;
        border-radius: 2px;
        background: var(--surface-sunken);
      }
      .fill {
        height: 100%;
        border-radius: inherit;
        background: var(--other);
      }
      .fill.photo {
        background: var(--photo);
      }
      .fill.to-review {
        background: var(--review);
      }
      .reason {
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .remove {
        position: absolute;
        top: var(--space-1);
        right: var(--space-1);
        background: color-mix(in srgb, var(--surface) 85%, transparent);
        color: var(--ink);
        opacity: 0;
        transition: opacity var(--transition);
      }
      article:hover .remove,
      article:focus-within .remove {
        opacity: 1;
      }
      @media (hover: none) {
        .remove {
          opacity: 1;
        }
      }
    `,
  ];

  static override shadowRootOptions = { ...TamisElement.shadowRootOptions, delegatesFocus: true };

  @property({ attribute: false }) capture: Capture | null = null;
  @property({ attribute: false }) source: ThumbnailSource | null = null;

  #renderVerdict(capture: Capture) {
    const verdict = effectiveVerdict(capture);
    if (capture.probability === null || verdict === null) {
      return html`<div class="line"><tamis-verdict-badge></tamis-verdict-badge></div>
        <span class="small reason">${capture.error ? findingWord(capture.error.reason) : nothing}</span>`;
    }
    const share = formatShare(capture.probability, 1);
    return html`<div class="line">
        <tamis-verdict-badge .verdict=${verdict}></tamis-verdict-badge>
        ${
          capture.decision
            ? html`<span class="decided" title=${msg("Decided by a person")}
                >${icon("person")}<span class="visually-hidden">${msg("Decided by a person")}</span></span
              >`
            : nothing
        }
      </div>
      <div class="probability" title=${msg("Probability of a photo")}>
        <div class="track" aria-hidden="true">
          <div class="fill ${verdict}" style=${styleMap({ width: `${capture.probability * 100}%` })}></div>
        </div>
        <span class="number">${msg(str`${share} photo`)}</span>
      </div>`;
  }

  protected override render() {
    const { capture } = this;
    if (!capture) return nothing;
    const name = fileNameOf(capture);
    const page = formatNumber(capture.page + 1);
    return html`<article>
      <button
        type="button"
        class="picture"
        aria-label=${msg(str`Open ${name}`)}
        @click=${() => this.dispatchEvent(new Event("tamis-open"))}
      >
        <tamis-thumbnail .source=${this.source}></tamis-thumbnail>
      </button>
      <div class="words">
        ${this.#renderVerdict(capture)}
        <p class="name" title=${capture.file}>${name}${capture.page > 0 ? msg(str`, page ${page}`) : nothing}</p>
      </div>
      <button
        type="button"
        class="remove quiet icon-only"
        aria-label=${msg(str`Remove ${name}`)}
        @click=${() => this.dispatchEvent(new Event("tamis-remove"))}
      >
        ${icon("close")}
      </button>
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-capture-tile": CaptureTile;
  }
}
