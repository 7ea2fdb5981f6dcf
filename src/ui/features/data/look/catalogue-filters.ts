import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { splitParts } from "../../../../domain/dataset/split-types.ts";
import {
  type CatalogueFilter,
  type CatalogueOrder,
  catalogueOrders,
  catalogueStates,
  noFilter,
} from "../../../../domain/look/catalogue.ts";
import { imageFindingKinds } from "../../../../domain/vetting/image-findings.ts";
import { TamisElement } from "../../../elements/base/tamis-element.ts";
import { icon } from "../../../elements/icon/icon.ts";
import { controls, foundation } from "../../../styles/shared.ts";
import { verdictWord } from "../../../text/words.ts";
import { findingKindWord, orderWord, partWord, stateWord } from "./look-words.ts";

type Choice = readonly [value: string, words: string];

/**
 * What a dataset's images are searched and filtered by, and their order.
 * @fires tamis-filter - detail: the new `CatalogueFilter`
 * @fires tamis-order - detail: the new `CatalogueOrder`
 */
@customElement("tamis-catalogue-filters")
export class CatalogueFilters extends TamisElement {
  static override styles = [
    foundation,
    controls,
    css`
      form {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
        gap: var(--space-3);
        align-items: end;
      }
      label {
        font-size: var(--text-small);
      }
      .search {
        grid-column: span 2;
        min-width: 0;
      }
      @media (min-width: 501px) and (max-width: 900px) {
        form {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
      @media (max-width: 500px) {
        .search {
          grid-column: auto;
        }
      }
    `,
  ];

  @property({ attribute: false }) filter: CatalogueFilter = noFilter;
  @property() order: CatalogueOrder = "name";
  @property({ attribute: false }) classNames: readonly string[] = [];

  #change(change: Partial<CatalogueFilter>): void {
    const detail = { ...this.filter, ...change };
    this.dispatchEvent(new CustomEvent<CatalogueFilter>("tamis-filter", { detail }));
  }

  /** One list for both: a class, or one of the two sides. */
  #chooseClass(value: string): void {
    if (value.startsWith("side ")) this.#change({ className: null, isPositive: value === "side photo" });
    else this.#change({ className: value === "" ? null : value.slice("class ".length), isPositive: null });
  }

  #classValue(): string {
    const { className, isPositive } = this.filter;
    if (className !== null) return `class ${className}`;
    return isPositive === null ? "" : isPositive ? "side photo" : "side not-photo";
  }

  #renderSelect(id: string, label: string, value: string, choices: readonly Choice[], choose: (value: string) => void) {
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <select id=${id} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
        ${choices.map(([own, words]) => html`<option value=${own} .selected=${own === value}>${words}</option>`)}
      </select>
    </div>`;
  }

  protected override render() {
    const { filter, order, classNames } = this;
    const any: Choice = ["", msg("All")];
    const classChoices: Choice[] = [
      any,
      ["side photo", verdictWord("photo")],
      ["side not-photo", verdictWord("not-photo")],
      ...classNames.map((name): Choice => [`class ${name}`, name]),
    ];
    const isFiltered = JSON.stringify({ ...filter, text: filter.text.trim() }) !== JSON.stringify(noFilter);
    return html`<form
      role="search"
      aria-label=${msg("Search and filter the images")}
      @submit=${(event: Event) => event.preventDefault()}
    >
      <div class="field search">
        <label for="text">${msg("Search by file name")}</label>
        <input
          id="text"
          type="search"
          autocomplete="off"
          spellcheck="false"
          .value=${filter.text}
          @input=${(event: Event) => this.#change({ text: (event.target as HTMLInputElement).value })}
        />
      </div>
      ${this.#renderSelect("class", msg("Class"), this.#classValue(), classChoices, (value) => this.#chooseClass(value))}
      ${this.#renderSelect(
        "part",
        msg("Split part"),
        filter.part ?? "",
        [any, ...splitParts.map((part): Choice => [part, partWord(part)])],
        (value) => this.#change({ part: splitParts.find((part) => part === value) ?? null }),
      )}
      ${this.#renderSelect(
        "finding",
        msg("Findings"),
        filter.finding ?? "",
        [
          any,
          ["any", msg("With any finding")],
          ...imageFindingKinds.map((kind): Choice => [kind, findingKindWord(kind)]),
        ],
        (value) =>
          this.#change({
            finding: value === "any" ? "any" : (imageFindingKinds.find((kind) => kind === value) ?? null),
          }),
      )}
      ${this.#renderSelect(
        "state",
        msg("State"),
        filter.state ?? "",
        [any, ...catalogueStates.map((state): Choice => [state, stateWord(state)])],
        (value) => this.#change({ state: catalogueStates.find((state) => state === value) ?? null }),
      )}
      ${this.#renderSelect(
        "order",
        msg("Sort"),
        order,
        catalogueOrders.map((own): Choice => [own, orderWord(own)]),
        (value) => {
          const detail = catalogueOrders.find((own) => own === value) ?? "name";
          this.dispatchEvent(new CustomEvent<CatalogueOrder>("tamis-order", { detail }));
        },
      )}
      ${
        isFiltered
          ? html`<button type="button" @click=${() => this.#change(noFilter)}>
              ${icon("close")}${msg("Show all images")}
            </button>`
          : nothing
      }
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-catalogue-filters": CatalogueFilters;
  }
}
