import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Dataset } from "../../../../domain/dataset/dataset.ts";
import { type CatalogueImage, isLeftOut } from "../../../../domain/look/catalogue.ts";
import { datasetContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import "../../../elements/thumbnail/thumbnail.ts";
import type { DatasetService } from "../../../services/dataset-service.ts";
import { controls, foundation, layout } from "../../../styles/shared.ts";
import type { LookRequest } from "./dataset-images.ts";
import { imageLabel } from "./look-words.ts";

const samplesPerClass = 8;

/** Images spread evenly over a class, so that one source at its beginning does not stand for all. */
function sampleOf<T>(images: readonly T[]): T[] {
  if (images.length <= samplesPerClass) return [...images];
  const stride = images.length / samplesPerClass;
  return Array.from({ length: samplesPerClass }, (_, index) => images[Math.floor(index * stride)]!);
}

/**
 * A few images of each class, under the original names or, as they are relabelled, as photos and not; each opens large.
 * @fires tamis-look - detail: `LookRequest`
 */
@customElement("tamis-class-samples")
export class ClassSamples extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      .samples {
        display: grid;
        gap: var(--space-4);
      }
      h3 {
        margin-bottom: var(--space-2);
      }
      ul {
        display: grid;
        grid-template-columns: repeat(8, minmax(0, 1fr));
        gap: var(--space-2);
      }
      li button {
        display: block;
        width: 100%;
        min-height: 0;
        padding: 0;
        border: 0;
      }
      tamis-thumbnail {
        aspect-ratio: 1;
        border-radius: var(--radius-small);
      }
      @media (max-width: 640px) {
        ul {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;

  @property({ attribute: false }) shown: Dataset | null = null;
  /** Null until they are read. */
  @property({ attribute: false }) images: readonly CatalogueImage[] | null = null;
  @state() private isRelabelled = false;

  #groups({ classNames, positiveClass }: Dataset, images: readonly CatalogueImage[]) {
    const used = images.filter((image) => !isLeftOut(image));
    if (this.isRelabelled) {
      return [
        { name: positiveClass, members: used.filter(({ isPositive }) => isPositive) },
        { name: msg(str`Not ${positiveClass}`), members: used.filter(({ isPositive }) => !isPositive) },
      ];
    }
    return classNames.map((name) => ({ name, members: used.filter(({ image }) => image.className === name) }));
  }

  #look(members: readonly CatalogueImage[], id: string): void {
    const ids = members.map(({ image }) => image.imageId);
    this.dispatchEvent(new CustomEvent<LookRequest>("tamis-look", { detail: { ids, id } }));
  }

  #renderSample(vetted: CatalogueImage, sample: readonly CatalogueImage[]) {
    const { datasetId, imageId } = vetted.image;
    const source = { key: `${datasetId}/${imageId}`, load: () => this.datasets.thumbnail(datasetId, imageId) };
    return html`<li title=${imageId}>
      <button type="button" aria-label=${imageLabel(vetted)} @click=${() => this.#look(sample, imageId)}>
        <tamis-thumbnail .source=${source}></tamis-thumbnail>
      </button>
    </li>`;
  }

  protected override render() {
    const { shown, images } = this;
    if (!shown) return nothing;
    if (!images) return html`<p class="soft" role="status">${msg("Loading…")}</p>`;
    const way = (isRelabelled: boolean, words: string) =>
      html`<button
        type="button"
        aria-pressed=${isRelabelled === this.isRelabelled}
        class=${isRelabelled === this.isRelabelled ? "primary" : ""}
        @click=${() => (this.isRelabelled = isRelabelled)}
      >
        ${words}
      </button>`;
    return html`<div class="card samples">
      <div class="actions" role="group" aria-label=${msg("Labels of the samples")}>
        ${way(false, msg("Original classes"))} ${way(true, msg("Photo or not"))}
      </div>
      ${this.#groups(shown, images).map(({ name, members }) => {
        const sample = sampleOf(members);
        return html`<section>
          <h3>${name}</h3>
          ${
            sample.length === 0
              ? html`<p class="soft">${msg("No readable image in this class.")}</p>`
              : html`<ul role="list">
                  ${sample.map((image) => this.#renderSample(image, sample))}
                </ul>`
          }
        </section>`;
      })}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-class-samples": ClassSamples;
  }
}
