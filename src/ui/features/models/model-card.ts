import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Model } from "../../../domain/model/model.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/curves/curves.ts";
import { icon } from "../../elements/icon/icon.ts";
import { controls, disclosures, foundation, layout } from "../../styles/shared.ts";
import { formatBytes, formatDateTime, formatImages, formatNumber, formatShare } from "../../text/format.ts";
import "../evaluation/evaluation-figures.ts";
import "./export-choice/export-choice.ts";
import "./model-setup.ts";
import { originWord, presetWord, resizeWords, viewWord } from "../../text/words.ts";

/** What the person asked of a model. */
export const modelWishes = ["use", "rename", "remove"] as const;
export type ModelWish = (typeof modelWishes)[number];

/**
 * One model: name, result, actions, and its card: what it was trained on, how images are prepared for it, its history.
 * @fires tamis-wish - detail: a ModelWish
 * @fires tamis-export - detail: the ExportOptions
 * @fires tamis-answers - of an imported model; detail: the ModelAnswers
 */
@customElement("tamis-model-card")
export class ModelCard extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    disclosures,
    css`
      .card {
        display: grid;
        gap: var(--space-4);
      }
      .card.in-use {
        border-color: var(--accent);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      h2 {
        overflow-wrap: anywhere;
      }
      .name {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
      }
      .more {
        display: grid;
        gap: var(--space-5);
        padding-top: var(--space-3);
      }
      .more dl.facts {
        grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr));
      }
      .more h3 {
        margin-bottom: var(--space-3);
      }
    `,
  ];

  @property({ attribute: false }) model: Model | null = null;
  @property({ type: Boolean }) inUse = false;
  /** The lead decided for it. */
  @property({ type: Boolean }) final = false;
  @property({ type: Boolean }) busy = false;
  @state() private open = false;
  #wish(wish: ModelWish): void {
    this.dispatchEvent(new CustomEvent<ModelWish>("tamis-wish", { detail: wish }));
  }

  #renderFacts(facts: readonly (readonly [string, string])[]) {
    return html`<dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
  }

  #renderTraining(model: Model) {
    const { training } = model.metadata;
    if (!training) return html`<p class="soft">${msg("It came without a word on how it was trained.")}</p>`;
    const learnt = formatNumber(training.trainingImages);
    const validated = formatNumber(training.validationImages);
    return html`<section>
        <h3>${msg("What it was trained on")}</h3>
        ${this.#renderFacts([
          [msg("Dataset"), training.datasetName],
          [msg("Classes"), training.classNames.join(", ")],
          [msg("Images"), msg(str`${learnt} to learn, ${validated} to validate`)],
          [msg("Epochs"), formatNumber(training.epochs)],
          [msg("Seed"), String(training.seed)],
          [msg("Computed with"), training.backend],
        ])}
      </section>
      ${
        training.history.length > 0
          ? html`<section>
              <h3>${msg("History")}</h3>
              <tamis-curves .history=${training.history} .epochs=${training.history.length}></tamis-curves>
            </section>`
          : nothing
      }`;
  }

  /** As it came with the model; of what was trained here, the run says it. */
  #renderMeasured({ metadata: { measured = [] } }: Model) {
    return measured.map(({ part, images, threshold, figures }) => {
      const count = formatImages(images);
      const at = formatShare(threshold, 1);
      return html`<section>
        <h3>
          ${
            part === "test"
              ? msg(str`Measured on ${count} kept for the test, with a threshold of ${at}`)
              : msg(str`Measured on ${count} held out for validation, with a threshold of ${at}`)
          }
        </h3>
        <tamis-evaluation-figures .verdicts=${figures} .ranking=${figures}></tamis-evaluation-figures>
      </section>`;
    });
  }

  #renderMore(model: Model) {
    const { preprocessing, output, threshold, reviewBand, parameters } = model.metadata;
    const size = formatNumber(preprocessing.inputSize);
    const low = formatShare(reviewBand?.low ?? 0, 0);
    const high = formatShare(reviewBand?.high ?? 0, 0);
    return html`<div class="more">
      ${this.#renderTraining(model)} ${this.#renderMeasured(model)}
      <section>
        <h3>${msg("How it judges")}</h3>
        ${this.#renderFacts([
          [msg("Images are resized to"), resizeWords(preprocessing.pixels)],
          [msg("The network sees"), msg(str`${size} × ${size} pixels`)],
          [msg("It looks at"), preprocessing.views.map(viewWord).join(", ")],
          [msg("Photo from a probability of"), formatShare(threshold, 0)],
          [msg("To review"), reviewBand ? msg(str`from ${low} to ${high}`) : msg("never")],
          [msg("Outputs"), output.labels.join(", ")],
          [msg("Parameters"), formatNumber(parameters)],
        ])}
      </section>
    </div>`;
  }

  protected override render() {
    const { model } = this;
    if (!model) return nothing;
    const { metadata, origin, weightBytes } = model;
    const last = metadata.training?.history.at(-1);
    const preset = presetWord(metadata.preset);
    const seed = String(metadata.training?.seed ?? "");
    const named = origin === "trained" && seed !== "" ? msg(str`${preset}, seed ${seed}`) : preset;
    const accuracy = last ? formatShare(last.validationAccuracy, 1) : "";
    return html`<article class="card ${this.inUse ? "in-use" : ""}" aria-labelledby="name">
      <div class="head">
        <div>
          <div class="name">
            <h2 id="name">${metadata.name}</h2>
            ${this.inUse ? html`<span class="tag accent">${icon("check")}${msg("In use")}</span>` : nothing}
            ${this.final ? html`<span class="tag accent">${icon("star")}${msg("Final model")}</span>` : nothing}
          </div>
          <p class="soft small">
            ${originWord(origin)} ·${preset === "" ? nothing : html` ${named} ·`} ${formatDateTime(metadata.createdAt)}
            · ${formatBytes(weightBytes)}${last ? html` · ${msg(str`validation accuracy ${accuracy}`)}` : nothing}
          </p>
        </div>
        <div class="actions">
          ${
            this.inUse || (model.questions ?? []).length > 0
              ? nothing
              : html`<button type="button" class="primary" @click=${() => this.#wish("use")}>
                  ${icon("check")}${msg("Use")}
                </button>`
          }
          <button
            type="button"
            class="icon-only quiet"
            aria-label=${msg("Rename")}
            title=${msg("Rename")}
            @click=${() => this.#wish("rename")}
          >
            ${icon("edit")}
          </button>
          <button
            type="button"
            class="icon-only quiet danger"
            aria-label=${msg("Delete")}
            title=${msg("Delete")}
            @click=${() => this.#wish("remove")}
          >
            ${icon("remove")}
          </button>
        </div>
      </div>
      <tamis-export-choice .model=${model} ?busy=${this.busy}></tamis-export-choice>
      <tamis-model-setup .model=${model}></tamis-model-setup>
      <details @toggle=${(event: Event) => (this.open = (event.target as HTMLDetailsElement).open)}>
        <summary>${msg("Model card")}</summary>
        ${this.open ? this.#renderMore(model) : nothing}
      </details>
    </article>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-model-card": ModelCard;
  }
}
