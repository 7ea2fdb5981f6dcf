import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { failed } from "../../../contract/outcome.ts";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { defaultSplit, type SplitPlan } from "../../../domain/dataset/split-types.ts";
import type { Experiment } from "../../../domain/experiment/experiment.ts";
import { withOverrides } from "../../../domain/experiment/overrides.ts";
import { validateExperiment } from "../../../domain/experiment/validate.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/failure-note/failure-note.ts";
import { icon } from "../../elements/icon/icon.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatNumber, plural } from "../../text/format.ts";
import { presetWord } from "../../text/words.ts";
import { formStyles, initialDataset, renderDatasetField, renderNumberField } from "./form-parts.ts";
import "./split-choice.ts";
import { bounds, numberOf, problemOf, seedsOf } from "./training-draft.ts";

/** What the form asks for. */
export interface QueueRequest {
  readonly datasetId: string;
  readonly experiments: readonly Experiment[];
  readonly split: SplitPlan;
}

/** Empty: each preset's own. */
const sharedFields = ["size", "epochs", "batchSize"] as const;
type SharedField = (typeof sharedFields)[number];

/**
 * Chooses presets and seeds: a run for each of both, all on one split of one dataset.
 * @fires tamis-enqueue - detail: a QueueRequest
 */
@customElement("tamis-comparison-form")
export class ComparisonForm extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    formStyles,
    css`
      .presets {
        display: grid;
        gap: 0 var(--space-4);
        grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr));
      }
      .preset {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--target);
        font-weight: 400;
        cursor: pointer;
      }
      .preset input {
        accent-color: var(--accent);
        width: 1.15rem;
        height: 1.15rem;
        margin: 0;
        flex: none;
      }
    `,
  ];

  @property({ attribute: false }) datasets: readonly Dataset[] = [];
  @property({ attribute: false }) presets: readonly Experiment[] = [];
  /** The dataset to begin with; the newest where there is none of this id. */
  @property({ attribute: false }) initialDatasetId: string | null = null;

  @state() private datasetId = "";
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private seeds = "42";
  /** Null while a field of it is refused. */
  @state() private split: SplitPlan | null = defaultSplit;
  @state() private shared: Readonly<Record<SharedField, string>> = { size: "", epochs: "", batchSize: "" };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.datasets.some((dataset) => dataset.id === this.datasetId) || changed.has("initialDatasetId")) {
      this.datasetId = initialDataset(this.datasets, this.initialDatasetId);
    }
  }

  #problemOf(field: SharedField): string {
    const text = this.shared[field];
    return text.trim() === "" ? "" : problemOf(field, text);
  }

  /** Preset by preset, each with all seeds; null while a field is refused. */
  get #experiments(): Experiment[] | null {
    const seeds = seedsOf(this.seeds);
    if (!seeds || sharedFields.some((field) => this.#problemOf(field) !== "")) return null;
    const given = sharedFields.filter((field) => this.shared[field].trim() !== "");
    const overrides = Object.fromEntries(given.map((field) => [field, numberOf(this.shared[field])]));
    return this.presets
      .filter(({ preset }) => this.chosen.has(preset))
      .flatMap((preset) => seeds.map((seed) => withOverrides(preset, { ...overrides, seed })));
  }

  #choose(preset: string, isChosen: boolean): void {
    const chosen = new Set(this.chosen);
    if (isChosen) chosen.add(preset);
    else chosen.delete(preset);
    this.chosen = chosen;
  }

  #submitted(event: Event): void {
    event.preventDefault();
    const experiments = this.#experiments;
    if (!experiments || experiments.length === 0) return;
    const { datasetId, split } = this;
    if (!split) {
      this.renderRoot.querySelector("tamis-split-choice")?.focusProblem();
      return;
    }
    this.dispatchEvent(new CustomEvent<QueueRequest>("tamis-enqueue", { detail: { datasetId, experiments, split } }));
  }

  #renderShared(field: SharedField, label: string) {
    const set = (text: string) => (this.shared = { ...this.shared, [field]: text });
    return renderNumberField({
      id: `all-${field}`,
      label,
      hint: msg("Empty: each network’s own"),
      text: this.shared[field],
      problem: this.#problemOf(field),
      whole: bounds[field].whole,
      set,
    });
  }

  protected override render() {
    const dataset = this.datasets.find((candidate) => candidate.id === this.datasetId);
    const experiments = this.#experiments;
    const refused = dataset && experiments?.map((one) => validateExperiment(one, dataset)).find((one) => one !== null);
    const count = experiments?.length ?? 0;
    const runs = formatNumber(count);
    const limit = formatNumber(bounds.seed.high);
    const seedProblem = seedsOf(this.seeds)
      ? ""
      : msg(str`Enter up to 20 whole numbers from 0 to ${limit}, for example 1, 2, 3 or 1-3.`);
    return html`<form class="card" novalidate @submit=${this.#submitted}>
      ${renderDatasetField(this.datasets, this.datasetId, (id) => (this.datasetId = id))}
      <fieldset>
        <legend>${msg("Networks")}</legend>
        <div class="presets">
          ${this.presets.map(
            ({ preset }) =>
              html`<label class="preset">
                <input
                  type="checkbox"
                  value=${preset}
                  .checked=${this.chosen.has(preset)}
                  @change=${(event: Event) => this.#choose(preset, (event.target as HTMLInputElement).checked)}
                />
                ${presetWord(preset)}
              </label>`,
          )}
        </div>
      </fieldset>
      <div class="numbers">
        ${renderNumberField({
          id: "seeds",
          label: msg("Seeds"),
          hint: msg("A run for each, for example 1-3"),
          text: this.seeds,
          problem: seedProblem,
          whole: true,
          set: (text) => (this.seeds = text),
        })}
        ${this.#renderShared("size", msg("Image size"))} ${this.#renderShared("epochs", msg("Epochs"))}
        ${this.#renderShared("batchSize", msg("Batch size"))}
      </div>
      <tamis-split-choice
        @tamis-split=${(event: CustomEvent<SplitPlan | null>) => (this.split = event.detail)}
      ></tamis-split-choice>
      ${
        refused
          ? html`<tamis-failure-note
              .failure=${failed(refused.code, refused.message, refused.remedy)}
            ></tamis-failure-note>`
          : nothing
      }
      <div class="go">
        <button type="submit" class="primary" ?disabled=${!dataset || count === 0 || Boolean(refused)}>
          ${icon("play")}${msg("Add to the queue")}
        </button>
        <p class="small soft">
          ${
            count === 0
              ? msg("Choose networks: each is trained with every seed, all on the same split.")
              : plural(count, {
                  one: msg(str`${runs} run, on one split of the images.`),
                  other: msg(str`${runs} runs, all on the same split of the images.`),
                })
          }
        </p>
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-comparison-form": ComparisonForm;
  }
}
