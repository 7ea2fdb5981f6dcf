import { msg } from "@lit/localize";
import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Finding } from "../../../../domain/dataset/dataset.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { foundation, layout, tables } from "../../../styles/shared.ts";
import { findingRemedy, findingWord } from "../../../text/words.ts";

/** Files that are not in the dataset: each with the reason and what to do about it. */
@customElement("tamis-file-findings")
export class FileFindings extends TamisElement {
  static override styles = [
    foundation,
    layout,
    tables,
    css`
      td {
        min-width: 10rem;
      }
    `,
  ];

  @property({ attribute: false }) files: readonly Finding[] = [];

  protected override render() {
    return html`<div class="card">
      <div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Files left out")}>
        <table>
          <caption class="visually-hidden">
            ${msg("Files left out")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${msg("File")}</th>
              <th scope="col">${msg("Reason")}</th>
              <th scope="col">${msg("What to do")}</th>
            </tr>
          </thead>
          <tbody>
            ${this.files.map(
              (finding) =>
                html`<tr>
                  <th scope="row" class="path">${finding.path}</th>
                  <td title=${finding.detail}>${findingWord(finding.reason)}</td>
                  <td>${findingRemedy(finding.reason)}</td>
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
    "tamis-file-findings": FileFindings;
  }
}
