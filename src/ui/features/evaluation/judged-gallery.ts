import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { DatasetImage } from "../../../domain/dataset/dataset.ts";
import { datasetContext, explanationContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/heat-map/heat-map.ts";
import type { ImageViewer } from "../../elements/image-viewer/image-viewer.ts";
import "../../elements/image-viewer/image-viewer.ts";
import "../../elements/thumbnail/thumbnail.ts";
import type { ThumbnailSource } from "../../elements/thumbnail/thumbnail.ts";
import type { DatasetService } from "../../services/dataset-service.ts";
import type { Explain, ExplanationService } from "../../services/explanation-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatNumber, formatShare } from "../../text/format.ts";

export interface GalleryImage {
  readonly imageId: string;
  readonly className: string;
  readonly probability: number;
  readonly isPositive: boolean;
}

const imagesAtOnce = 24;

/** Judged images with what the model says of them; each opens larger, and the others can be leafed through from there. */
@customElement("tamis-judged-gallery")
export class JudgedGallery extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
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
  @consume({ context: explanationContext }) private explanations!: ExplanationService;

  @property() datasetId = "";
  /** The model that judged them; null where it is not there any more. */
  @property({ attribute: false }) modelId: string | null = null;
  @property({ attribute: false }) images: readonly GalleryImage[] = [];
  @property({ type: Number }) threshold = 0.5;
  /** Another selection begins at its first page. */
  @property() selection = "";
  @state() private shown = imagesAtOnce;
  @state() private openedId: string | null = null;
  @query("tamis-image-viewer") private viewer!: ImageViewer;
  /** What is known of the dataset's images; read when the first one is opened. */
  #records: Promise<readonly DatasetImage[]> | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("datasetId")) this.#records = null;
    if (changed.has("selection")) this.shown = imagesAtOnce;
  }

  async #open({ imageId }: GalleryImage): Promise<void> {
    this.openedId = imageId;
    await this.updateComplete;
    await this.viewer.show();
  }

  #source(imageId: string): ThumbnailSource {
    const { datasetId } = this;
    return { key: `${datasetId}/${imageId}`, load: () => this.datasets.thumbnail(datasetId, imageId) };
  }

  /** Large, the file itself is shown where it is at hand; stored pixels have lost their proportions, so else it is the thumbnail. */
  #largeSource(imageId: string): ThumbnailSource {
    const { datasetId } = this;
    const thumbnail = this.#source(imageId);
    return {
      key: `${thumbnail.key} large`,
      load: async () => {
        this.#records ??= this.datasets.images(datasetId);
        const record = (await this.#records).find((one) => one.imageId === imageId);
        const found = record && (await this.datasets.picture(record, false));
        return found?.isOriginal ? found.picture : thumbnail.load();
      },
    };
  }

  #explain({ imageId }: GalleryImage): Explain | null {
    return this.modelId === null ? null : this.explanations.ofImage(this.modelId, this.datasetId, imageId);
  }

  #verdict({ probability, isPositive }: GalleryImage): string {
    if (probability >= this.threshold) return isPositive ? msg("rightly a photo") : msg("taken for a photo");
    return isPositive ? msg("not taken for a photo") : msg("rightly not a photo");
  }

  #renderOpened() {
    const index = this.images.findIndex(({ imageId }) => imageId === this.openedId);
    const image = this.images[index];
    if (!image) return nothing;
    return html`<tamis-image-viewer
      .heading=${image.className}
      .index=${index}
      .count=${this.images.length}
      @tamis-turn=${({ detail }: CustomEvent<number>) => (this.openedId = this.images[index + detail]?.imageId ?? null)}
      @tamis-close=${() => (this.openedId = null)}
    >
      <tamis-heat-map
        slot="picture"
        .alt=${image.imageId}
        .source=${this.#largeSource(image.imageId)}
        .explain=${this.#explain(image)}
      ></tamis-heat-map>
      <dl class="facts">
        <div>
          <dt>${msg("The model’s verdict")}</dt>
          <dd>${this.#verdict(image)}</dd>
        </div>
        <div>
          <dt>${msg("Probability of a photo")}</dt>
          <dd>${formatShare(image.probability, 2)}</dd>
        </div>
        <div>
          <dt>${msg("File")}</dt>
          <dd>${image.imageId}</dd>
        </div>
      </dl>
    </tamis-image-viewer>`;
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
      ${this.#renderOpened()}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-judged-gallery": JudgedGallery;
  }
}
