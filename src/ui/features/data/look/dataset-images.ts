import { consume } from "@lit/context";
import { msg, str } from "@lit/localize";
import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Dataset } from "../../../../domain/dataset/dataset.ts";
import {
  type CatalogueFilter,
  type CatalogueImage,
  type CatalogueOrder,
  noFilter,
  selectImages,
} from "../../../../domain/look/catalogue.ts";
import {
  allSelected,
  among,
  extendedTo,
  nothingSelected,
  type Selection,
  toggled,
} from "../../../../domain/look/selection.ts";
import { datasetContext, vettingContext } from "../../../contexts.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import type { ThumbnailSource } from "../../../elements/thumbnail/thumbnail.ts";
import type { GridPick, VirtualGrid } from "../../../elements/virtual-grid/virtual-grid.ts";
import "../../../elements/virtual-grid/virtual-grid.ts";
import type { DatasetService } from "../../../services/dataset-service.ts";
import type { VettingService } from "../../../services/vetting-service.ts";
import { controls, foundation, layout } from "../../../styles/shared.ts";
import { formatImages, formatNumber } from "../../../text/format.ts";
import "./catalogue-filters.ts";
import { decide, type LookDecision } from "./decide.ts";
import { imageTileHeight } from "./image-tile.ts";
import "./image-tile.ts";
import { imageLabel } from "./look-words.ts";
import "./selection-bar.ts";

/** What is to be shown large: an image among those that can be leafed through. */
export interface LookRequest {
  readonly ids: readonly string[];
  readonly id: string;
}

/**
 * All images of a dataset in a grid: searched, filtered, sorted, selected.
 * @fires tamis-look - detail: `LookRequest`
 */
@customElement("tamis-dataset-images")
export class DatasetImages extends TamisElement {
  static override styles = [
    foundation,
    controls,
    layout,
    css`
      .count {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: var(--space-1) var(--space-4);
      }
    `,
  ];

  @consume({ context: datasetContext }) private datasets!: DatasetService;
  @consume({ context: vettingContext }) private vetting!: VettingService;

  @property({ attribute: false }) shown: Dataset | null = null;
  /** Null until they are read. */
  @property({ attribute: false }) images: readonly CatalogueImage[] | null = null;
  @property({ attribute: false }) filter: CatalogueFilter = noFilter;
  @state() private order: CatalogueOrder = "name";
  @state() private selection: Selection = nothingSelected;
  @query("tamis-virtual-grid") private grid!: VirtualGrid<CatalogueImage> | null;

  #listed: readonly CatalogueImage[] = [];
  #ids: readonly string[] = [];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("images") && !changed.has("filter") && !changed.has("order")) return;
    this.#listed = selectImages(this.images ?? [], this.filter, this.order);
    this.#ids = this.#listed.map(idOf);
    // What is not seen is not changed either.
    this.selection = among(this.selection, this.#ids);
  }

  /** Gives the keyboard back to an image, after it was shown large. */
  focusImage(id: string): void {
    const index = this.#ids.indexOf(id);
    if (index >= 0) this.grid?.focusItem(index);
  }

  readonly #picked = ({ detail: { how, index } }: CustomEvent<GridPick>): void => {
    const id = this.#ids[index];
    if (id === undefined) return;
    switch (how) {
      case "open":
        this.dispatchEvent(new CustomEvent<LookRequest>("tamis-look", { detail: { ids: this.#ids, id } }));
        break;
      case "toggle":
        this.selection = toggled(this.selection, id);
        break;
      case "extend":
        this.selection = extendedTo(this.selection, this.#ids, id);
        break;
      case "all":
        this.selection = allSelected(this.selection, this.#ids);
        break;
      case "none":
        this.selection = nothingSelected;
        break;
    }
  };

  #decide(decision: LookDecision): void {
    void decide(this.vetting, this.#selected(), decision);
  }

  #selected(): readonly CatalogueImage[] {
    const { keys } = this.selection;
    return keys.size === 0 ? [] : this.#listed.filter((image) => keys.has(idOf(image)));
  }

  readonly #renderTile = (image: CatalogueImage) =>
    html`<tamis-image-tile
      .image=${image}
      .source=${this.#sourceOf(image)}
      ?selected=${this.selection.keys.has(idOf(image))}
    ></tamis-image-tile>`;

  #sourceOf({ image: { datasetId, imageId } }: CatalogueImage): ThumbnailSource {
    return { key: `${datasetId}/${imageId}`, load: () => this.datasets.thumbnail(datasetId, imageId) };
  }

  #renderCount(total: number) {
    const all = formatImages(total);
    const shown = formatNumber(this.#listed.length);
    return html`<p role="status" class="number">
      ${this.#listed.length === total ? all : msg(str`${shown} of ${all}`)}
    </p>`;
  }

  protected override render() {
    const { images, shown } = this;
    if (!shown) return nothing;
    if (!images) return html`<p class="soft" role="status">${msg("Loading…")}</p>`;
    return html`<div class="stack tight">
      <tamis-catalogue-filters
        .filter=${this.filter}
        .order=${this.order}
        .classNames=${shown.classNames}
        @tamis-filter=${({ detail }: CustomEvent<CatalogueFilter>) => (this.filter = detail)}
        @tamis-order=${({ detail }: CustomEvent<CatalogueOrder>) => (this.order = detail)}
      ></tamis-catalogue-filters>
      <div class="count">
        ${this.#renderCount(images.length)}
        <p class="small soft">${msg("Enter opens an image, Space selects it, Shift selects up to it.")}</p>
      </div>
      ${
        this.#listed.length === 0
          ? html`<p class="card soft">${msg("No image fits the search and the filters.")}</p>`
          : nothing
      }
      <tamis-virtual-grid
        .label=${msg("Images")}
        .items=${this.#listed}
        .keyOf=${idOf}
        .labelOf=${imageLabel}
        .renderItem=${this.#renderTile}
        .selected=${this.selection.keys}
        .minimumCellWidth=${140}
        .cellHeight=${imageTileHeight}
        @tamis-pick=${this.#picked}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Delete") this.#decide({ kind: "leave-out" });
        }}
      ></tamis-virtual-grid>
      <tamis-selection-bar
        .images=${this.#selected()}
        .classNames=${shown.classNames}
        @tamis-decide=${({ detail }: CustomEvent<LookDecision>) => this.#decide(detail)}
        @tamis-clear=${() => (this.selection = nothingSelected)}
      ></tamis-selection-bar>
    </div>`;
  }
}

function idOf({ image }: CatalogueImage): string {
  return image.imageId;
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-dataset-images": DatasetImages;
  }
}
