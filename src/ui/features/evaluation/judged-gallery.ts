import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { datasetContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/thumbnail/thumbnail.ts";
import type { DatasetService } from "../../services.ts";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber, formatShare } from "../../text/format.ts";

export interface GalleryImage {
  readonly imageId: string;
  readonly className: string;
  readonly probability: number;
  readonly isPositive: boolean;
}

const imagesAtOnce = 24;

/**
 * Judged images with what the model says of them.
 * @fires tamis-open-image - detail: the image that is to be looked at
 */
@customElement("tamis-judged-gallery")
export class JudgedGallery extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr));
        gap: var(--space-4) var(--space-3);
      }
      li button {
        display: block;
        width: 100%;
        padding: 0;
        border: 0;
        background: none;
        text-align: start;
        font-weight: 400;
      }
      tamis-thumbnail {
        aspect-ratio: 1;
        border-radius: var(--radius-small);
        margin-bottom: var(--space-1);
      }
      p {
        line-height: 1.35;
      }
      .more {
        margin-top: var(--space-4);
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;

  @property() datasetId = "";
  @property({ attribute: false }) images: readonly GalleryImage[] = [];
  @property({ type: Number }) threshold = 0.5;
  /** Another selection begins at its first page. */
  @property() selection = "";
  @state() private shown = imagesAtOnce;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("selection")) this.shown = imagesAtOnce;
  }

  #open(image: GalleryImage): void {
    this.dispatchEvent(new CustomEvent<GalleryImage>("tamis-open-image", { detail: image }));
  }

  #renderImage(image: GalleryImage) {
    const { imageId, className, probability, isPositive } = image;
    const saysPositive = probability >= this.threshold;
    const verdict = saysPositive
      ? isPositive
        ? msg("rightly a photo")
        : msg("taken for a photo")
      : isPositive
        ? msg("not taken for a photo")
        : msg("rightly not a photo");
    return html`<li>
      <button type="button" title=${imageId} @click=${() => this.#open(image)}>
        <tamis-thumbnail
          .alt=${imageId}
          .source=${{
            key: `${this.datasetId}/${imageId}`,
            load: () => this.datasets.thumbnail(this.datasetId, imageId),
          }}
        ></tamis-thumbnail>
        <p class="small">
          <strong>${className}</strong><br />
          ${verdict}
          <span class="soft number" title=${msg("Probability of a photo")}>${formatShare(probability, 1)}</span>
        </p>
      </button>
    </li>`;
  }

  protected override render() {
    const { images, shown } = this;
    const more = formatNumber(Math.min(imagesAtOnce, images.length - shown));
    return html`<ul role="list">
        ${images.slice(0, shown).map((image) => this.#renderImage(image))}
      </ul>
      ${
        images.length > shown
          ? html`<button class="more" type="button" @click=${() => (this.shown += imagesAtOnce)}>
              ${msg(str`Show ${more} more`)}
            </button>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-judged-gallery": JudgedGallery;
  }
}
