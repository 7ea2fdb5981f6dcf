import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { icon } from "../icon/icon.ts";

/** Where a thumbnail's picture comes from. `key` tells pictures apart: the same key means the same picture. */
export interface ThumbnailSource {
  readonly key: string;
  load(): Promise<Blob | undefined>;
}

/**
 * A small picture that is loaded when it comes into view. Its object URL lives exactly as long as it is shown.
 * @csspart image - the picture
 */
@customElement("tamis-thumbnail")
export class Thumbnail extends TamisElement {
  static override styles = [
    foundation,
    css`
      :host {
        display: grid;
        place-items: center;
        overflow: hidden;
        background: var(--surface-sunken);
        color: var(--ink-soft);
      }
      img {
        grid-area: 1 / 1;
        width: 100%;
        height: 100%;
        min-height: 0;
        object-fit: var(--thumbnail-fit, cover);
      }
      .icon {
        grid-area: 1 / 1;
        opacity: 0.6;
        font-size: 1.4rem;
      }
    `,
  ];

  @property({ attribute: false }) source: ThumbnailSource | null = null;
  /** Empty where the words beside it say the same. */
  @property() alt = "";
  @state() private url = "";

  #key = "";
  #observer: IntersectionObserver | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) void this.#load();
      },
      { rootMargin: "200px" },
    );
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#observer = null;
    this.#forget();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("source") && (this.source?.key ?? "") !== this.#key) {
      this.#forget();
      // Observing again reports at once whether it is in view.
      this.#observer?.unobserve(this);
      this.#observer?.observe(this);
    }
  }

  #forget(): void {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = "";
    this.#key = "";
  }

  async #load(): Promise<void> {
    const source = this.source;
    if (!source || source.key === this.#key) return;
    this.#key = source.key;
    const blob = await source.load().catch(() => undefined);
    // It may have gone, or show another picture by now.
    if (!blob || !this.isConnected || this.#key !== source.key || this.url) return;
    this.url = URL.createObjectURL(blob);
  }

  protected override render() {
    return this.url
      ? html`<img part="image" src=${this.url} alt=${this.alt} decoding="async" draggable="false" />`
      : html`${icon("photo")}${this.alt ? html`<span class="visually-hidden">${this.alt}</span>` : nothing}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-thumbnail": Thumbnail;
  }
}
