import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Failure } from "../../../contract/outcome.ts";
import { type Capture, fileNameOf } from "../../../domain/capture/capture.ts";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { classificationContext, datasetContext, labellingContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import type { Dialog } from "../../elements/dialog/dialog.ts";
import "../../elements/dialog/dialog.ts";
import "../../elements/empty-state/empty-state.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import "../../elements/progress-line/progress-line.ts";
import "../../elements/thumbnail/thumbnail.ts";
import { notify } from "../../elements/toast/notify.ts";
import { hrefOf } from "../../routes.ts";
import type { ClassificationService } from "../../services/classification-service.ts";
import type { DatasetService } from "../../services/dataset-service.ts";
import type { LabelledCapture, LabellingReport, LabellingService } from "../../services/labelling-service.ts";
import type { Progress } from "../../services/progress.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatImages, formatNumber } from "../../text/format.ts";
import { labellingDialogStyles } from "./labelling-dialog.styles.ts";

/** Takes the captures that a person decided about into a dataset, asking for the true class of what is no photo. */
@customElement("tamis-labelling-dialog")
export class LabellingDialog extends TamisElement {
  static override styles = [foundation, controls, layout, labellingDialogStyles];

  @consume({ context: classificationContext }) private classification!: ClassificationService;
  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @consume({ context: labellingContext }) private labelling!: LabellingService;

  @property({ attribute: false }) captures: readonly Capture[] = [];
  @state() private datasetId: string | null = null;
  /** The class of what is no photo, by capture id; an empty one leaves it out. */
  @state() private classes: ReadonlyMap<string, string> = new Map();
  @state() private progress: Progress | null = null;
  @state() private failure: Failure | null = null;
  @query("tamis-dialog") private dialog!: Dialog;

  #abort: AbortController | null = null;

  async show(): Promise<void> {
    this.failure = null;
    await this.updateComplete;
    await this.dialog.show();
  }

  #dataset(): Dataset | undefined {
    const datasets = this.stores.read(this.datasets.datasets);
    return datasets.find(({ id }) => id === this.datasetId) ?? datasets[0];
  }

  /** The classes that are no photo. */
  #otherClasses({ classNames, positiveClass }: Dataset): readonly string[] {
    return classNames.filter((name) => name !== positiveClass);
  }

  #decided(verdict: "photo" | "not-photo"): readonly Capture[] {
    return this.captures.filter(({ decision }) => decision?.verdict === verdict);
  }

  #classOf(capture: Capture, dataset: Dataset): string {
    if (capture.decision?.verdict === "photo") return dataset.positiveClass;
    const others = this.#otherClasses(dataset);
    const chosen = this.classes.get(capture.id) ?? "";
    return others.length === 1 ? others[0]! : others.includes(chosen) ? chosen : "";
  }

  #labelled(dataset: Dataset): readonly LabelledCapture[] {
    return [...this.#decided("photo"), ...this.#decided("not-photo")]
      .map((capture) => ({ capture, className: this.#classOf(capture, dataset) }))
      .filter(({ className }) => className !== "");
  }

  #choose(captures: readonly Capture[], className: string): void {
    const classes = new Map(this.classes);
    for (const { id } of captures) classes.set(id, className);
    this.classes = classes;
  }

  async #add(dataset: Dataset): Promise<void> {
    this.failure = null;
    this.#abort = new AbortController();
    const labelled = this.#labelled(dataset);
    this.progress = { done: 0, total: labelled.length, rate: null, secondsLeft: null };
    const tell = (progress: Progress): void => {
      this.progress = progress;
    };
    const outcome = await this.labelling.addToDataset(dataset.id, labelled, tell, this.#abort.signal);
    this.progress = null;
    this.#abort = null;
    if (!outcome.ok) {
      if (outcome.code !== "cancelled") this.failure = outcome;
      return;
    }
    this.dialog.close();
    const { report, undo } = outcome.value;
    notify({ text: reportWords(report, dataset), undo, problem: report.missing.length > 0 });
  }

  #renderClassSelect(label: string, value: string, others: readonly string[], onChange: (className: string) => void) {
    return html`<select
      aria-label=${label}
      @change=${(event: Event) => onChange((event.target as HTMLSelectElement).value)}
    >
      <option value="" ?selected=${value === ""}>${msg("Leave out")}</option>
      ${others.map((name) => html`<option value=${name} ?selected=${name === value}>${name}</option>`)}
    </select>`;
  }

  /** Asked only where there is more than one answer. */
  #renderQuestions(dataset: Dataset, captures: readonly Capture[]) {
    const others = this.#otherClasses(dataset);
    if (others.length < 2 || captures.length === 0) return nothing;
    return html`<section class="stack tight" aria-label=${msg("What they are")}>
      <div class="head">
        <p><strong>${msg("Which class are those that are no photo?")}</strong></p>
        <label class="all">
          ${msg("All of them:")}
          ${this.#renderClassSelect(msg("All of them:"), "", others, (name) => this.#choose(captures, name))}
        </label>
      </div>
      <ul class="captures">
        ${repeat(
          captures,
          ({ id }) => id,
          (capture) => {
            const name = fileNameOf(capture);
            return html`<li>
              <tamis-thumbnail
                .alt=${name}
                .source=${{ key: capture.id, load: () => this.classification.thumbnail(capture) }}
              ></tamis-thumbnail>
              <p class="small soft name" title=${capture.file}>${name}</p>
              ${this.#renderClassSelect(
                msg(str`Class of ${name}`),
                this.#classOf(capture, dataset),
                others,
                (className) => this.#choose([capture], className),
              )}
            </li>`;
          },
        )}
      </ul>
    </section>`;
  }

  #renderForm(dataset: Dataset) {
    const [photos, others] = [this.#decided("photo"), this.#decided("not-photo")];
    const [photoCount, otherCount] = [formatNumber(photos.length), formatNumber(others.length)];
    return html`<label class="field">
        ${msg("Dataset")}
        <select @change=${(event: Event) => (this.datasetId = (event.target as HTMLSelectElement).value)}>
          ${this.stores
            .read(this.datasets.datasets)
            .map(({ id, name }) => html`<option value=${id} ?selected=${id === dataset.id}>${name}</option>`)}
        </select>
      </label>
      <p>
        ${msg(str`You decided that ${photoCount} are photos and ${otherCount} are not.`)}
        ${photos.length > 0 ? msg(str`The photos go into the class “${dataset.positiveClass}”.`) : nothing}
      </p>
      ${this.#renderQuestions(dataset, others)}`;
  }

  #renderActions(dataset: Dataset) {
    if (this.progress)
      return html`<button slot="actions" type="button" @click=${() => this.#abort?.abort()}>${msg("Stop")}</button>`;
    const labelled = this.#labelled(dataset);
    const images = formatImages(labelled.length);
    return html`<button slot="actions" type="button" @click=${() => this.dialog.close()}>${msg("Cancel")}</button>
      <button
        slot="actions"
        type="button"
        class="primary"
        ?disabled=${labelled.length === 0}
        @click=${() => void this.#add(dataset)}
      >
        ${icon("data")}${msg(str`Add ${images}`)}
      </button>`;
  }

  protected override render() {
    const dataset = this.#dataset();
    return html`<tamis-dialog
      .heading=${msg("Add your decisions to a dataset")}
      @tamis-close=${() => this.#abort?.abort()}
    >
      <div class="stack">
        ${
          dataset
            ? html`<p class="soft">
                  ${msg("The next training learns from them. Images that the dataset has already are told by their content, and your class then counts for them.")}
                </p>
                ${this.#renderForm(dataset)}`
            : html`<tamis-empty-state symbol="data" .heading=${msg("No dataset yet")}>
                ${msg("Import annotated folders first; what you decide here can then be added to them.")}
                <a slot="actions" class="button primary" href=${hrefOf("data")}>${msg("Import images")}</a>
              </tamis-empty-state>`
        }
        ${
          this.progress
            ? html`<tamis-progress-line .label=${msg("Adding")} .progress=${this.progress}></tamis-progress-line>`
            : nothing
        }
        <tamis-failure-note .failure=${this.failure}></tamis-failure-note>
      </div>
      ${dataset ? this.#renderActions(dataset) : nothing}
    </tamis-dialog>`;
  }
}

/** What became of it, in one line. */
function reportWords({ added, known, relabelled, missing }: LabellingReport, dataset: Dataset): string {
  const { name } = dataset;
  const words = [
    added > 0 ? msg(str`Added to “${name}”: ${formatImages(added)}.`) : msg(str`“${name}” had these images already.`),
    relabelled > 0 ? msg(str`Of another class from now on: ${formatNumber(relabelled)}.`) : "",
    known > 0 && added > 0 ? msg(str`There already: ${formatNumber(known)}.`) : "",
    missing.length > 0 ? msg(str`Not found: ${missing[0]!} and so on, ${formatNumber(missing.length)} in all.`) : "",
  ];
  return words.filter((word) => word !== "").join(" ");
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-labelling-dialog": LabellingDialog;
  }
}
