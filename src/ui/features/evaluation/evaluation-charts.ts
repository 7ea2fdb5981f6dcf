import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Confusion } from "../../../domain/metrics/confusion.ts";
import type { ReviewOutcome, ReviewPoint } from "../../../domain/metrics/review-band.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import "../../elements/chart/chart.ts";
import type { Chart } from "../../elements/chart/figure.ts";
import { foundation } from "../../styles/shared.ts";
import { formatFixed, formatNumber, formatShare } from "../../text/format.ts";
import type { Judgement } from "./judgement.ts";

/** The curves of an evaluation: ROC, precision and recall, reliability, and what a review band leaves. */
@customElement("tamis-evaluation-charts")
export class EvaluationCharts extends TamisElement {
  static override styles = [
    foundation,
    css`
      :host {
        display: grid;
        gap: var(--space-5);
        grid-template-columns: repeat(auto-fit, minmax(min(max(19rem, 40%), 100%), 1fr));
      }
      tamis-chart {
        min-width: 0;
      }
    `,
  ];

  @property({ attribute: false }) judgement: Judgement | null = null;
  @property({ attribute: false }) confusion: Confusion | null = null;
  @property({ attribute: false }) reviewCurve: readonly ReviewPoint[] = [];
  @property({ attribute: false }) outcome: ReviewOutcome | null = null;

  #roc({ roc, rankingFigures }: Judgement, { tp, fn, fp, tn }: Confusion) {
    const auroc = rankingFigures.figures().auroc.value;
    if (!roc || auroc === null) return nothing;
    const chart: Chart = {
      xLabel: msg("Non-photos let through"),
      yLabel: msg("Photos found"),
      line: roc.falsePositiveRate.map((x, i) => ({ x, y: roc.truePositiveRate[i]! })),
      diagonal: true,
      mark: { x: fp / (fp + tn), y: tp / (tp + fn) },
    };
    const area = formatFixed(auroc, 3);
    return html`<tamis-chart
      .heading=${msg("ROC curve")}
      .summary=${msg(str`Area: ${area}. The circle is the threshold.`)}
      .chart=${chart}
    ></tamis-chart>`;
  }

  #precisionRecall({ precisionRecall, rankingFigures }: Judgement, { tp, fp, fn }: Confusion) {
    const average = rankingFigures.figures().averagePrecision.value;
    if (!precisionRecall || average === null) return nothing;
    const chart: Chart = {
      xLabel: msg("Recall"),
      yLabel: msg("Precision"),
      line: precisionRecall.recall.map((x, i) => ({ x, y: precisionRecall.precision[i]! })),
      steps: true,
      mark: tp + fp > 0 ? { x: tp / (tp + fn), y: tp / (tp + fp) } : null,
    };
    const value = formatFixed(average, 3);
    return html`<tamis-chart
      .heading=${msg("Precision and recall")}
      .summary=${msg(str`Average precision: ${value}. The circle is the threshold.`)}
      .chart=${chart}
    ></tamis-chart>`;
  }

  #reliability({ reliability }: Judgement) {
    const line = reliability.bins.flatMap(({ count, meanPredicted, sharePositive }) => {
      if (meanPredicted === null || sharePositive === null) return [];
      const says = formatShare(meanPredicted, 1);
      const is = formatShare(sharePositive, 1);
      const n = formatNumber(count);
      return [{ x: meanPredicted, y: sharePositive, title: msg(str`says ${says}, is ${is} (images: ${n})`) }];
    });
    const chart: Chart = {
      xLabel: msg("Probability of a photo"),
      yLabel: msg("Share of photos"),
      line,
      dots: true,
      diagonal: true,
    };
    const error = formatShare(reliability.error, 1);
    return html`<tamis-chart
      .heading=${msg("Reliability")}
      .summary=${msg(str`Expected calibration error: ${error}. On the dotted line a probability means what it says.`)}
      .chart=${chart}
    ></tamis-chart>`;
  }

  #review({ images }: Judgement) {
    const { outcome, reviewCurve } = this;
    if (!outcome || images === 0) return nothing;
    const shown = reviewCurve.filter(({ share }) => share <= 0.5);
    const highest = Math.max(0.01, ...shown.map(({ errorsLeft }) => errorsLeft));
    const chart: Chart = {
      xLabel: msg("Shown to a person"),
      yLabel: msg("Errors left"),
      xEnd: 0.5,
      yEnd: Math.ceil(highest * 105) / 100,
      line: shown.map(({ share, errorsLeft }) => ({ x: share, y: errorsLeft })),
      mark: { x: outcome.reviewed / images, y: (outcome.missed + outcome.letThrough) / images },
    };
    return html`<tamis-chart
      .heading=${msg("Review band")}
      .summary=${msg("What showing the most doubtful scans to a person leaves. The circle is the band.")}
      .chart=${chart}
    ></tamis-chart>`;
  }

  protected override render() {
    const { judgement, confusion } = this;
    if (!judgement || !confusion) return nothing;
    return html`${this.#roc(judgement, confusion)}${this.#precisionRecall(judgement, confusion)}
    ${this.#reliability(judgement)}${this.#review(judgement)}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-evaluation-charts": EvaluationCharts;
  }
}
