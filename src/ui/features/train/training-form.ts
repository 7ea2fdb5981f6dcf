import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { defaultSplit, type SplitPlan, trainingShare } from "../../../domain/dataset/split-types.ts";
import type { Augmentation, Experiment } from "../../../domain/experiment/experiment.ts";
import { type Balance, balanceOf } from "../../../domain/experiment/regularization.ts";
import { validateExperiment } from "../../../domain/experiment/validate.ts";
import { failed } from "../../../contract/outcome.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import { controls, disclosures, foundation, layout } from "../../styles/shared.ts";
import { balanceWord } from "../../text/experiment-words.ts";
import { formatImages, formatShare } from "../../text/format.ts";
import { presetDescription, presetWord } from "../../text/words.ts";
import "./augmentation/augmentation-form.ts";
import { augmentationSummary } from "./augmentation/augmentation-fields.ts";
import { formStyles, initialDataset, renderDatasetField, renderNumberField } from "./form-parts.ts";
import "./run-estimate.ts";
import "./split-choice.ts";
import { bounds, draftOf, experimentOf, problemOf, wrongField, type Draft, type DraftField } from "./training-draft.ts";

/** What the form asks for. */
export interface TrainingRequest {
  readonly datasetId: string;
  readonly experiment: Experiment;
  readonly split: SplitPlan;
}

/**
 * Chooses the dataset, the network and its numbers.
 * @fires tamis-train - detail: a TrainingRequest
 */
@customElement("tamis-training-form")
export class TrainingForm extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    disclosures,
    formStyles,
    css`
      .presets {
        display: grid;
        gap: var(--space-3);
        grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr));
      }
      .preset {
        display: grid;
        grid-template-columns: auto 1fr;
        grid-template-rows: auto 1fr;
        gap: 0 var(--space-3);
        align-items: start;
        padding: var(--space-3) var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        cursor: pointer;
        transition: border-color var(--transition);
      }
      .preset input {
        margin-top: 0.2rem;
      }
      .preset .hint {
        grid-column: 2;
      }
      .preset:has(input:checked) {
        border-color: var(--accent);
        background: var(--accent-soft);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      .preset:has(input:checked) .hint {
        color: var(--ink);
      }
      .more {
        margin-top: var(--space-4);
      }
      .go .costs {
        flex: 1 1 16rem;
      }
    `,
  ];

  @property({ attribute: false }) datasets: readonly Dataset[] = [];
  @property({ attribute: false }) presets: readonly Experiment[] = [];
  /** The dataset to begin with; the newest where there is none of this id. */
  @property({ attribute: false }) initialDatasetId: string | null = null;
  /** Something is computed or waits: what the form describes goes into the queue. */
  @property({ type: Boolean }) queueing = false;

  @state() private datasetId = "";
  @state() private presetName = "";
  @state() private draft: Draft | null = null;
  @state() private augmentation: Augmentation | null = null;
  /** The augmentation's form and its preview exist only while they are looked at. */
  @state() private isAugmentationOpen = false;
  /** Null while a field of it is refused. */
  @state() private split: SplitPlan | null = defaultSplit;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.datasets.some((dataset) => dataset.id === this.datasetId) || changed.has("initialDatasetId")) {
      this.datasetId = initialDataset(this.datasets, this.initialDatasetId);
    }
    if (this.draft === null) {
      const first = this.presets.find((preset) => preset.preset === "compact") ?? this.presets[0];
      if (first) this.#choosePreset(first);
    }
  }

  #choosePreset(preset: Experiment): void {
    this.presetName = preset.preset;
    this.draft = draftOf(preset);
    this.augmentation = preset.augmentation;
  }

  /** What the form describes, or null while a field is refused. */
  #experiment(preset: Experiment, draft: Draft): Experiment | null {
    const experiment = experimentOf(preset, draft);
    return experiment && { ...experiment, augmentation: this.augmentation };
  }

  get #preset(): Experiment | undefined {
    return this.presets.find((preset) => preset.preset === this.presetName);
  }

  #submitted(event: Event): void {
    event.preventDefault();
    const preset = this.#preset;
    if (!preset || !this.draft) return;
    const experiment = this.#experiment(preset, this.draft);
    if (!experiment) {
      const wrong = this.renderRoot.querySelector<HTMLElement>(`#${wrongField(this.draft)}`);
      wrong?.closest("details")?.setAttribute("open", "");
      wrong?.focus();
      return;
    }
    const { datasetId, split } = this;
    if (!split) {
      this.renderRoot.querySelector("tamis-split-choice")?.focusProblem();
      return;
    }
    this.dispatchEvent(new CustomEvent<TrainingRequest>("tamis-train", { detail: { datasetId, experiment, split } }));
  }

  #renderNumber(field: DraftField, label: string, hint: string, draft: Draft) {
    const text = draft[field];
    // The preset's network has no place for it.
    if (text === undefined) return nothing;
    return renderNumberField({
      id: field,
      label,
      hint,
      text,
      problem: problemOf(field, text),
      whole: bounds[field].whole,
      set: (typed) => (this.draft = { ...(this.draft ?? draft), [field]: typed }),
    });
  }

  #renderAugmentation(dataset: Dataset | undefined, experiment: Experiment | null) {
    return html`<details
        @toggle=${(event: Event) => (this.isAugmentationOpen = (event.target as HTMLDetailsElement).open)}
      >
        <summary>${msg("Augmentation")}</summary>
        ${
          this.isAugmentationOpen
            ? html`<tamis-augmentation-form
                .value=${this.augmentation}
                .source=${dataset ?? null}
                .experiment=${experiment ?? this.#preset ?? null}
                @tamis-augmentation=${(event: CustomEvent<Augmentation | null>) => (this.augmentation = event.detail)}
              ></tamis-augmentation-form>`
            : nothing
        }
      </details>
      ${this.isAugmentationOpen ? nothing : html`<p class="small soft">${augmentationSummary(this.augmentation)}</p>`}`;
  }

  #renderRegularization(preset: Experiment, draft: Draft) {
    const weight = msg("0 for none");
    const balances: readonly Balance[] = ["none", "oversample", "class-weights"];
    const own = balanceOf(preset) === "own" ? (["own"] as const) : [];
    return html`<details>
      <summary>${msg("Regularisation and balance")}</summary>
      <div class="numbers more">
        ${this.#renderNumber("featureDropout", msg("Dropout after pooling"), msg("Share left out, from 0"), draft)}
        ${this.#renderNumber("hiddenDropout", msg("Dropout before the output"), msg("Share left out, from 0"), draft)}
        ${this.#renderNumber("convolutionL1", msg("L1, convolutions"), weight, draft)}
        ${this.#renderNumber("convolutionL2", msg("L2, convolutions"), weight, draft)}
        ${this.#renderNumber("denseL1", msg("L1, dense layer"), weight, draft)}
        ${this.#renderNumber("denseL2", msg("L2, dense layer"), weight, draft)}
        ${this.#renderNumber("patience", msg("Early stopping: patience"), msg("Epochs without progress; empty for none"), draft)}
        <div class="field">
          <label for="balance">${msg("Uneven classes")}</label>
          <select
            id="balance"
            aria-describedby="balance-note"
            @change=${(event: Event) => (this.draft = { ...(this.draft ?? draft), balance: (event.target as HTMLSelectElement).value as Balance })}
          >
            ${[...own, ...balances].map(
              (balance) =>
                html`<option value=${balance} ?selected=${balance === draft.balance}>${balanceWord(balance)}</option>`,
            )}
          </select>
          <p class="hint" id="balance-note">${msg("Photos against everything else")}</p>
        </div>
      </div>
    </details>`;
  }

  #renderSummary(dataset: Dataset | undefined, experiment: Experiment | null) {
    const { split } = this;
    if (!dataset || !experiment || !split) return nothing;
    const images = formatImages(dataset.classCounts.reduce((sum, count) => sum + count, 0));
    const toLearn = formatShare(trainingShare(split));
    return html`<div class="costs">
      <p class="small soft">${msg(str`${images}: ${toLearn} of them to learn from.`)}</p>
      <tamis-run-estimate .source=${dataset} .experiment=${experiment} .split=${split}></tamis-run-estimate>
    </div>`;
  }

  protected override render() {
    const { draft } = this;
    const preset = this.#preset;
    if (!draft || !preset) return nothing;
    const dataset = this.datasets.find((candidate) => candidate.id === this.datasetId);
    const experiment = this.#experiment(preset, draft);
    const problem = dataset && experiment ? validateExperiment(experiment, dataset) : null;
    return html`<form class="card" novalidate @submit=${this.#submitted}>
      ${renderDatasetField(this.datasets, this.datasetId, (id) => (this.datasetId = id))}
      <fieldset>
        <legend>${msg("Network")}</legend>
        <div class="presets">
          ${this.presets.map(
            (candidate) =>
              html`<label class="preset">
                <input
                  type="radio"
                  name="preset"
                  value=${candidate.preset}
                  aria-describedby="about-${candidate.preset}"
                  .checked=${candidate.preset === this.presetName}
                  @change=${() => this.#choosePreset(candidate)}
                />
                <span>${presetWord(candidate.preset)}</span>
                <span class="hint" id="about-${candidate.preset}">${presetDescription(candidate.preset)}</span>
              </label>`,
          )}
        </div>
      </fieldset>
      <div class="numbers">
        ${this.#renderNumber("size", msg("Image size"), msg("Side of the square, in pixels"), draft)}
        ${this.#renderNumber("epochs", msg("Epochs"), msg("Times through the images"), draft)}
        ${this.#renderNumber("batchSize", msg("Batch size"), msg("Images per step"), draft)}
        ${this.#renderNumber("learningRate", msg("Learning rate"), msg("Length of a step"), draft)}
        ${this.#renderNumber("seed", msg("Seed"), msg("Same seed, same run"), draft)}
      </div>
      ${this.#renderRegularization(preset, draft)}
      <div>${this.#renderAugmentation(dataset, experiment)}</div>
      <tamis-split-choice
        @tamis-split=${(event: CustomEvent<SplitPlan | null>) => (this.split = event.detail)}
      ></tamis-split-choice>
      ${
        problem
          ? html`<tamis-failure-note
              .failure=${failed(problem.code, problem.message, problem.remedy)}
            ></tamis-failure-note>`
          : nothing
      }
      <div class="go">
        <button type="submit" class="primary" ?disabled=${!dataset || problem !== null}>
          ${icon("play")}${this.queueing ? msg("Add to the queue") : msg("Start training")}
        </button>
        ${problem === null ? this.#renderSummary(dataset, experiment) : nothing}
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-training-form": TrainingForm;
  }
}
