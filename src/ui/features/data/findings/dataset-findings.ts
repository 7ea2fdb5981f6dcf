import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Dataset, Finding } from "../../../../domain/dataset/dataset.ts";
import { datasetContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import type { DatasetService } from "../../../services.ts";
import { controls, foundation, layout, tables } from "../../../styles/shared.ts";
import { formatFiles, formatNumber } from "../../../text/format.ts";
import { findingRemedy, findingWord } from "../../../text/words.ts";

/** A folder full of something else gives thousands; a table of them all would stall the screen. */
const findingsAtOnce = 200;

/** What is wrong with a dataset's files. */
@customElement("tamis-dataset-findings")
export class DatasetFindings extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    tables,
    css`
      .findings {
        max-height: 26rem;
        overflow: auto;
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;

  @property({ attribute: false }) shown: Dataset | null = null;
  @state() private files: readonly Finding[] = [];
  @state() private atOnce = findingsAtOnce;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("shown")) void this.#read();
  }

  async #read(): Promise<void> {
    const id = this.shown?.id;
    const files = id === undefined ? [] : await this.datasets.findings(id);
    if (this.shown?.id === id) this.files = files;
  }

  #renderFiles() {
    const count = formatFiles(this.files.length);
    const more = formatNumber(Math.min(findingsAtOnce, this.files.length - this.atOnce));
    return html`<section class="stack tight">
      <div>
        <h2>${msg(str`Left out: ${count}`)}</h2>
        <p class="lead">${msg("These files could not be read. Everything else was imported.")}</p>
      </div>
      <div class="card">
        <div class="table-scroll findings" tabindex="0" role="region" aria-label=${msg("Files left out")}>
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
              ${this.files.slice(0, this.atOnce).map(
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
        ${
          this.files.length > this.atOnce
            ? html`<button type="button" @click=${() => (this.atOnce += findingsAtOnce)}>
                ${msg(str`Show ${more} more`)}
              </button>`
            : nothing
        }
      </div>
    </section>`;
  }

  protected override render() {
    return this.files.length > 0 ? this.#renderFiles() : nothing;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-dataset-findings": DatasetFindings;
  }
}
