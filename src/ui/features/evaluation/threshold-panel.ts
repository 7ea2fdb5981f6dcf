import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Ranking } from "../../../domain/metrics/ranking.ts";
import type { ReviewOutcome } from "../../../domain/metrics/review-band.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatFixed, formatImages, formatShare } from "../../text/format.ts";
import { firstWish, thresholdFor, type ThresholdMethod, type ThresholdWish } from "./threshold-choice.ts";

/** The share of scans up to which a review band can be drawn. */
const largestReviewShare = 0.5;

/**
 * Chooses the threshold and the review band, on the validation images.
 * @fires tamis-threshold - detail: the new threshold
 * @fires tamis-review-share - detail: the share of scans that a person is to be shown, 0 to 1
 */
@customElement("tamis-threshold-panel")
export class ThresholdPanel extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      :host {
        display: grid;
        gap: var(--space-4);
      }
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      legend {
        padding: 0 0 var(--space-2);
        font-weight: 560;
      }
      .methods {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--space-5);
      }
      .methods label {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
        min-height: var(--target);
        font-weight: 400;
      }
      .wish {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 16rem));
        gap: var(--space-3) var(--space-4);
      }
      input[type="range"] {
        padding: 0;
        border: 0;
        background: none;
        accent-color: var(--accent);
      }
      output {
        font-variant-numeric: tabular-nums;
        font-weight: 620;
      }
    `,
  ];

  /** Of the validation images. */
  @property({ attribute: false }) ranking: Ranking | null = null;
  @property({ type: Number }) threshold = 0.5;
  @property({ type: Number }) reviewShare = 0;
  @property({ attribute: false }) outcome: ReviewOutcome | null = null;
  @property({ type: Number }) images = 0;
  @property({ attribute: false }) wish: ThresholdWish = firstWish;

  #choose(threshold: number): void {
    this.dispatchEvent(new CustomEvent<number>("tamis-threshold", { detail: threshold }));
  }

  #wishes(change: Partial<ThresholdWish>): void {
    this.wish = { ...this.wish, ...change };
    const threshold = this.ranking && thresholdFor(this.wish, this.ranking);
    if (threshold !== null) this.#choose(threshold);
  }

  #moved(event: Event): void {
    this.wish = { ...this.wish, method: "hand" };
    this.#choose(Number((event.target as HTMLInputElement).value));
  }

  #share(event: Event): void {
    const share = Number((event.target as HTMLInputElement).value);
    this.dispatchEvent(new CustomEvent<number>("tamis-review-share", { detail: share }));
  }

  #renderMethod(method: ThresholdMethod, label: string) {
    return html`<label
      ><input
        type="radio"
        name="method"
        .checked=${this.wish.method === method}
        @change=${() => this.#wishes({ method })}
      />${label}</label
    >`;
  }

  #number(id: "missed" | "letThrough", label: string) {
    const changed = (event: Event): void => {
      const value = Number((event.target as HTMLInputElement).value);
      if (value >= 0 && Number.isFinite(value)) this.#wishes({ [id]: value });
    };
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} type="number" min="0" step="0.5" .value=${String(this.wish[id])} @input=${changed} />
    </div>`;
  }

  #renderWish() {
    const { method } = this.wish;
    if (method === "hand") return nothing;
    if (method === "cost") {
      return html`<div class="wish">
        ${this.#number("missed", msg("A photo missed costs"))}
        ${this.#number("letThrough", msg("A non-photo let through costs"))}
      </div>`;
    }
    const changed = (event: Event): void => {
      const share = Number((event.target as HTMLInputElement).value) / 100;
      if (share >= 0 && share <= 1) this.#wishes({ [method]: share });
    };
    const isImpossible = this.ranking !== null && thresholdFor(this.wish, this.ranking) === null;
    return html`<div class="wish">
      <div class="field">
        <label for="wanted">
          ${method === "precision" ? msg("Wanted precision, in percent") : msg("Wanted recall, in percent")}
        </label>
        <input
          id="wanted"
          type="number"
          min="0"
          max="100"
          step="0.5"
          .value=${String(Math.round(this.wish[method] * 1000) / 10)}
          @input=${changed}
        />
        ${isImpossible ? html`<p class="problem" role="status">${msg("No threshold reaches this.")}</p>` : nothing}
      </div>
    </div>`;
  }

  #renderReview() {
    const { outcome, images } = this;
    if (!outcome || images === 0) return nothing;
    const errors = outcome.missed + outcome.letThrough;
    const shown = formatShare(outcome.reviewed / images, 1);
    const shownImages = formatImages(outcome.reviewed);
    const left = formatShare(errors / images, 1);
    const missed = formatImages(outcome.missed);
    const through = formatImages(outcome.letThrough);
    return html`<div class="field">
      <label for="review">${msg("Review band: doubtful scans are shown to a person")}</label>
      <input
        id="review"
        type="range"
        min="0"
        max=${largestReviewShare}
        step="0.005"
        .value=${String(this.reviewShare)}
        aria-valuetext=${shown}
        @input=${(event: Event) => this.#share(event)}
      />
      <p class="small" role="status">
        ${msg(str`Shown: ${shown} (${shownImages}). Errors left in the rest: ${left} of all, photos missed: ${missed}, non-photos let through: ${through}.`)}
      </p>
    </div>`;
  }

  protected override render() {
    const value = formatFixed(this.threshold, 3);
    return html`
      <fieldset>
        <legend>${msg("Choose the threshold")}</legend>
        <div class="methods">
          ${this.#renderMethod("hand", msg("by hand"))} ${this.#renderMethod("cost", msg("by what a mistake costs"))}
          ${this.#renderMethod("precision", msg("for a precision"))}
          ${this.#renderMethod("recall", msg("for a recall"))}
        </div>
      </fieldset>
      ${this.#renderWish()}
      <div class="field">
        <label for="threshold">${msg("Photo where the probability is at least")} <output>${value}</output></label>
        <input
          id="threshold"
          type="range"
          min="0"
          max="1"
          step="0.001"
          .value=${String(this.threshold)}
          aria-valuetext=${value}
          @input=${(event: Event) => this.#moved(event)}
        />
      </div>
      ${this.#renderReview()}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-threshold-panel": ThresholdPanel;
  }
}
