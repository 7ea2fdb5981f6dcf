import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ref } from "lit/directives/ref.js";
import type { Trial } from "../../../contract/engine.ts";
import { type Failure, failureOf } from "../../../contract/outcome.ts";
import type { Model, Preprocessing } from "../../../domain/model/model.ts";
import { type Advice, adviceOf, inputRange, type Reading, readings } from "../../../domain/model/trial.ts";
import { datasetContext, modelContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/failure-note/failure-note.ts";
import type { FilePicker } from "../../elements/file-picker/file-picker.ts";
import "../../elements/file-picker/file-picker.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import { acceptedImages } from "../../files/formats.ts";
import type { DatasetService } from "../../services/dataset-service.ts";
import type { ModelService } from "../../services/model-service.ts";
import type { PickedFolder } from "../../services/picked-files.ts";
import type { Progress } from "../../services/progress.ts";
import { controls, foundation, layout, tables } from "../../styles/shared.ts";
import { formatNumber } from "../../text/format.ts";
import { drawPixels } from "./draw-pixels.ts";
import { modelTrialStyles } from "./model-trial.styles.ts";
import { sampleOf, type TrialImage } from "./trial-images.ts";

/** A way to prepare images that may be the right one. */
export interface TrialCandidate {
  readonly name: string;
  readonly preprocessing: Preprocessing;
}

/** Place in the list of candidates, and the output that is taken for the photo. */
export type TrialChoice = Pick<Reading, "candidate" | "positive">;

/** Enough to see what is done to them. */
const shownPictures = 6;

/**
 * Tries an imported model on images with known answers: what it sees, what it says under each way to prepare them, and whether its outputs are reversed.
 * @fires tamis-take - the person takes what fits best; detail: the TrialChoice
 */
@customElement("tamis-model-trial")
export class ModelTrial extends TamisElement {
  static override styles = [foundation, controls, layout, tables, modelTrialStyles];

  @consume({ context: modelContext }) private models!: ModelService;
  @consume({ context: datasetContext }) private datasets!: DatasetService;

  @property({ attribute: false }) model: Model | null = null;
  @property({ attribute: false }) candidates: readonly TrialCandidate[] = [];
  /** What is answered now. */
  @property({ attribute: false }) choice: TrialChoice = { candidate: 0, positive: 0 };
  @state() private images: readonly TrialImage[] = [];
  @state() private trial: Trial | null = null;
  @state() private failure: Failure | null = null;
  @state() private progress: Progress | null = null;
  @state() private working = false;

  #stopping: AbortController | null = null;
  /** Of the candidates that `trial` is of. */
  #key = "";

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopping?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const key = JSON.stringify([this.model?.id, this.candidates.map(({ preprocessing }) => preprocessing)]);
    if (!changed.has("candidates") || key === this.#key) return;
    this.#key = key;
    void this.#run();
  }

  #add(isPhoto: boolean, { files }: PickedFolder): void {
    const chosen = files.map(({ path, file }) => ({ name: path, file, isPhoto }));
    // Choosing again replaces what was chosen of that kind.
    this.images = [...this.images.filter((image) => image.isPhoto !== isPhoto), ...chosen];
    void this.#run();
  }

  async #takeFrom(datasetId: string): Promise<void> {
    const dataset = this.stores.read(this.datasets.datasets).find(({ id }) => id === datasetId);
    if (!dataset) return;
    this.images = await sampleOf(dataset, this.datasets);
    void this.#run();
  }

  async #run(): Promise<void> {
    this.#stopping?.abort();
    this.#stopping = null;
    this.trial = null;
    this.failure = null;
    this.working = false;
    const { model, images, candidates } = this;
    if (!model || images.length === 0) return;
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.working = true;
    this.progress = null;
    try {
      const outcome = await this.models.tryOut(
        model.id,
        images.map(({ file }) => file),
        candidates.map(({ preprocessing }) => preprocessing),
        (progress) => (this.progress = progress),
        stopping.signal,
      );
      if (this.#stopping !== stopping) return;
      if (outcome.ok) this.trial = outcome.value;
      else this.failure = outcome;
    } catch (error) {
      if (this.#stopping === stopping) this.failure = failureOf(error);
    } finally {
      if (this.#stopping === stopping) this.working = false;
    }
  }

  #renderSources() {
    const choose = (isPhoto: boolean, label: string) =>
      html`<tamis-file-picker
          id=${isPhoto ? "photos" : "others"}
          .accept=${acceptedImages}
          .label=${label}
          @tamis-picked=${({ detail }: CustomEvent<PickedFolder>) => this.#add(isPhoto, detail)}
        ></tamis-file-picker>
        <button
          type="button"
          @click=${() => this.renderRoot.querySelector<FilePicker>(isPhoto ? "#photos" : "#others")?.open()}
        >
          ${icon(isPhoto ? "photo" : "not-photo")}${label}
        </button>`;
    const datasets = this.stores.read(this.datasets.datasets);
    return html`<div class="actions">
      ${choose(true, msg("Choose photos"))} ${choose(false, msg("Choose other images"))}
      ${
        datasets.length === 0
          ? nothing
          : html`<select
              aria-label=${msg("Take images of a dataset")}
              @change=${(event: Event) => {
                const select = event.target as HTMLSelectElement;
                void this.#takeFrom(select.value);
                select.value = "";
              }}
            >
              <option value="">${msg("Take 20 of a dataset …")}</option>
              ${datasets.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
            </select>`
      }
    </div>`;
  }

  /** The images that could be read, with their pixels. */
  #readable(trial: Trial) {
    return this.images.flatMap((image, place) => {
      const rgb = trial.pictures[place];
      return rgb ? [{ ...image, rgb }] : [];
    });
  }

  #renderPictures(trial: Trial) {
    const { candidate } = this.choice;
    const preprocessing = this.candidates[candidate]?.preprocessing;
    if (!preprocessing) return nothing;
    const all = this.#readable(trial);
    const half = shownPictures / 2;
    const shown = [
      ...all.filter(({ isPhoto }) => isPhoto).slice(0, half),
      ...all.filter(({ isPhoto }) => !isPhoto).slice(0, half),
    ];
    const size = formatNumber(preprocessing.inputSize);
    const missing = formatNumber(this.images.length - all.length);
    return html`<div>
      <p class="small soft">
        ${msg(str`What the network sees, at ${size} × ${size} pixels:`)}
        ${all.length < this.images.length ? msg(str`${missing} could not be read.`) : nothing}
      </p>
      <div class="pictures">
        ${shown.map(
          ({ name, isPhoto, rgb }) =>
            html`<figure>
              <canvas
                role="img"
                aria-label=${name}
                ${ref((canvas) => canvas && drawPixels(canvas as HTMLCanvasElement, rgb, preprocessing))}
              ></canvas>
              <figcaption>${isPhoto ? msg("Photo") : msg("Not a photo")}</figcaption>
            </figure>`,
        )}
      </div>
    </div>`;
  }

  #renderTable(trial: Trial, all: readonly Reading[] | null) {
    const pictures = this.#readable(trial);
    const photos = pictures.filter(({ isPhoto }) => isPhoto).length;
    const right = (part: number, whole: number) => {
      const [some, of] = [formatNumber(part), formatNumber(whole)];
      return msg(str`${some} of ${of}`);
    };
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Ways to prepare the pixels")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${msg("Pixels that it takes")}</th>
            <th scope="col" class="end">${msg("Numbers that it gets")}</th>
            ${
              all
                ? html`<th scope="col" class="end">${msg("Photos found")}</th>
                    <th scope="col" class="end">${msg("Others left out")}</th>`
                : nothing
            }
          </tr>
        </thead>
        <tbody>
          ${this.candidates.map(({ name, preprocessing }, candidate) => {
            const reading = all?.find((one) => one.candidate === candidate && one.positive === this.choice.positive);
            const ranges = pictures.map(({ rgb }) => inputRange(rgb, preprocessing));
            const from = formatNumber(Math.min(...ranges.map(([lowest]) => lowest)), 2).replace("-", "−");
            const to = formatNumber(Math.max(...ranges.map(([, highest]) => highest)), 2);
            return html`<tr aria-current=${candidate === this.choice.candidate ? "true" : "false"}>
              <th scope="row">${name}</th>
              <td class="end">${pictures.length > 0 ? msg(str`${from} to ${to}`) : "–"}</td>
              ${
                all
                  ? html`<td class="end">${reading ? right(reading.confusion.tp, photos) : "–"}</td>
                      <td class="end">${reading ? right(reading.confusion.tn, pictures.length - photos) : "–"}</td>`
                  : nothing
              }
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  #renderAdvice(model: Model, advice: Advice | null, all: readonly Reading[]) {
    const { candidate, positive } = this.choice;
    const now = all.find((one) => one.candidate === candidate && one.positive === positive);
    const count = formatNumber(this.images.length);
    if (!advice) {
      const right = formatNumber(now ? now.confusion.tp + now.confusion.tn : 0);
      return html`<p role="status">
        ${msg(str`As it is answered now, ${right} of ${count} images are right; no other answers fit clearly better.`)}
      </p>`;
    }
    const { reading } = advice;
    const right = formatNumber(reading.confusion.tp + reading.confusion.tn);
    const label = model.metadata.output.labels[reading.positive] ?? "";
    const name = this.candidates[reading.candidate]?.name ?? "";
    return html`<div class="advice">
      <p role="status">
        ${
          advice.isReversed
            ? msg(
                str`It takes photos for the others, and the others for photos: with “${label}” as the photo, ${right} of ${count} would be right.`,
              )
            : msg(str`With pixels ${name} and “${label}” as the photo, ${right} of ${count} would be right.`)
        }
      </p>
      <button
        type="button"
        @click=${() => this.dispatchEvent(new CustomEvent<TrialChoice>("tamis-take", { detail: reading }))}
      >
        ${icon("check")}${advice.isReversed ? msg("Swap the outputs") : msg("Take these answers")}
      </button>
    </div>`;
  }

  #renderTrial(model: Model, trial: Trial) {
    const pictures = this.#readable(trial);
    const isPhoto = pictures.map((picture) => picture.isPhoto);
    const hasBoth = isPhoto.includes(true) && isPhoto.includes(false);
    const all = hasBoth ? readings(isPhoto, trial.outputs, model.metadata.output) : null;
    return html`${this.#renderPictures(trial)} ${this.#renderTable(trial, all)}
    ${
      all
        ? this.#renderAdvice(model, adviceOf(all, this.choice), all)
        : html`<p class="soft">${msg("Choose images of both kinds to see which answers fit.")}</p>`
    }`;
  }

  protected override render() {
    const { model, trial } = this;
    if (!model) return nothing;
    return html`<p>
        ${msg("Give a few photos and a few other images: ten of each tell most. They are looked at and not kept.")}
      </p>
      ${this.#renderSources()}
      ${
        this.working
          ? html`<tamis-progress-line
              .label=${msg("Trying the model")}
              .progress=${this.progress}
              cancellable
              @tamis-cancel=${() => this.#stopping?.abort()}
            ></tamis-progress-line>`
          : nothing
      }
      <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      ${trial ? this.#renderTrial(model, trial) : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-model-trial": ModelTrial;
  }
}
