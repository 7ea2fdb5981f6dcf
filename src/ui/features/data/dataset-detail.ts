import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { styleMap } from "../../elements/base/style-map.ts";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import type { Run } from "../../../domain/run/run.ts";
import { datasetContext, trainingContext, vettingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { askText, confirmAction } from "../../elements/dialog/ask.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/tabs/tabs.ts";
import { notify } from "../../elements/toast/notify.ts";
import { hrefOf } from "../../routes.ts";
import type { DatasetService } from "../../services/dataset-service.ts";
import type { TrainingService } from "../../services/training-service.ts";
import type { VettingService } from "../../services/vetting-service.ts";
import { controls, foundation, layout, tables } from "../../styles/shared.ts";
import { formatDateTime, formatImages, formatNumber, formatShare } from "../../text/format.ts";
import { runWord } from "../compare/words.ts";
import "./findings/dataset-findings.ts";
import "./import-panel.ts";
import { CatalogueController } from "./look/catalogue-controller.ts";
import type { DatasetImageViewer } from "./look/dataset-image-viewer.ts";
import "./look/dataset-image-viewer.ts";
import type { DatasetImages, LookRequest } from "./look/dataset-images.ts";
import "./look/class-samples.ts";
import "./look/dataset-figures.ts";
import "./look/dataset-images.ts";
import { datasetDetailStyles } from "./dataset-detail.styles.ts";

const views = ["overview", "images", "figures"] as const;
type View = (typeof views)[number];

/** One dataset: its classes with counts and shares, the positive class, what is wrong with it, samples; and all of its images. */
@customElement("tamis-dataset-detail")
export class DatasetDetail extends TamisElement {
  static override styles = [foundation, controls, layout, tables, datasetDetailStyles];

  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @consume({ context: vettingContext }) private vetting!: VettingService;
  @consume({ context: trainingContext }) private training!: TrainingService;

  /** Null where there is none of that id (any more). */
  @property({ attribute: false }) shown: Dataset | null = null;
  @state() private view: View = "overview";
  @query("tamis-dataset-image-viewer") private viewer!: DatasetImageViewer;
  @query("tamis-dataset-images") private list!: DatasetImages | null;
  readonly #catalogue = new CatalogueController(this, () => ({ vetting: this.vetting, training: this.training }));

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("shown");
    // It may have been deleted since.
    if (this.#catalogue.runId !== null && !this.#splitRun()) this.#catalogue.splitAs(null);
    if (!changed.has("shown")) return;
    this.#catalogue.follow(this.shown);
    if (before?.id !== this.shown?.id) this.view = "overview";
  }

  /** Those of this dataset, newest first. */
  #runs(): readonly Run[] {
    return this.stores.read(this.training.runs).filter(({ datasetId }) => datasetId === this.shown?.id);
  }

  /** The run whose split is looked at; null for the default split. */
  #splitRun(): Run | null {
    const { runId } = this.#catalogue;
    return this.#runs().find(({ id }) => id === runId) ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("keydown", this.#keyPressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("keydown", this.#keyPressed);
  }

  /** Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y) take decisions back wherever the focus is, but in a field: there they belong to the browser. */
  readonly #keyPressed = (event: KeyboardEvent): void => {
    const id = this.shown?.id;
    if (id === undefined || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.composedPath()[0] instanceof HTMLInputElement) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    void (key === "y" || event.shiftKey ? this.vetting.redo(id) : this.vetting.undo(id));
  };

  readonly #look = ({ detail }: CustomEvent<LookRequest>): void => void this.viewer.show(detail);

  async #rename(dataset: Dataset): Promise<void> {
    const name = await askText({
      heading: msg("Rename the dataset"),
      field: { label: msg("Name"), value: dataset.name },
      action: msg("Rename"),
    });
    if (name !== null) await this.datasets.rename(dataset.id, name);
  }

  async #remove(dataset: Dataset): Promise<void> {
    const name = dataset.name;
    const sure = await confirmAction({
      heading: msg(str`Delete “${name}”?`),
      text: msg("Its images are deleted from Tamis. The files in your folder, past runs and models stay."),
      action: msg("Delete"),
      danger: true,
    });
    if (!sure) return;
    await this.datasets.remove(dataset.id);
    notify({ text: msg(str`“${name}” is deleted.`) });
    location.hash = hrefOf("data");
  }

  #renderClasses(dataset: Dataset) {
    const total = Math.max(
      1,
      dataset.classCounts.reduce((sum, count) => sum + count, 0),
    );
    return html`<div class="card stack">
      <div class="field positive-class">
        <label for="positive">${msg("Class that counts as photo")}</label>
        <select
          id="positive"
          aria-describedby="positive-hint"
          @change=${(event: Event) =>
            void this.datasets.setPositiveClass(dataset.id, (event.target as HTMLSelectElement).value)}
        >
          ${dataset.classNames.map(
            (name) => html`<option value=${name} ?selected=${name === dataset.positiveClass}>${name}</option>`,
          )}
        </select>
        <p class="hint" id="positive-hint">
          ${msg("Guessed from the names. Every other class counts as not a photo; each image keeps its class.")}
        </p>
      </div>
      <div class="table-scroll">
        <table>
          <caption class="visually-hidden">
            ${msg("Classes")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${msg("Class")}</th>
              <th scope="col">${msg("Counts as")}</th>
              <th scope="col" class="end">${msg("Images")}</th>
              <th scope="col">${msg("Share")}</th>
            </tr>
          </thead>
          <tbody>
            ${dataset.classNames.map((name, index) => {
              const positive = name === dataset.positiveClass;
              const count = dataset.classCounts[index] ?? 0;
              const share = count / total;
              return html`<tr class=${positive ? "positive" : ""}>
                <th scope="row">${name}</th>
                <td>
                  ${
                    positive
                      ? html`<span class="tag photo">${icon("photo")}${msg("Photo")}</span>`
                      : html`<span class="tag">${icon("not-photo")}${msg("Not a photo")}</span>`
                  }
                </td>
                <td class="end">${formatNumber(count)}</td>
                <td>
                  <div class="share">
                    <div class="track" aria-hidden="true">
                      <div class="fill" style=${styleMap({ width: `${share * 100}%` })}></div>
                    </div>
                    <span class="end">${formatShare(share, 1)}</span>
                  </div>
                </td>
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
    </div>`;
  }

  /** Which split says what part an image is in; nothing to choose before the first run. */
  #renderSplitChoice() {
    const runs = this.#runs();
    if (runs.length === 0) return nothing;
    const { runId } = this.#catalogue;
    return html`<div class="field split">
      <label for="split">${msg("Parts as split for")}</label>
      <select
        id="split"
        @change=${(event: Event) => this.#catalogue.splitAs((event.target as HTMLSelectElement).value || null)}
      >
        <option value="" .selected=${runId === null}>${msg("Runs to come, by default")}</option>
        ${runs.map(
          (run) =>
            html`<option value=${run.id} .selected=${run.id === runId}>
              ${runWord(run)} · ${formatDateTime(run.createdAt)}
            </option>`,
        )}
      </select>
    </div>`;
  }

  #renderImages(dataset: Dataset) {
    return html`<div class="stack tight" role="tabpanel" aria-label=${msg("Images")}>
      ${this.#renderSplitChoice()}
      <tamis-dataset-images
        .shown=${dataset}
        .images=${this.#catalogue.images}
        @tamis-look=${this.#look}
      ></tamis-dataset-images>
    </div>`;
  }

  #renderFigures(dataset: Dataset) {
    return html`<div class="stack tight" role="tabpanel" aria-label=${msg("Figures")}>
      ${this.#renderSplitChoice()}
      <tamis-dataset-figures
        .shown=${dataset}
        .images=${this.#catalogue.images}
        .run=${this.#splitRun()}
      ></tamis-dataset-figures>
    </div>`;
  }

  #renderView(dataset: Dataset) {
    switch (this.view) {
      case "overview":
        return this.#renderOverview(dataset);
      case "images":
        return this.#renderImages(dataset);
      case "figures":
        return this.#renderFigures(dataset);
    }
  }

  #renderOverview(dataset: Dataset) {
    return html`<div class="stack" role="tabpanel" aria-label=${msg("Overview")}>
      <tamis-import-panel .target=${dataset}></tamis-import-panel>
      <section class="stack tight">
        <h2>${msg("Classes")}</h2>
        ${this.#renderClasses(dataset)}
      </section>
      <tamis-dataset-findings .shown=${dataset}></tamis-dataset-findings>
      <section class="stack tight">
        <h2>${msg("Samples")}</h2>
        <tamis-class-samples
          .shown=${dataset}
          .images=${this.#catalogue.images}
          @tamis-look=${this.#look}
        ></tamis-class-samples>
      </section>
    </div>`;
  }

  protected override render() {
    const dataset = this.shown;
    const back = html`<a class="back" href=${hrefOf("data")}>${icon("back")}${msg("All datasets")}</a>`;
    if (!dataset) {
      return html`<div class="stack">
        ${back}
        <h1>${msg("This dataset does not exist")}</h1>
        <p>${msg("It may have been deleted.")}</p>
      </div>`;
    }
    const images = dataset.classCounts.reduce((sum, count) => sum + count, 0);
    const run = this.#splitRun();
    const runName = run ? runWord(run) : "";
    return html`<div class="stack">
      ${back}
      <div class="head">
        <div>
          <h1>${dataset.name}</h1>
          <p class="lead">${formatImages(images)} · ${formatDateTime(dataset.createdAt)}</p>
        </div>
        <div class="actions">
          <button type="button" @click=${() => void this.#rename(dataset)}>${icon("edit")}${msg("Rename")}</button>
          <button type="button" class="danger" @click=${() => void this.#remove(dataset)}>
            ${icon("remove")}${msg("Delete")}
          </button>
          <a class="button primary" href=${hrefOf("train", dataset.id)}>${icon("train")}${msg("Train with it")}</a>
        </div>
      </div>
      <tamis-tabs
        .label=${msg("Views of the dataset")}
        .tabs=${[
          { id: "overview", label: msg("Overview") },
          {
            id: "images",
            label: msg("Images"),
            ...(this.#catalogue.images ? { count: this.#catalogue.images.length } : {}),
          },
          { id: "figures", label: msg("Figures") },
        ]}
        .selected=${this.view}
        @tamis-tab=${({ detail }: CustomEvent<string>) => (this.view = views.find((view) => view === detail) ?? "overview")}
      ></tamis-tabs>
      ${this.#renderView(dataset)}
      <tamis-dataset-image-viewer
        .shown=${dataset}
        .images=${this.#catalogue.images ?? []}
        .splitName=${run ? msg(str`Part in “${runName}”`) : msg("Part of the default split")}
        @tamis-close=${({ detail }: CustomEvent<string>) => this.list?.focusImage(detail)}
      ></tamis-dataset-image-viewer>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-dataset-detail": DatasetDetail;
  }
}
