import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ExportFormat, ExportOptions, Precision } from "../../../../contract/engine.ts";
import { failureOf, type Outcome } from "../../../../contract/outcome.ts";
import type { Dataset } from "../../../../domain/dataset/dataset.ts";
import type { Model } from "../../../../domain/model/model.ts";
import { datasetContext, modelContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import "../../../elements/failure-note/failure-note.ts";
import { icon } from "../../../elements/icon/icon.ts";
import "../../../elements/progress-line/progress-line.ts";
import type { DatasetService } from "../../../services/dataset-service.ts";
import type { ModelService, PrecisionChange } from "../../../services/model-service.ts";
import type { Progress } from "../../../services/progress.ts";
import { controls, foundation, layout } from "../../../styles/shared.ts";
import { formatFixed, formatNumber } from "../../../text/format.ts";

/** Values of the choice: a format and, for Tamis' own, how the weights are stored. */
type Choice = `${ExportFormat} ${Precision}`;

interface Measured {
  readonly dataset: Dataset;
  readonly precision: Precision;
  readonly outcome: Outcome<PrecisionChange>;
}

/**
 * In which format a model leaves, and what fewer bits a weight would change in its verdicts.
 * @fires tamis-export - detail: the ExportOptions
 */
@customElement("tamis-export-choice")
export class ExportChoice extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-2) var(--space-3);
      }
      select {
        width: auto;
        max-width: 100%;
      }
      p {
        margin: 0;
      }
    `,
  ];

  @consume({ context: modelContext }) private models!: ModelService;
  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @property({ attribute: false }) model: Model | null = null;
  @property({ type: Boolean }) busy = false;
  @state() private choice: Choice = "tamis float32";
  @state() private datasetId: string | null = null;
  @state() private measured: Measured | null = null;
  @state() private progress: Progress | null = null;
  #abort: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort?.abort();
  }

  get #options(): ExportOptions {
    const [format, precision] = this.choice.split(" ") as [ExportFormat, Precision];
    return { format, precision };
  }

  /** The chosen one, else the one that the model was trained on, else the newest. */
  #dataset(): Dataset | null {
    const datasets = this.stores.read(this.datasets.datasets);
    const own = this.model?.metadata.training?.datasetName;
    return (
      datasets.find(({ id }) => id === this.datasetId) ??
      datasets.find(({ name }) => name === own) ??
      datasets[0] ??
      null
    );
  }

  #export(): void {
    const how = { detail: this.#options, bubbles: true, composed: true };
    this.dispatchEvent(new CustomEvent<ExportOptions>("tamis-export", how));
  }

  async #measure(model: Model, dataset: Dataset): Promise<void> {
    const { precision } = this.#options;
    const abort = new AbortController();
    this.#abort = abort;
    this.progress = { done: 0, total: dataset.classCounts.reduce((a, b) => a + b, 0), rate: null, secondsLeft: null };
    try {
      const task = { modelId: model.id, datasetId: dataset.id, precision };
      const outcome = await this.models.precisionChange(task, (progress) => (this.progress = progress), abort.signal);
      const isCancelled = !outcome.ok && outcome.code === "cancelled";
      this.measured = isCancelled ? null : { dataset, precision, outcome };
    } catch (error) {
      this.measured = { dataset, precision, outcome: failureOf(error) };
    } finally {
      this.progress = null;
    }
  }

  #renderMeasured({ dataset, outcome }: Measured) {
    if (!outcome.ok) return html`<tamis-failure-note .failure=${outcome}></tamis-failure-note>`;
    const { before, after, changedVerdicts, isValidation } = outcome.value;
    const [from, to] = [formatFixed(before, 3), formatFixed(after, 3)];
    const changed = formatNumber(changedVerdicts);
    const images = formatNumber(outcome.value.images);
    const { name } = dataset;
    return html`<p role="status">
      ${msg(str`Balanced accuracy ${from} → ${to}; ${changed} of ${images} verdicts change.`)}
      <span class="soft"
        >${isValidation ? msg(str`On the validation images of “${name}”.`) : msg(str`On all images of “${name}”.`)}</span
      >
    </p>`;
  }

  #renderPrecision(model: Model) {
    const dataset = this.#dataset();
    const { precision } = this.#options;
    if (!dataset) {
      return html`<p class="soft small">
        ${msg("Import a dataset, and Tamis measures on it what fewer bits change in this model’s verdicts.")}
      </p>`;
    }
    const isCurrent = this.measured?.dataset.id === dataset.id && this.measured.precision === precision;
    return html`<div class="row">
        <label>
          ${msg("What it changes, measured on")}
          <select
            ?disabled=${this.progress !== null}
            @change=${(event: Event) => (this.datasetId = (event.target as HTMLSelectElement).value)}
          >
            ${this.stores
              .read(this.datasets.datasets)
              .map(({ id, name }) => html`<option value=${id} ?selected=${id === dataset.id}>${name}</option>`)}
          </select>
        </label>
        <button
          type="button"
          ?disabled=${this.busy || this.progress !== null}
          @click=${() => void this.#measure(model, dataset)}
        >
          ${msg("Measure")}
        </button>
      </div>
      ${
        this.progress
          ? html`<tamis-progress-line
              .label=${msg("Comparing verdicts")}
              .progress=${this.progress}
              cancellable
              @tamis-cancel=${() => this.#abort?.abort()}
            ></tamis-progress-line>`
          : nothing
      }
      ${isCurrent && this.measured ? this.#renderMeasured(this.measured) : nothing}`;
  }

  protected override render() {
    const { model } = this;
    if (!model) return nothing;
    const choices: readonly (readonly [Choice, string])[] = [
      ["tamis float32", msg("Tamis and TensorFlow.js")],
      ["tamis float16", msg("Tamis, 16-bit weights (half the size)")],
      ["tamis uint8", msg("Tamis, 8-bit weights (a quarter of the size)")],
      ["keras float32", "Keras"],
      ["onnx float32", "ONNX"],
      ["cluster float32", msg("Job for a cluster (Ray Data)")],
    ];
    return html`<div class="row">
        <select
          aria-label=${msg("Export as")}
          @change=${(event: Event) => (this.choice = (event.target as HTMLSelectElement).value as Choice)}
        >
          ${choices.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
        </select>
        <button type="button" ?disabled=${this.busy} @click=${() => this.#export()}>
          ${icon("download")}${msg("Export")}
        </button>
      </div>
      ${this.#options.precision === "float32" ? nothing : this.#renderPrecision(model)}
      ${
        this.#options.format === "cluster"
          ? html`<p class="soft small">
              ${msg("A folder for many machines: the model as ONNX, a Python job, and a README with its two commands.")}
            </p>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-export-choice": ExportChoice;
  }
}
