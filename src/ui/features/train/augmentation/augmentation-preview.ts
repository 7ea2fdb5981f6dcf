import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Failure } from "../../../../contract/outcome.ts";
import type { Dataset, DatasetImage } from "../../../../domain/dataset/dataset.ts";
import type { Augmentation, Experiment } from "../../../../domain/experiment/experiment.ts";
import { datasetContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import "../../../elements/failure-note/failure-note.ts";
import "../../../elements/thumbnail/thumbnail.ts";
import type { ThumbnailSource } from "../../../elements/thumbnail/thumbnail.ts";
import type { DatasetService } from "../../../services/dataset-service.ts";
import { controls, foundation } from "../../../styles/shared.ts";

const draws = 9;
/** Nothing is drawn while a slider still moves, in milliseconds. */
const settling = 150;

/** One image of a dataset as it is, and in nine draws of an augmentation, made by the code that trains. */
@customElement("tamis-augmentation-preview")
export class AugmentationPreview extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
        container-type: inline-size;
      }
      .draws {
        display: grid;
        gap: var(--space-1);
        grid-template-columns: repeat(3, 1fr);
        max-width: 30rem;
      }
      tamis-thumbnail {
        aspect-ratio: 1;
        border-radius: var(--radius-small);
      }
      .original {
        display: grid;
        grid-template-columns: 6rem minmax(0, 1fr);
        gap: var(--space-3);
        align-items: center;
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;

  @property({ attribute: false }) source: Dataset | null = null;
  @property({ attribute: false }) augmentation: Augmentation | null = null;
  @property({ attribute: false }) experiment: Pick<Experiment, "pixels" | "inputSize"> | null = null;

  @state() private image: DatasetImage | null = null;
  /** The image as it is, then the draws. */
  @state() private pictures: readonly ThumbnailSource[] = [];
  @state() private failure: Failure | null = null;
  @state() private seed = 1;

  #images: readonly DatasetImage[] = [];
  #imagesOf = "";
  /** What was drawn last, or is being drawn, as text. */
  #subject = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#subject = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { source: dataset, experiment, image } = this;
    if (dataset && dataset.id !== this.#imagesOf) void this.#readImages(dataset.id);
    if (!dataset || !experiment || image?.datasetId !== dataset.id) return;
    const { pixels, inputSize } = experiment;
    const subject = JSON.stringify([image.imageId, dataset.id, this.augmentation, pixels, inputSize, this.seed]);
    if (subject === this.#subject) return;
    this.#subject = subject;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#draw(image, subject), this.pictures.length === 0 ? 0 : settling);
  }

  async #readImages(datasetId: string): Promise<void> {
    this.#imagesOf = datasetId;
    this.pictures = [];
    this.image = null;
    const images = await this.datasets.images(datasetId);
    if (this.#imagesOf !== datasetId) return;
    this.#images = images;
    this.#another();
  }

  #another(): void {
    if (this.#images.length > 0) this.image = this.#images[Math.floor(Math.random() * this.#images.length)]!;
  }

  async #draw(image: DatasetImage, subject: string): Promise<void> {
    const { experiment, augmentation, seed } = this;
    if (!experiment) return;
    const views = (what: Augmentation | null, count: number) =>
      this.datasets.augmentedViews(image, { ...experiment, augmentation: what }, { count, seed });
    const [original, drawn] = await Promise.all([views(null, 1), views(augmentation, draws)]);
    // A later change draws for itself.
    if (this.#subject !== subject) return;
    const failed = [original, drawn].find((outcome) => !outcome.ok);
    this.failure = failed && !failed.ok ? failed : null;
    if (!original.ok || !drawn.ok) return;
    this.pictures = [...original.value, ...drawn.value].map((blob, index) => ({
      key: `${subject} ${index}`,
      load: () => Promise.resolve(blob),
    }));
  }

  protected override render() {
    const { image, pictures, failure } = this;
    if (failure) return html`<tamis-failure-note .failure=${failure}></tamis-failure-note>`;
    if (!image) return nothing;
    const [original, ...drawn] = pictures;
    const { path, className } = image;
    return html`<h3>${msg("The same image, nine times")}</h3>
      <div class="original">
        <tamis-thumbnail .source=${original ?? null} alt=${msg("The image as it is")}></tamis-thumbnail>
        <div>
          <p class="path">${path}</p>
          <p class="small soft">${className}</p>
        </div>
      </div>
      <div class="draws" role="group" aria-label=${msg("What training would see")}>
        ${Array.from({ length: draws }, (_, index) => {
          const place = index + 1;
          return html`<tamis-thumbnail
            .source=${drawn[index] ?? null}
            alt=${msg(str`Draw ${place}`)}
          ></tamis-thumbnail>`;
        })}
      </div>
      <div class="actions">
        <button type="button" @click=${() => (this.seed += 1)}>${msg("Draw again")}</button>
        <button type="button" class="quiet" @click=${() => this.#another()}>${msg("Another image")}</button>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-augmentation-preview": AugmentationPreview;
  }
}
