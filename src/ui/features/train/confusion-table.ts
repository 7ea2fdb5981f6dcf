import { msg } from "@lit/localize";
import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Confusion } from "../../../domain/metrics/confusion.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { foundation } from "../../styles/shared.ts";
import { formatNumber, formatShare } from "../../text/format.ts";

/** The confusion matrix: what images are against what the model says, as counts and as shares of each row. */
@customElement("tamis-confusion-table")
export class ConfusionTable extends TamisElement {
  static override styles = [
    foundation,
    css`
      table {
        width: 100%;
        max-width: 34rem;
        border-collapse: separate;
        border-spacing: 4px;
        font-variant-numeric: tabular-nums;
        table-layout: fixed;
      }
      th {
        font-size: var(--text-small);
        font-weight: 560;
        color: var(--ink-soft);
        padding: var(--space-1) var(--space-2);
        text-align: center;
      }
      tbody th {
        text-align: end;
      }
      thead td,
      col:first-child {
        width: 26%;
      }
      td.cell {
        padding: var(--space-4) var(--space-2);
        border-radius: var(--radius);
        text-align: center;
        background: var(--surface-sunken);
      }
      td.right {
        background: var(--photo-soft);
      }
      td.wrong {
        background: var(--review-soft);
      }
      .count {
        display: block;
        font-size: var(--text-display);
        font-weight: 620;
        letter-spacing: -0.02em;
        line-height: 1.2;
      }
      .right .count {
        color: var(--photo);
      }
      .wrong .count {
        color: var(--review);
      }
    `,
  ];

  @property({ attribute: false }) confusion: Confusion = { tp: 0, fp: 0, tn: 0, fn: 0 };

  #cell(count: number, row: number, right: boolean) {
    return html`<td class="cell ${right ? "right" : "wrong"}">
      <span class="count">${formatNumber(count)}</span>
      <span class="small">
        ${right ? msg("right") : msg("wrong")}${row > 0 ? html` · ${formatShare(count / row, 1)}` : ""}
      </span>
    </td>`;
  }

  protected override render() {
    const { tp, fp, tn, fn } = this.confusion;
    return html`<table>
      <caption class="visually-hidden">
        ${msg("Confusion matrix")}
      </caption>
      <thead>
        <tr>
          <td></td>
          <th scope="col">${msg("Model says: photo")}</th>
          <th scope="col">${msg("Model says: not a photo")}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">${msg("Is a photo")}</th>
          ${this.#cell(tp, tp + fn, true)} ${this.#cell(fn, tp + fn, false)}
        </tr>
        <tr>
          <th scope="row">${msg("Is not a photo")}</th>
          ${this.#cell(fp, fp + tn, false)} ${this.#cell(tn, fp + tn, true)}
        </tr>
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-confusion-table": ConfusionTable;
  }
}
