import { msg } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Aspect } from "../../../domain/image/pixel-format.ts";
import type { Model } from "../../../domain/model/model.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import type { ModelAnswers } from "../../services/model-service.ts";
import { controls, disclosures, foundation, layout } from "../../styles/shared.ts";
import "./model-trial.ts";
import type { TrialCandidate, TrialChoice } from "./model-trial.ts";
import { possibleScalings, prepared, type Scaling, scalingWord } from "./scalings.ts";

/**
 * What the files of an imported model do not say: which output is the photo, how pixels are prepared. With images whose answers are known, it
 * shows what the network would see, and which answers fit.
 * @fires tamis-answers - detail: the ModelAnswers
 */
@customElement("tamis-model-setup")
export class ModelSetup extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    disclosures,
    css`
      .fields {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-4);
      }
      details > tamis-model-trial {
        margin-top: var(--space-3);
      }
    `,
  ];

  @property({ attribute: false }) model: Model | null = null;
  @state() private positive = 0;
  @state() private scaling: Scaling = "unit";
  @state() private aspect: Aspect = "stretch";
  @state() private isTrying = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { model } = this;
    if (!changed.has("model") || !model || changed.get("model")?.id === model.id) return;
    this.positive = model.metadata.output.positive;
    this.aspect = model.metadata.preprocessing.pixels.aspect;
    this.scaling = "unit";
    this.isTrying = false;
  }

  #isAsked(model: Model, question: NonNullable<Model["questions"]>[number]): boolean {
    return model.questions?.includes(question) ?? false;
  }

  /** Every scaling where it is asked for, else the model's own. */
  #candidates(model: Model): readonly TrialCandidate[] {
    const { preprocessing } = model.metadata;
    if (!this.#isAsked(model, "preprocessing")) {
      return [{ name: msg("as its files say"), preprocessing }];
    }
    return possibleScalings(preprocessing).map((scaling) => ({
      name: scalingWord(scaling),
      preprocessing: prepared(preprocessing, scaling, this.aspect),
    }));
  }

  #choice(model: Model): TrialChoice {
    const isAsked = this.#isAsked(model, "preprocessing");
    const candidate = isAsked ? possibleScalings(model.metadata.preprocessing).indexOf(this.scaling) : 0;
    return { candidate, positive: this.positive };
  }

  /** What the images advise: into the fields, or, where nothing is asked any more, into the model at once. */
  #take(model: Model, { candidate, positive }: TrialChoice): void {
    this.positive = positive;
    const scaling = possibleScalings(model.metadata.preprocessing)[candidate];
    if (scaling && this.#isAsked(model, "preprocessing")) this.scaling = scaling;
    if ((model.questions ?? []).length === 0) this.#send(model);
  }

  #send(model: Model): void {
    const { output, preprocessing } = model.metadata;
    const isAsked = this.#isAsked(model, "preprocessing");
    const detail: ModelAnswers = {
      labels: output.labels,
      positive: this.positive,
      preprocessing: isAsked ? prepared(preprocessing, this.scaling, this.aspect) : preprocessing,
    };
    this.dispatchEvent(new CustomEvent<ModelAnswers>("tamis-answers", { detail, bubbles: true, composed: true }));
  }

  #renderOutput({ metadata: { output } }: Model) {
    return html`<label>
      ${msg("Output that is the photo")}
      <select @change=${(event: Event) => (this.positive = Number((event.target as HTMLSelectElement).value))}>
        ${output.labels.map(
          (label, place) => html`<option value=${place} .selected=${place === this.positive}>${label}</option>`,
        )}
      </select>
    </label>`;
  }

  #renderPixels({ metadata: { preprocessing } }: Model) {
    const aspects: readonly (readonly [Aspect, string])[] = [
      ["stretch", msg("stretched to the square")],
      ["crop", msg("cut to the square at the centre")],
      ["pad", msg("framed in black")],
    ];
    return html`<label>
        ${msg("Pixels that it takes")}
        <select @change=${(event: Event) => (this.scaling = (event.target as HTMLSelectElement).value as Scaling)}>
          ${possibleScalings(preprocessing).map(
            (scaling) =>
              html`<option value=${scaling} .selected=${scaling === this.scaling}>${scalingWord(scaling)}</option>`,
          )}
        </select>
      </label>
      <label>
        ${msg("Images are")}
        <select @change=${(event: Event) => (this.aspect = (event.target as HTMLSelectElement).value as Aspect)}>
          ${aspects.map(
            ([aspect, word]) => html`<option value=${aspect} .selected=${aspect === this.aspect}>${word}</option>`,
          )}
        </select>
      </label>`;
  }

  #renderTrial(model: Model) {
    return html`<tamis-model-trial
      .model=${model}
      .candidates=${this.#candidates(model)}
      .choice=${this.#choice(model)}
      @tamis-take=${(event: CustomEvent<TrialChoice>) => this.#take(model, event.detail)}
    ></tamis-model-trial>`;
  }

  protected override render() {
    const { model } = this;
    const questions = model?.questions ?? [];
    if (model?.origin !== "imported") return nothing;
    if (questions.length === 0) {
      return html`<details @toggle=${(event: Event) => (this.isTrying = (event.target as HTMLDetailsElement).open)}>
        <summary>${msg("Try it on images with known answers")}</summary>
        ${this.isTrying ? this.#renderTrial(model) : nothing}
      </details>`;
    }
    return html`<section class="stack tight" aria-labelledby="heading">
      <h3 id="heading">${msg("To be answered before it classifies")}</h3>
      <p class="soft">
        ${msg("Its files do not say this; whoever trained it knows. A few images with known answers tell it, too.")}
      </p>
      <div class="fields">
        ${questions.includes("output") ? this.#renderOutput(model) : nothing}
        ${questions.includes("preprocessing") ? this.#renderPixels(model) : nothing}
        <button type="button" class="primary" @click=${() => this.#send(model)}>${msg("Save the answers")}</button>
      </div>
      ${this.#renderTrial(model)}
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-model-setup": ModelSetup;
  }
}
