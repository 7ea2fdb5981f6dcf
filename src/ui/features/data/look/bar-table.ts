import { msg } from "@lit/localize";
import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { styleMap } from "../../../elements/base/style-map.ts";
import { foundation, tables } from "../../../styles/shared.ts";
import { formatNumber, formatShare } from "../../../text/format.ts";
import { verdictWord } from "../../../text/words.ts";

export interface BarRow {
  readonly label: string;
  readonly positives: number;
  readonly negatives: number;
}

/** A bar chart that is a table: each row has its bar, photos before what is none, and its numbers. */
@customElement("tamis-bar-table")
export class BarTable extends TamisElement {
  static override styles = [
    foundation,
    tables,
    css`
      .bar {
        display: flex;
        gap: 1px;
        height: 0.9rem;
        min-width: 2.5rem;
      }
      .bar div {
        border-radius: 2px;
      }
      .photo {
        background: var(--photo);
      }
      .other {
        background: color-mix(in srgb, var(--line-strong) 70%, var(--surface));
      }
      th,
      td {
        padding: var(--space-1) var(--space-2);
        white-space: nowrap;
      }
      td.wide {
        width: 40%;
      }
      th .key {
        display: inline-block;
        width: 0.7em;
        height: 0.7em;
        margin-inline-end: 0.35em;
        border-radius: 2px;
      }
    `,
  ];

  @property() heading = "";
  /** What the rows are. */
  @property() of = "";
  @property({ attribute: false }) rows: readonly BarRow[] = [];

  protected override render() {
    const sum = ({ positives, negatives }: BarRow) => positives + negatives;
    const total = Math.max(
      1,
      this.rows.reduce((all, row) => all + sum(row), 0),
    );
    const longest = Math.max(1, ...this.rows.map(sum));
    const width = (count: number) => styleMap({ width: `${(100 * count) / longest}%` });
    return html`<div class="table-scroll">
      <table>
        <caption>
          ${this.heading}
        </caption>
        <thead>
          <tr>
            <th scope="col">${this.of}</th>
            <td class="wide"></td>
            <th scope="col" class="end"><span class="key photo"></span>${verdictWord("photo")}</th>
            <th scope="col" class="end"><span class="key other"></span>${verdictWord("not-photo")}</th>
            <th scope="col" class="end">${msg("Share")}</th>
          </tr>
        </thead>
        <tbody>
          ${this.rows.map(
            (row) =>
              html`<tr>
                <th scope="row">${row.label}</th>
                <td class="wide" aria-hidden="true">
                  <div class="bar">
                    <div class="photo" style=${width(row.positives)}></div>
                    <div class="other" style=${width(row.negatives)}></div>
                  </div>
                </td>
                <td class="end">${formatNumber(row.positives)}</td>
                <td class="end">${formatNumber(row.negatives)}</td>
                <td class="end">${formatShare(sum(row) / total, 1)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-bar-table": BarTable;
  }
}
