import { msg } from "@lit/localize";
import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Confusion } from "../../../domain/metrics/confusion.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { controls, foundation } from "../../styles/shared.ts";
import { formatNumber, formatShare } from "../../text/format.ts";

/** A cell of the confusion matrix: what images are, and what the model says of them. */
export interface ConfusionCell {
  readonly isPositive: boolean;
  readonly saysPositive: boolean;
}

/**
 * The confusion matrix: what images are against what the model says, as counts and as shares of each row.
 * @fires tamis-choose-cell - detail: the cell whose images are wanted
 */
@customElement("tamis-confusion-table")
export class ConfusionTable extends TamisElement {
  static override styles = [
    foundation,
    controls,
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
        padding: 0;
      }
      td.cell button {
        display: block;
        width: 100%;
        padding: var(--space-4) var(--space-2);
        border: 1px solid transparent;
        border-radius: var(--radius);
        font-weight: 400;
        text-align: center;
      }
      td.right button {
        background: var(--photo-soft);
      }
      td.wrong button {
        background: var(--review-soft);
      }
      td.cell button:disabled {
        color: var(--ink);
        cursor: default;
      }
      td.cell button[aria-pressed="true"] {
        border-color: currentcolor;
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

  /** The cell whose images are shown. */
  @property({ attribute: false }) chosen: ConfusionCell | null = null;

  #cell(count: number, row: number, cell: ConfusionCell) {
    const right = cell.isPositive === cell.saysPositive;
    const { chosen } = this;
    const isChosen = chosen?.isPositive === cell.isPositive && chosen.saysPositive === cell.saysPositive;
    const choose = () => this.dispatchEvent(new CustomEvent<ConfusionCell>("tamis-choose-cell", { detail: cell }));
    return html`<td class="cell ${right ? "right" : "wrong"}">
      <button
        type="button"
        title=${msg("Show these images")}
        aria-pressed=${isChosen ? "true" : "false"}
        ?disabled=${count === 0}
        @click=${choose}
      >
        <span class="count">${formatNumber(count)}</span>
        <span class="small">
          ${right ? msg("right") : msg("wrong")}${row > 0 ? html` · ${formatShare(count / row, 1)}` : ""}
        </span>
      </button>
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
          ${this.#cell(tp, tp + fn, { isPositive: true, saysPositive: true })}
          ${this.#cell(fn, tp + fn, { isPositive: true, saysPositive: false })}
        </tr>
        <tr>
          <th scope="row">${msg("Is not a photo")}</th>
          ${this.#cell(fp, fp + tn, { isPositive: false, saysPositive: true })}
          ${this.#cell(tn, fp + tn, { isPositive: false, saysPositive: false })}
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
