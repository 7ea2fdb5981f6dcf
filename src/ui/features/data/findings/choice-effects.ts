import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ClassEffect } from "../../../../domain/vetting/choice-effects.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { foundation, layout, tables } from "../../../styles/shared.ts";
import { formatNumber } from "../../../text/format.ts";

/** What people's choices make of the classes; nothing where they change nothing. */
@customElement("tamis-choice-effects")
export class ChoiceEffects extends TamisElement {
  static override styles = [
    foundation,
    layout,
    tables,
    css`
      .changed {
        font-weight: 620;
      }
    `,
  ];

  @property({ attribute: false }) effects: readonly ClassEffect[] = [];

  protected override render() {
    if (this.effects.every(({ leftOut, movedIn, movedOut }) => leftOut + movedIn + movedOut === 0)) return nothing;
    const column = (value: number, sign: string) =>
      html`<td class="end number">${value === 0 ? "–" : `${sign}${formatNumber(value)}`}</td>`;
    return html`<div class="card">
      <div class="table-scroll">
        <table>
          <caption>
            ${msg("What the choices change")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${msg("Class")}</th>
              <th scope="col" class="end">${msg("In the folders")}</th>
              <th scope="col" class="end">${msg("Moved away")}</th>
              <th scope="col" class="end">${msg("Moved here")}</th>
              <th scope="col" class="end">${msg("Left out")}</th>
              <th scope="col" class="end">${msg("As trained")}</th>
            </tr>
          </thead>
          <tbody>
            ${this.effects.map(
              ({ className, found, movedOut, movedIn, leftOut, trained }) =>
                html`<tr>
                  <th scope="row">${className}</th>
                  <td class="end number">${formatNumber(found)}</td>
                  ${column(movedOut, "−")} ${column(movedIn, "+")} ${column(leftOut, "−")}
                  <td class="end number ${trained === found ? "" : "changed"}">${formatNumber(trained)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-choice-effects": ChoiceEffects;
  }
}
