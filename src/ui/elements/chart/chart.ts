import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import type { Chart } from "./figure.ts";

type Draw = typeof import("../curves/figure.ts").drawChart;

/** Kept while it loads, dropped when loading fails, so that the next chart tries again. */
let loading: Promise<Draw> | null = null;
function loadFigure(): Promise<Draw> {
  loading ??= import("../curves/figure.ts").then(
    (module) => module.drawChart,
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}

/** A chart of shares with its heading; `summary` says in words what it shows. */
@customElement("tamis-chart")
export class ChartElement extends TamisElement {
  static override styles = [
    foundation,
    css`
      .figure {
        min-height: 210px;
        min-width: 0;
      }
      .figure svg {
        display: block;
        max-width: 100%;
        overflow: visible;
        color: var(--ink-soft);
        font: 12px/1.2 var(--font);
        --plot-background: var(--surface);
      }
      .figure svg text,
      .figure svg tspan {
        white-space: pre;
      }
      .figure svg [aria-label="tip"] {
        color: var(--ink);
      }
    `,
  ];

  @property() heading = "";
  @property() summary = "";
  @property({ attribute: false }) chart: Chart | null = null;
  @state() private width = 0;
  @state() private draw: Draw | null = null;
  @state() private unavailable = false;

  #observer: ResizeObserver | null = null;
  #frame = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    // In the next frame: rendering while sizes are being observed would change what is observed.
    this.#observer = new ResizeObserver(() => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => {
        this.width = this.clientWidth;
      });
    });
    this.#observer.observe(this);
    loadFigure().then(
      (draw) => {
        this.draw = draw;
      },
      () => {
        this.unavailable = true;
      },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
    this.#observer = null;
    cancelAnimationFrame(this.#frame);
  }

  protected override render() {
    const { chart, draw, width } = this;
    return html`<figure>
      <figcaption>
        <h3>${this.heading}</h3>
        <p class="small soft">${this.summary}</p>
      </figcaption>
      ${
        this.unavailable
          ? html`<p class="soft">${msg("The figure could not be loaded.")}</p>`
          : html`<div class="figure" aria-hidden="true">
              ${chart && draw && width > 0 ? draw(chart, width) : nothing}
            </div>`
      }
    </figure>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-chart": ChartElement;
  }
}
