import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { reliability } from "../../../domain/metrics/reliability.ts";
import { fitTemperature } from "../../../domain/metrics/temperature.ts";
import { logitsOf, temperedProbability } from "../../../domain/model/calibration.ts";
import type { JudgedImages } from "../../../domain/run/predictions.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatFixed, formatShare } from "../../text/format.ts";

/** Temperatures nearer to 1 than this change nothing that anybody sees. */
const negligible = 0.02;

interface Fitted {
  readonly temperature: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Offers the temperature that fits the validation images.
 * @fires tamis-temper - detail: the temperature
 */
@customElement("tamis-calibration-note")
export class CalibrationNote extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      p {
        max-width: 68ch;
      }
    `,
  ];

  /** The validation images. */
  @property({ attribute: false }) judged: JudgedImages | null = null;
  @state() private fitted: Fitted | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("judged") || !this.judged) return;
    const { labels, probabilities } = this.judged;
    const { temperature } = fitTemperature(labels, logitsOf(probabilities));
    const after = probabilities.map((p) => temperedProbability(p, temperature));
    this.fitted = {
      temperature,
      before: reliability(labels, probabilities, "width").error,
      after: reliability(labels, after, "width").error,
    };
  }

  protected override render() {
    const { fitted } = this;
    if (!fitted) return nothing;
    const temperature = formatFixed(fitted.temperature, 2);
    const before = formatShare(fitted.before, 1);
    const after = formatShare(fitted.after, 1);
    if (Math.abs(fitted.temperature - 1) < negligible) {
      return html`<p class="small soft">
        ${msg(str`Temperature scaling has nothing to correct: the best temperature is ${temperature}.`)}
      </p>`;
    }
    const direction =
      fitted.temperature > 1
        ? msg("The probabilities are too sure of themselves.")
        : msg("The probabilities are surer than they say.");
    return html`<div class="head">
      <p class="small">
        ${direction}
        ${msg(str`Divided by a temperature of ${temperature}, their calibration error on the validation images goes from ${before} to ${after}; no verdict changes.`)}
      </p>
      <button
        type="button"
        @click=${() => this.dispatchEvent(new CustomEvent<number>("tamis-temper", { detail: fitted.temperature }))}
      >
        ${msg("Calibrate")}
      </button>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-calibration-note": CalibrationNote;
  }
}
