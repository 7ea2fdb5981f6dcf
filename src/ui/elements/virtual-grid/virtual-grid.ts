import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "../base/style-map.ts";
import { foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { indexAfterKey } from "./grid-keys.ts";

/** Rows kept ready above and below what is in view, for scrolling and for Tab. */
const overscan = 3;

/** What a person does with an item of a grid whose items can be selected. `all` and `none` are about every item. */
export interface GridPick {
  readonly how: "open" | "toggle" | "extend" | "all" | "none";
  readonly index: number;
}

/** What in a cell is clicked to select rather than to open: any element with this attribute. */
const checkAttribute = "data-check";

/**
 * A grid of equal cells that follows the page's scrolling and renders only those near the view, so that thousands cost what dozens do.
 * To assistive technology it is a list with its true length; with `selected`, a list box, whose items the keyboard reaches: arrows, Home, End and Page
 * move, Enter opens, Space selects, with Shift from the last one on, Ctrl A selects all, Escape none.
 * @fires tamis-pick - detail: `GridPick`
 */
@customElement("tamis-virtual-grid")
export class VirtualGrid<T = unknown> extends TamisElement {
  static override styles = [
    foundation,
    css`
      .list {
        position: relative;
      }
      .cell {
        position: absolute;
        top: 0;
        left: 0;
        scroll-margin-block: var(--grid-scroll-margin, 5rem) 1rem;
      }
      [role="option"] {
        user-select: none;
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) items: readonly T[] = [];
  @property({ attribute: false }) keyOf: (item: T) => string = String;
  @property({ attribute: false }) renderItem: (item: T, index: number) => TemplateResult = () => html``;
  /** What the list holds, for assistive technology. */
  @property() label = "";
  /** In CSS pixels; cells grow to fill the width. */
  @property({ type: Number }) minimumCellWidth = 180;
  /** Height of a cell for its width, in CSS pixels. */
  @property({ attribute: false }) cellHeight: (width: number) => number = (width) => width;
  @property({ type: Number }) gap = 12;
  /** Keys of the selected items; null where none can be. */
  @property({ attribute: false }) selected: ReadonlySet<string> | null = null;
  /** What an item that can be selected is called, for assistive technology. */
  @property({ attribute: false }) labelOf: (item: T) => string = String;

  @state() private width = 0;
  /** First and last row to render. */
  @state() private rows: { readonly first: number; readonly last: number } = { first: 0, last: 8 };

  /** The item that Tab reaches. */
  @state() private active = 0;
  #isFocusDue = false;
  #observer: ResizeObserver | null = null;
  #frame = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(this.#look);
    this.#observer.observe(this);
    window.addEventListener("scroll", this.#look, { passive: true });
    window.addEventListener("resize", this.#look, { passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#observer = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    window.removeEventListener("scroll", this.#look);
    window.removeEventListener("resize", this.#look);
  }

  #cell(): { readonly columns: number; readonly width: number; readonly height: number } {
    const columns = Math.max(1, Math.floor((this.width + this.gap) / (this.minimumCellWidth + this.gap)));
    const width = Math.floor((this.width - this.gap * (columns - 1)) / columns);
    return { columns, width, height: Math.round(this.cellHeight(width)) };
  }

  /** Finds the width and the rows in view, once a frame: rendering while sizes are being observed would change what is observed. */
  readonly #look = (): void => {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.width = this.clientWidth;
      const pitch = this.#cell().height + this.gap;
      const above = -this.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(above / pitch) - overscan);
      const last = Math.max(first, Math.ceil((above + window.innerHeight) / pitch) + overscan);
      if (first !== this.rows.first || last !== this.rows.last) this.rows = { first, last };
    });
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("items")) this.active = Math.min(this.active, Math.max(0, this.items.length - 1));
  }

  protected override updated(): void {
    this.#look();
    if (!this.#isFocusDue) return;
    this.#isFocusDue = false;
    const cell = this.renderRoot.querySelector<HTMLElement>(`[data-index="${this.active}"]`);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: "nearest" });
  }

  /** Gives an item the keyboard, and shows it. */
  focusItem(index: number): void {
    this.active = index;
    this.#isFocusDue = true;
    this.requestUpdate();
  }

  #pick(how: GridPick["how"], index: number): void {
    this.dispatchEvent(new CustomEvent<GridPick>("tamis-pick", { detail: { how, index } }));
  }

  /** Also where an assistive technology moved the keyboard. */
  #focused(event: FocusEvent): void {
    const index = (event.target as HTMLElement).dataset["index"];
    if (this.selected && index !== undefined) this.active = Number(index);
  }

  #clicked(event: MouseEvent): void {
    const path = event.composedPath().filter((node) => node instanceof HTMLElement);
    const cell = path.find((element) => element.dataset["index"] !== undefined);
    if (!this.selected || !cell) return;
    const index = Number(cell.dataset["index"]);
    this.active = index;
    const isCheck = path.some((element) => element.hasAttribute(checkAttribute));
    if (event.shiftKey) this.#pick("extend", index);
    else this.#pick(isCheck || event.ctrlKey || event.metaKey ? "toggle" : "open", index);
  }

  #pressed(event: KeyboardEvent): void {
    if (!this.selected || event.altKey) return;
    const index = this.active;
    const { key, shiftKey } = event;
    if (key === "Enter") this.#pick("open", index);
    else if (key === " ") this.#pick(shiftKey ? "extend" : "toggle", index);
    else if (key === "Escape" && this.selected.size > 0) this.#pick("none", index);
    else if (key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) this.#pick("all", index);
    else {
      const { columns, height } = this.#cell();
      const pageRows = Math.max(1, Math.floor(window.innerHeight / (height + this.gap)) - 1);
      const next = indexAfterKey(key, index, { count: this.items.length, columns, pageRows });
      if (next === null) return;
      this.focusItem(next);
      if (shiftKey) {
        // A range begins where the keyboard is.
        if (this.selected.size === 0) this.#pick("toggle", index);
        this.#pick("extend", next);
      }
    }
    event.preventDefault();
  }

  #renderCell(item: T, index: number, place: Record<string, string>) {
    const { selected } = this;
    const isOption = selected !== null;
    return html`<div
      class="cell"
      role=${isOption ? "option" : "listitem"}
      aria-setsize=${this.items.length}
      aria-posinset=${index + 1}
      aria-selected=${isOption ? selected.has(this.keyOf(item)) : nothing}
      aria-label=${isOption ? this.labelOf(item) : nothing}
      tabindex=${isOption ? (index === this.active ? 0 : -1) : nothing}
      data-index=${index}
      style=${styleMap(place)}
    >
      ${this.renderItem(item, index)}
    </div>`;
  }

  protected override render() {
    const isListBox = this.selected !== null;
    const role = isListBox ? "listbox" : "list";
    // A list box without an item is none.
    if (isListBox && (this.width === 0 || this.items.length === 0)) return nothing;
    if (this.width === 0) return html`<div class="list" role="list" aria-label=${this.label}></div>`;
    const { columns, width, height } = this.#cell();
    const from = Math.min(this.rows.first * columns, Math.max(0, this.items.length - columns));
    const to = Math.min((this.rows.last + 1) * columns, this.items.length);
    const near = Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
    // It keeps the keyboard wherever the page is scrolled to.
    if (isListBox && this.active < from) near.unshift(this.active);
    else if (isListBox && this.active >= to) near.push(this.active);
    const rowCount = Math.ceil(this.items.length / columns);
    const total = rowCount === 0 ? 0 : rowCount * (height + this.gap) - this.gap;
    return html`<div
      class="list"
      role=${role}
      aria-label=${this.label}
      aria-multiselectable=${isListBox ? "true" : nothing}
      style=${styleMap({ height: `${total}px` })}
      @keydown=${this.#pressed}
      @click=${this.#clicked}
      @focusin=${this.#focused}
    >
      ${repeat(
        near,
        (index) => this.keyOf(this.items[index]!),
        (index) => {
          const x = (index % columns) * (width + this.gap);
          const y = Math.floor(index / columns) * (height + this.gap);
          const place = { width: `${width}px`, height: `${height}px`, transform: `translate(${x}px, ${y}px)` };
          return this.#renderCell(this.items[index]!, index, place);
        },
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-virtual-grid": VirtualGrid;
  }
}
