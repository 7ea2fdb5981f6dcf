import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Aspect } from "../../../domain/image/pixel-format.ts";
import type { Model, Preprocessing } from "../../../domain/model/model.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import type { ModelAnswers } from "../../services.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";

const scalings = ["unit", "signed", "raw", "imagenet"] as const;
type Scaling = (typeof scalings)[number];

type Numbers = Pick<Preprocessing, "scale" | "offset" | "channels">;

/** Mean and standard deviation of ImageNet's red, green and blue, from 0 to 1: what PyTorch's models are trained with. */
const imagenetMean = [0.485, 0.456, 0.406];
const imagenetDeviation = [0.229, 0.224, 0.225];

function numbersOf(scaling: Scaling): Numbers {
  if (scaling === "unit") return { scale: 1 / 255, offset: 0 };
  if (scaling === "signed") return { scale: 1 / 127.5, offset: -1 };
  if (scaling === "raw") return { scale: 1, offset: 0 };
  const scale = imagenetDeviation.map((deviation) => 1 / deviation);
  const offset = imagenetMean.map((mean, channel) => -mean / imagenetDeviation[channel]!);
  return { scale: 1 / 255, offset: 0, channels: { order: "rgb", scale, offset } };
}

/**
 * What the files of an imported model do not say: which output is the photo, how pixels are prepared.
 * @fires tamis-answers - detail: the ModelAnswers
 */
@customElement("tamis-model-setup")
export class ModelSetup extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      .fields {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: var(--space-4);
      }
    `,
  ];

  @property({ attribute: false }) model: Model | null = null;
  @state() private positive: number | null = null;
  @state() private scaling: Scaling = "unit";
  @state() private aspect: Aspect | null = null;

  #send(model: Model): void {
    const { output, preprocessing } = model.metadata;
    const isAsked = model.questions?.includes("preprocessing") ?? false;
    const isGrey = preprocessing.channels?.order === "grey";
    const { channels, ...scale } = numbersOf(this.scaling);
    const answers: ModelAnswers = {
      labels: output.labels,
      positive: this.positive ?? output.positive,
      preprocessing: {
        ...preprocessing,
        ...(isAsked ? scale : {}),
        ...(isAsked && channels && !isGrey ? { channels } : {}),
        pixels: { ...preprocessing.pixels, aspect: this.aspect ?? preprocessing.pixels.aspect },
      },
    };
    this.dispatchEvent(
      new CustomEvent<ModelAnswers>("tamis-answers", { detail: answers, bubbles: true, composed: true }),
    );
  }

  #renderOutput({ metadata: { output } }: Model) {
    return html`<label>
      ${msg("Output that is the photo")}
      <select @change=${(event: Event) => (this.positive = Number((event.target as HTMLSelectElement).value))}>
        ${output.labels.map(
          (label, place) => html`<option value=${place} ?selected=${place === output.positive}>${label}</option>`,
        )}
      </select>
    </label>`;
  }

  #renderPixels({ metadata: { preprocessing } }: Model) {
    const words: Readonly<Record<Scaling, string>> = {
      unit: msg("from 0 to 1"),
      signed: msg("from −1 to 1"),
      raw: msg("from 0 to 255"),
      imagenet: msg("as ImageNet’s mean and deviation (PyTorch)"),
    };
    const aspects: readonly (readonly [Aspect, string])[] = [
      ["stretch", msg("stretched to the square")],
      ["crop", msg("cut to the square at the centre")],
      ["pad", msg("framed in black")],
    ];
    return html`<label>
        ${msg("Pixels that it takes")}
        <select @change=${(event: Event) => (this.scaling = (event.target as HTMLSelectElement).value as Scaling)}>
          ${scalings
            .filter((scaling) => scaling !== "imagenet" || preprocessing.channels === undefined)
            .map((scaling) => html`<option value=${scaling}>${words[scaling]}</option>`)}
        </select>
      </label>
      <label>
        ${msg("Images are")}
        <select @change=${(event: Event) => (this.aspect = (event.target as HTMLSelectElement).value as Aspect)}>
          ${aspects.map(
            ([aspect, word]) =>
              html`<option value=${aspect} ?selected=${aspect === preprocessing.pixels.aspect}>${word}</option>`,
          )}
        </select>
      </label>`;
  }

  protected override render() {
    const { model } = this;
    const questions = model?.questions ?? [];
    if (!model || questions.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="heading">
      <h3 id="heading">${msg("To be answered before it classifies")}</h3>
      <p class="soft">
        ${msg("Its files do not say this; whoever trained it knows. Try it on a few images afterwards.")}
      </p>
      <div class="fields">
        ${questions.includes("output") ? this.#renderOutput(model) : nothing}
        ${questions.includes("preprocessing") ? this.#renderPixels(model) : nothing}
        <button type="button" class="primary" @click=${() => this.#send(model)}>${msg("Save the answers")}</button>
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-model-setup": ModelSetup;
  }
}
