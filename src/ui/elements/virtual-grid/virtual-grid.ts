import { css, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "../base/style-map.ts";
import { foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";

/** Rows kept ready above and below what is in view, for scrolling and for Tab. */
const overscan = 3;

/**
 * A grid of equal cells that follows the page's scrolling and renders only those near the view, so that thousands cost what dozens do.
 * To assistive technology it is a list with its true length.
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

  @state() private width = 0;
  /** First and last row to render. */
  @state() private rows: { readonly first: number; readonly last: number } = { first: 0, last: 8 };

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

  protected override updated(): void {
    this.#look();
  }

  protected override render() {
    if (this.width === 0) return html`<div class="list" role="list" aria-label=${this.label}></div>`;
    const { columns, width, height } = this.#cell();
    const from = Math.min(this.rows.first * columns, Math.max(0, this.items.length - columns));
    const near = this.items.slice(from, (this.rows.last + 1) * columns);
    const rowCount = Math.ceil(this.items.length / columns);
    const total = rowCount === 0 ? 0 : rowCount * (height + this.gap) - this.gap;
    return html`<div class="list" role="list" aria-label=${this.label} style=${styleMap({ height: `${total}px` })}>
      ${repeat(near, this.keyOf, (item, offset) => {
        const index = from + offset;
        const x = (index % columns) * (width + this.gap);
        const y = Math.floor(index / columns) * (height + this.gap);
        const place = { width: `${width}px`, height: `${height}px`, transform: `translate(${x}px, ${y}px)` };
        return html`<div
          class="cell"
          role="listitem"
          aria-setsize=${this.items.length}
          aria-posinset=${index + 1}
          style=${styleMap(place)}
        >
          ${this.renderItem(item, index)}
        </div>`;
      })}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-virtual-grid": VirtualGrid;
  }
}
