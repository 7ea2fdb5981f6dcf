import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { defaultSplit, notebookSplit, type SplitPlan } from "../../../domain/dataset/split-types.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber } from "../../text/format.ts";
import { formStyles, renderNumberField } from "./form-parts.ts";
import { numberOf } from "./training-draft.ts";

const fields = ["validation", "test", "splitSeed"] as const;
type Field = (typeof fields)[number];

/** Of a held-out part, in per cent. Both together leave at least a tenth to train on. */
const bounds = { low: 1, high: 45 } as const;

/**
 * How the images are split: the default way, with its shares, or as the notebook does.
 * @fires tamis-split - detail: a SplitPlan, or null while a field is refused
 */
@customElement("tamis-split-choice")
export class SplitChoice extends TamisElement {
  static override styles = [
    foundation,
    controls,
    formStyles,
    css`
      fieldset {
        display: grid;
        gap: var(--space-3);
      }
      .choice {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0 var(--space-3);
        align-items: start;
        cursor: pointer;
      }
      .choice input {
        margin-top: 0.2rem;
      }
      .choice .hint {
        grid-column: 2;
      }
    `,
  ];

  @state() private kind: SplitPlan["kind"] = defaultSplit.kind;
  @state() private bySource: boolean = defaultSplit.bySource;
  @state() private texts: Readonly<Record<Field, string>> = {
    validation: String(100 * defaultSplit.validationShare),
    test: String(100 * defaultSplit.testShare),
    splitSeed: String(defaultSplit.seed),
  };

  /** Why a field is refused; empty where it is fine. */
  #problemOf(field: Field): string {
    const value = numberOf(this.texts[field]);
    if (field === "splitSeed") {
      return Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? "" : msg("Enter a whole number from 0.");
    }
    const from = formatNumber(field === "test" ? 0 : bounds.low);
    const to = formatNumber(bounds.high);
    return value >= (field === "test" ? 0 : bounds.low) && value <= bounds.high
      ? ""
      : msg(str`Enter a number from ${from} to ${to}.`);
  }

  /** Null while a field is refused. */
  get plan(): SplitPlan | null {
    const isNotebook = this.kind === "keras";
    if (isNotebook) return notebookSplit;
    if (fields.some((field) => this.#problemOf(field) !== "")) return null;
    return {
      kind: "stratified",
      validationShare: numberOf(this.texts.validation) / 100,
      testShare: numberOf(this.texts.test) / 100,
      seed: numberOf(this.texts.splitSeed),
      bySource: this.bySource,
    };
  }

  /** Puts the cursor where something is wrong. */
  focusProblem(): void {
    const wrong = fields.find((field) => this.#problemOf(field) !== "");
    this.renderRoot.querySelector<HTMLElement>(`#${wrong}`)?.focus();
  }

  #tell(): void {
    this.dispatchEvent(new CustomEvent<SplitPlan | null>("tamis-split", { detail: this.plan }));
  }

  #choose(kind: SplitPlan["kind"]): void {
    this.kind = kind;
    this.#tell();
  }

  #renderKind(kind: SplitPlan["kind"], name: string, hint: string) {
    return html`<label class="choice">
      <input
        type="radio"
        name="split"
        value=${kind}
        aria-describedby="about-${kind}"
        .checked=${this.kind === kind}
        @change=${() => this.#choose(kind)}
      />
      <span>${name}</span>
      <span class="hint" id="about-${kind}">${hint}</span>
    </label>`;
  }

  #renderNumber(field: Field, label: string, hint: string) {
    return renderNumberField({
      id: field,
      label,
      hint,
      text: this.texts[field],
      problem: this.#problemOf(field),
      whole: field === "splitSeed",
      set: (text) => {
        this.texts = { ...this.texts, [field]: text };
        this.#tell();
      },
    });
  }

  protected override render() {
    return html`<fieldset>
      <legend>${msg("Split")}</legend>
      ${this.#renderKind(
        "stratified",
        msg("Training, validation and test"),
        msg("Every class by its share, near-duplicates on one side. The test images are kept for the final judgement."),
      )}
      ${this.#renderKind(
        "keras",
        msg("As the notebook splits"),
        msg("80 % to learn from, 20 % to validate, as Keras draws them with seed 42; for comparison. No test images."),
      )}
      ${
        this.kind === "keras"
          ? nothing
          : html`<div class="numbers">
                ${this.#renderNumber("validation", msg("Validation images, in per cent"), msg("To choose and to stop by"))}
                ${this.#renderNumber("test", msg("Test images, in per cent"), msg("Looked at once, at the end"))}
                ${this.#renderNumber("splitSeed", msg("Seed of the split"), msg("Same seed, same split"))}
              </div>
              <label class="choice">
                <input
                  type="checkbox"
                  .checked=${this.bySource}
                  aria-describedby="about-source"
                  @change=${(event: Event) => {
                    this.bySource = (event.target as HTMLInputElement).checked;
                    this.#tell();
                  }}
                />
                <span>${msg("Keep whole sources on one side")}</span>
                <span class="hint" id="about-source">
                  ${msg("A source is what stands before __ in a file’s name, or its folder below the class. Tells how well the network does on sources it never saw.")}
                </span>
              </label>`
      }
    </fieldset>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-split-choice": SplitChoice;
  }
}
