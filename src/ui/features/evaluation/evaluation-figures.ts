import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Figure, FiguresOf } from "../../../domain/metrics/figures.ts";
import type { RankingFigure, VerdictFigure } from "../../../domain/metrics/measures.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { foundation, layout } from "../../styles/shared.ts";
import { formatFixed, formatShare } from "../../text/format.ts";
import { intervalText } from "./words.ts";

/** The figures of a judgement, each with its 95 % interval. */
@customElement("tamis-evaluation-figures")
export class EvaluationFigures extends TamisElement {
  static override styles = [
    foundation,
    layout,
    css`
      dl.facts {
        grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
      }
      .interval {
        display: block;
        font-size: var(--text-small);
        font-weight: 400;
        color: var(--ink-soft);
        letter-spacing: 0;
        min-height: 1.5em;
      }
    `,
  ];

  @property({ attribute: false }) verdicts: FiguresOf<VerdictFigure> | null = null;
  @property({ attribute: false }) ranking: FiguresOf<RankingFigure> | null = null;

  #fact(name: string, figure: Figure, asShare: boolean) {
    const write = (value: number): string => (asShare ? formatShare(value, 1) : formatFixed(value, 3));
    const { value, interval } = figure;
    return html`<div>
      <dt>${name}</dt>
      <dd>
        ${value === null ? "–" : write(value)}<span class="interval"
          >${interval ? intervalText(write(interval[0]), write(interval[1])) : nothing}</span
        >
      </dd>
    </div>`;
  }

  protected override render() {
    const { verdicts, ranking } = this;
    if (!verdicts || !ranking) return nothing;
    return html`<dl class="facts big">
      ${this.#fact(msg("Balanced accuracy"), verdicts.balancedAccuracy, true)}
      ${this.#fact(msg("Precision"), verdicts.precision, true)} ${this.#fact(msg("Recall"), verdicts.recall, true)}
      ${this.#fact(msg("F1"), verdicts.f1, false)} ${this.#fact(msg("Accuracy"), verdicts.accuracy, true)}
      ${this.#fact(msg("AUROC"), ranking.auroc, false)}
      ${this.#fact(msg("Average precision"), ranking.averagePrecision, false)}
      ${this.#fact(msg("Calibration error"), ranking.calibrationError, true)}
    </dl>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-evaluation-figures": EvaluationFigures;
  }
}
