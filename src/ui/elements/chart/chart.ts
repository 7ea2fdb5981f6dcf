import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { foundation } from "../../styles/shared.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { FigureController, figures } from "../figures/figure-controller.ts";
import type { Chart } from "./figure.ts";

/** A chart of shares with its heading; `summary` says in words what it shows. */
@customElement("tamis-chart")
export class ChartElement extends TamisElement {
  static override styles = [
    foundation,
    figures,
    css`
      .figure {
        min-height: 210px;
        min-width: 0;
      }
    `,
  ];

  @property() heading = "";
  @property() summary = "";
  @property({ attribute: false }) chart: Chart | null = null;
  readonly #figure = new FigureController(this);

  protected override render() {
    const { chart } = this;
    const { drawings, width, isUnavailable } = this.#figure;
    return html`<figure>
      <figcaption>
        <h3>${this.heading}</h3>
        <p class="small soft">${this.summary}</p>
      </figcaption>
      ${
        isUnavailable
          ? html`<p class="soft">${msg("The figure could not be loaded.")}</p>`
          : html`<div class="figure" aria-hidden="true">
              ${chart && drawings && width > 0 ? drawings.drawChart(chart, width) : nothing}
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
