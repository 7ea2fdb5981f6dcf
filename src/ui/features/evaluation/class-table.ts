import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ClassFigures } from "../../../domain/metrics/figures.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import { controls, foundation, tables } from "../../styles/shared.ts";
import { formatNumber, formatShare } from "../../text/format.ts";
import { intervalText } from "./words.ts";

/**
 * Each original class: how many images, how many of them wrong, and the share that is right with its interval.
 * @fires tamis-choose-class - detail: the name of the class whose mistakes are wanted
 */
@customElement("tamis-class-table")
export class ClassTable extends TamisElement {
  static override styles = [
    foundation,
    controls,
    tables,
    css`
      .positive {
        color: var(--photo);
      }
      /* Its number stands under those that are no button. */
      td button.quiet {
        min-width: var(--target);
        padding-inline: var(--space-3);
        margin-inline-end: calc(-1 * var(--space-3));
        justify-content: end;
        color: var(--accent);
      }
      td.end {
        white-space: nowrap;
      }
      td,
      th {
        padding-block: 0;
        height: var(--target);
      }
    `,
  ];

  @property({ attribute: false }) classes: readonly ClassFigures[] = [];
  @property() positiveClass = "";

  #choose(className: string): void {
    this.dispatchEvent(new CustomEvent<string>("tamis-choose-class", { detail: className }));
  }

  #row({ className, n, wrong, right }: ClassFigures) {
    const [low, high] = right.interval ?? [null, null];
    return html`<tr>
      <th scope="row">
        ${className}
        ${
          className === this.positiveClass
            ? html`<span class="positive" title=${msg("Counts as photo")}>${icon("photo")}</span>
                <span class="visually-hidden">${msg("(counts as photo)")}</span>`
            : nothing
        }
      </th>
      <td class="end">${formatNumber(n)}</td>
      <td class="end">
        ${
          wrong === 0
            ? formatNumber(0)
            : html`<button type="button" class="quiet" @click=${() => this.#choose(className)}>
                ${formatNumber(wrong)}<span class="visually-hidden">${msg("wrong: show them")}</span>
              </button>`
        }
      </td>
      <td class="end">${right.value === null ? "–" : formatShare(right.value, 1)}</td>
      <td class="end soft small">
        ${low === null || high === null ? "–" : intervalText(formatShare(low, 1), formatShare(high, 1))}
      </td>
    </tr>`;
  }

  protected override render() {
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${msg("By original class")}>
      <table>
        <caption class="visually-hidden">
          ${msg("By original class")}
        </caption>
        <thead>
          <tr>
            <th scope="col">${msg("Class")}</th>
            <th scope="col" class="end">${msg("Images")}</th>
            <th scope="col" class="end">${msg("Wrong")}</th>
            <th scope="col" class="end">${msg("Right")}</th>
            <th scope="col" class="end">${msg("95% interval")}</th>
          </tr>
        </thead>
        <tbody>
          ${this.classes.map((figures) => this.#row(figures))}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-class-table": ClassTable;
  }
}
