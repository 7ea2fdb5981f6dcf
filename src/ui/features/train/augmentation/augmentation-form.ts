import { msg } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Dataset } from "../../../../domain/dataset/dataset.ts";
import type {
  Augmentation,
  CropAugmentation,
  Experiment,
  KerasAugmentation,
} from "../../../../domain/experiment/experiment.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { controls, foundation } from "../../../styles/shared.ts";
import {
  type AugmentationKind,
  cropSliders,
  defaultAugmentations,
  geometrySliders,
  kindHint,
  kindWord,
  scanSliders,
  type Slider,
} from "./augmentation-fields.ts";
import "./augmentation-preview.ts";

const kinds: readonly AugmentationKind[] = ["none", "keras", "crops"];

/**
 * Chooses how training images are changed, with a preview of one image in nine draws.
 * @fires tamis-augmentation - detail: the Augmentation that was chosen, or null
 */
@customElement("tamis-augmentation-form")
export class AugmentationForm extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      :host {
        display: grid;
        gap: var(--space-5);
        grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
        align-items: start;
      }
      /* In sight while the sliders move; below the page's head. */
      tamis-augmentation-preview {
        position: sticky;
        top: 4.5rem;
      }
      .settings,
      fieldset {
        display: grid;
        gap: var(--space-3);
        min-width: 0;
      }
      .settings {
        gap: var(--space-5);
      }
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
      }
      legend {
        padding: 0;
        margin-bottom: var(--space-2);
        font-weight: 560;
      }
      .choice {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 var(--space-3);
        align-items: center;
        min-height: var(--target);
        font-weight: 400;
        cursor: pointer;
      }
      .choice .hint {
        grid-column: 2;
      }
      .slider {
        display: grid;
        grid-template-columns: minmax(8rem, 1fr) minmax(6rem, 1.4fr) 4.5rem;
        gap: var(--space-3);
        align-items: center;
        min-height: var(--target);
      }
      .slider label {
        font-weight: 400;
      }
      .slider output {
        text-align: end;
      }
      input[type="range"] {
        min-height: var(--target);
        width: 100%;
        padding: 0;
        accent-color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) value: Augmentation | null = null;
  /** The dataset whose images the preview shows. */
  @property({ attribute: false }) source: Dataset | null = null;
  /** What the augmentation is part of: the preview's size and cached pixels. */
  @property({ attribute: false }) experiment: Pick<Experiment, "pixels" | "inputSize"> | null = null;

  /** What each kind was last set to, so that changing one's mind loses nothing. */
  readonly #last: { keras: KerasAugmentation; crops: CropAugmentation } = { ...defaultAugmentations };

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (this.value?.kind === "keras") this.#last.keras = this.value;
    if (this.value?.kind === "crops") this.#last.crops = this.value;
  }

  #choose(kind: AugmentationKind): void {
    this.#change(kind === "none" ? null : this.#last[kind]);
  }

  #change(value: Augmentation | null): void {
    this.value = value;
    this.dispatchEvent(new CustomEvent<Augmentation | null>("tamis-augmentation", { detail: value }));
  }

  #renderSlider<T extends Augmentation>(augmentation: T, { field, low, high, step, label, say }: Slider<T>) {
    const value = augmentation[field] as number;
    return html`<div class="slider">
      <label for=${field}>${label()}</label>
      <input
        id=${field}
        type="range"
        min=${low}
        max=${high}
        step=${step}
        .value=${String(value)}
        aria-valuetext=${say(value)}
        @input=${(event: Event) =>
          this.#change({ ...augmentation, [field]: Number((event.target as HTMLInputElement).value) })}
      />
      <output class="number small" for=${field}>${say(value)}</output>
    </div>`;
  }

  #renderSwitch<T extends Augmentation>(augmentation: T, field: keyof T & string, label: string) {
    return html`<label class="choice">
      <input
        id=${field}
        type="checkbox"
        .checked=${augmentation[field]}
        @change=${(event: Event) =>
          this.#change({ ...augmentation, [field]: (event.target as HTMLInputElement).checked })}
      />
      <span>${label}</span>
    </label>`;
  }

  #renderKeras(augmentation: KerasAugmentation) {
    return html`<fieldset>
        <legend>${msg("Position")}</legend>
        ${this.#renderSwitch(augmentation, "horizontalFlip", msg("Mirror left and right"))}
        ${this.#renderSwitch(augmentation, "verticalFlip", msg("Mirror top and bottom"))}
        ${geometrySliders.map((slider) => this.#renderSlider(augmentation, slider))}
        <div class="field">
          <label for="fill">${msg("Beyond the edge")}</label>
          <select
            id="fill"
            .value=${augmentation.fill}
            @change=${(event: Event) =>
              this.#change({
                ...augmentation,
                fill: (event.target as HTMLSelectElement).value as KerasAugmentation["fill"],
              })}
          >
            <option value="nearest" ?selected=${augmentation.fill === "nearest"}>${msg("The edge goes on")}</option>
            <option value="reflect" ?selected=${augmentation.fill === "reflect"}>
              ${msg("The picture is mirrored")}
            </option>
            <option value="constant" ?selected=${augmentation.fill === "constant"}>${msg("Black")}</option>
          </select>
        </div>
      </fieldset>
      <fieldset>
        <legend>${msg("What a scan may bring")}</legend>
        ${scanSliders.map((slider) => this.#renderSlider(augmentation, slider))}
      </fieldset>
      <div class="field">
        <label for="appliesTo">${msg("Which images")}</label>
        <select
          id="appliesTo"
          @change=${(event: Event) =>
            this.#change({
              ...augmentation,
              appliesTo: (event.target as HTMLSelectElement).value as KerasAugmentation["appliesTo"],
            })}
        >
          <option value="all" ?selected=${augmentation.appliesTo === "all"}>${msg("Every image, every time")}</option>
          <option value="repeated" ?selected=${augmentation.appliesTo === "repeated"}>
            ${msg("Only repetitions, where the smaller side is oversampled")}
          </option>
        </select>
      </div>`;
  }

  #renderCrops(augmentation: CropAugmentation) {
    return html`<fieldset>
      <legend>${msg("Crop and effects")}</legend>
      ${this.#renderSwitch(augmentation, "horizontalFlip", msg("Mirror left and right"))}
      ${cropSliders.map((slider) => this.#renderSlider(augmentation, slider))}
    </fieldset>`;
  }

  protected override render() {
    const { value, source, experiment } = this;
    const kind = value?.kind ?? "none";
    return html`<div class="settings">
        <fieldset>
          <legend>${msg("Changes to training images")}</legend>
          ${kinds.map(
            (candidate) =>
              html`<label class="choice">
                <input
                  type="radio"
                  name="kind"
                  value=${candidate}
                  aria-describedby="about-${candidate}"
                  .checked=${candidate === kind}
                  @change=${() => this.#choose(candidate)}
                />
                <span>${kindWord(candidate)}</span>
                <span class="hint" id="about-${candidate}">${kindHint(candidate)}</span>
              </label>`,
          )}
          <p class="hint">${msg("Drawn afresh every epoch. Validation and test images are never changed.")}</p>
        </fieldset>
        ${value?.kind === "keras" ? this.#renderKeras(value) : nothing}
        ${value?.kind === "crops" ? this.#renderCrops(value) : nothing}
      </div>
      ${
        source && experiment
          ? html`<tamis-augmentation-preview
              .source=${source}
              .augmentation=${value}
              .experiment=${experiment}
            ></tamis-augmentation-preview>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-augmentation-form": AugmentationForm;
  }
}
