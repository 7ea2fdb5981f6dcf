import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { datasetContext, explanationContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/dialog/dialog.ts";
import type { Dialog } from "../../elements/dialog/dialog.ts";
import "../../elements/heat-map/heat-map.ts";
import "../../elements/thumbnail/thumbnail.ts";
import type { ThumbnailSource } from "../../elements/thumbnail/thumbnail.ts";
import type { DatasetService } from "../../services/dataset-service.ts";
import type { Explain, ExplanationService } from "../../services/explanation-service.ts";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber, formatShare } from "../../text/format.ts";

export interface GalleryImage {
  readonly imageId: string;
  readonly className: string;
  readonly probability: number;
  readonly isPositive: boolean;
}

const imagesAtOnce = 24;

/** Judged images with what the model says of them; each opens larger, with its file. */
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
      tamis-dialog {
        --dialog-width: 44rem;
      }
      .more {
        margin-top: var(--space-4);
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @consume({ context: explanationContext }) private explanations!: ExplanationService;

  @property() datasetId = "";
  /** The model that judged them; null where it is not there any more. */
  @property({ attribute: false }) modelId: string | null = null;
  @property({ attribute: false }) images: readonly GalleryImage[] = [];
  @property({ type: Number }) threshold = 0.5;
  /** Another selection begins at its first page. */
  @property() selection = "";
  @state() private shown = imagesAtOnce;
  @state() private opened: GalleryImage | null = null;
  @query("tamis-dialog") private dialog!: Dialog;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("selection")) this.shown = imagesAtOnce;
  }

  async #open(image: GalleryImage): Promise<void> {
    this.opened = image;
    await this.updateComplete;
    await this.dialog.show();
  }

  #source(imageId: string): ThumbnailSource {
    const { datasetId } = this;
    return { key: `${datasetId}/${imageId}`, load: () => this.datasets.thumbnail(datasetId, imageId) };
  }

  #explain({ imageId }: GalleryImage): Explain | null {
    return this.modelId === null ? null : this.explanations.ofImage(this.modelId, this.datasetId, imageId);
  }

  #verdict({ probability, isPositive }: GalleryImage): string {
    if (probability >= this.threshold) return isPositive ? msg("rightly a photo") : msg("taken for a photo");
    return isPositive ? msg("not taken for a photo") : msg("rightly not a photo");
  }

  #renderOpened(image: GalleryImage) {
    return html`<tamis-dialog heading=${image.className} @tamis-close=${() => (this.opened = null)}>
      <tamis-heat-map
        .alt=${image.imageId}
        .source=${this.#source(image.imageId)}
        .explain=${this.#explain(image)}
      ></tamis-heat-map>
      <p class="path">${image.imageId}</p>
      <p>
        ${this.#verdict(image)}
        <span class="soft number" title=${msg("Probability of a photo")}>${formatShare(image.probability, 1)}</span>
      </p>
    </tamis-dialog>`;
  }

  #renderImage(image: GalleryImage) {
    const { imageId, className, probability } = image;
    return html`<li>
      <button type="button" title=${imageId} @click=${() => this.#open(image)}>
        <tamis-thumbnail .alt=${imageId} .source=${this.#source(imageId)}></tamis-thumbnail>
        <p class="small">
          <strong>${className}</strong><br />
          ${this.#verdict(image)}
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
      }
      ${this.opened ? this.#renderOpened(this.opened) : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-judged-gallery": JudgedGallery;
  }
}
