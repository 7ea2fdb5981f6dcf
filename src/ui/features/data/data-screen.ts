import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Dataset } from "../../../domain/dataset/dataset.ts";
import { datasetContext } from "../../contexts.ts";
import { TamisElement } from "../../elements/base/tamis-element.ts";
import { icon } from "../../elements/icon/icon.ts";
import { hrefOf } from "../../routes.ts";
import type { DatasetService } from "../../services/dataset-service.ts";
import { controls, foundation, layout } from "../../styles/shared.ts";
import { formatDate, formatFiles, formatImages, formatNumber, plural } from "../../text/format.ts";
import "./class-bar.ts";
import "./dataset-detail.ts";
import "./import-panel.ts";
import "./interrupted-imports.ts";

/** The annotated images: import a folder, see which datasets there are, look into one. */
@customElement("tamis-data-screen")
export class DataScreen extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      .list {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr));
        gap: var(--space-4);
      }
      a.card {
        display: grid;
        gap: var(--space-3);
        color: inherit;
        text-decoration: none;
        transition:
          border-color var(--transition),
          box-shadow var(--transition);
      }
      a.card:hover {
        border-color: var(--accent);
      }
      a.card h3 {
        font-size: var(--text-large);
        overflow-wrap: anywhere;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: var(--space-1) var(--space-4);
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;

  /** The dataset to look into; null for the list. */
  @property({ attribute: false }) datasetId: string | null = null;

  #renderOne(dataset: Dataset) {
    const images = dataset.classCounts.reduce((sum, count) => sum + count, 0);
    const classes = formatNumber(dataset.classNames.length);
    return html`<li>
      <a class="card" href=${hrefOf("data", dataset.id)}>
        <div>
          <h3>${dataset.name}</h3>
          <p class="small soft">${formatDate(dataset.createdAt)}</p>
        </div>
        <tamis-class-bar .shown=${dataset}></tamis-class-bar>
        <div class="row small">
          <span class="number">
            ${formatImages(images)} ·
            ${plural(dataset.classNames.length, {
              one: msg(str`${classes} class`),
              other: msg(str`${classes} classes`),
            })}
          </span>
          ${
            dataset.findingCount > 0
              ? html`<span class="tag review">
                  ${icon("warning")}${formatFiles(dataset.findingCount)} ${msg("left out")}
                </span>`
              : nothing
          }
        </div>
      </a>
    </li>`;
  }

  protected override render() {
    const list = this.stores.read(this.datasets.datasets);
    if (this.datasetId !== null) {
      const dataset = list.find((candidate) => candidate.id === this.datasetId) ?? null;
      return html`<tamis-dataset-detail .shown=${dataset}></tamis-dataset-detail>`;
    }
    return html`<div class="stack">
      <div>
        <h1>${msg("Data")}</h1>
        <p class="lead">${msg("The annotated images that a network learns from.")}</p>
      </div>
      <tamis-interrupted-imports></tamis-interrupted-imports>
      <tamis-import-panel ?teaching=${list.length === 0}></tamis-import-panel>
      ${
        list.length > 0
          ? html`<section class="stack tight">
              <h2>${msg("Datasets")}</h2>
              <ul class="list" role="list">
                ${list.map((dataset) => this.#renderOne(dataset))}
              </ul>
            </section>`
          : nothing
      }
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-data-screen": DataScreen;
  }
}
