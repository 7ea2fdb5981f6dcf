import { msg } from "@lit/localize";
import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { EpochValues } from "../../../domain/run/run.ts";
import { disclosures, foundation, tables } from "../../styles/shared.ts";
import { formatDuration, formatFixed, formatNumber, formatShare } from "../../text/format.ts";
import { TamisElement } from "../base/tamis-element.ts";
import { FigureController, figures } from "../figures/figure-controller.ts";
import type { PanelWords } from "./figure.ts";

const gap = 24;
/** Below this width, in pixels, the panels stand one below the other. */
const twoPanels = 600;

/** Accuracy and loss, for training and validation, epoch by epoch; the same values as a table. */
@customElement("tamis-curves")
export class Curves extends TamisElement {
  static override styles = [
    foundation,
    tables,
    disclosures,
    figures,
    css`
      :host {
        display: grid;
        gap: var(--space-3);
      }
      .panels {
        display: grid;
        gap: var(--space-4) ${gap}px;
        grid-template-columns: 1fr;
        min-width: 0;
      }
      .panels.two {
        grid-template-columns: 1fr 1fr;
      }
      .panels > div {
        min-width: 0;
      }
      .figure {
        min-height: 200px;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-1) var(--space-4);
        font-size: var(--text-small);
        color: var(--ink-soft);
      }
      .legend span {
        display: inline-flex;
        align-items: center;
        gap: var(--space-2);
      }
      .legend svg {
        width: 2rem;
        height: 0.75rem;
      }
      .training {
        color: var(--series-training);
      }
      .validation {
        color: var(--series-validation);
      }
    `,
  ];

  @property({ attribute: false }) history: readonly EpochValues[] = [];
  /** Epochs that the run will have at most. */
  @property({ type: Number }) epochs = 0;
  readonly #figure = new FigureController(this);

  #renderPanel(kind: "accuracy" | "loss", width: number, words: PanelWords) {
    const title = kind === "accuracy" ? msg("Accuracy") : msg("Loss");
    const { drawings } = this.#figure;
    const figure =
      drawings && width > 0
        ? drawings.drawPanel({
            kind,
            width,
            history: this.history,
            epochs: Math.max(this.epochs, this.history.length),
            words,
          })
        : nothing;
    // The figure is for the eye; the table says the same in words.
    return html`<div>
      <h3>${title}</h3>
      <div class="figure" aria-hidden="true">${figure}</div>
    </div>`;
  }

  #renderTable(words: PanelWords) {
    return html`<details>
      <summary>${msg("Values as a table")}</summary>
      <div class="table-scroll" tabindex="0" role="region" aria-label=${msg("Values by epoch")}>
        <table>
          <caption class="visually-hidden">
            ${msg("Values by epoch")}
          </caption>
          <thead>
            <tr>
              <th scope="col">${words.epoch}</th>
              <th scope="col" class="end">${msg("Training loss")}</th>
              <th scope="col" class="end">${msg("Validation loss")}</th>
              <th scope="col" class="end">${msg("Training accuracy")}</th>
              <th scope="col" class="end">${msg("Validation accuracy")}</th>
              <th scope="col" class="end">${msg("Duration")}</th>
            </tr>
          </thead>
          <tbody>
            ${this.history.map(
              (values) =>
                html`<tr>
                  <th scope="row">${formatNumber(values.epoch)}</th>
                  <td class="end">${formatFixed(values.loss, 4)}</td>
                  <td class="end">${formatFixed(values.validationLoss, 4)}</td>
                  <td class="end">${formatShare(values.accuracy, 1)}</td>
                  <td class="end">${formatShare(values.validationAccuracy, 1)}</td>
                  <td class="end">${formatDuration(values.seconds)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>`;
  }

  protected override render() {
    const words = { epoch: msg("Epoch"), training: msg("Training"), validation: msg("Validation") };
    const { width, isUnavailable } = this.#figure;
    const two = width >= twoPanels;
    const panelWidth = two ? Math.floor((width - gap) / 2) : width;
    return html`
      <div class="legend">
        <span
          ><svg class="training" viewBox="0 0 32 12" aria-hidden="true">
            <path d="M0 6h32" stroke="currentColor" stroke-width="2.25" />
            <circle cx="16" cy="6" r="3" fill="currentColor" /></svg
          >${words.training}</span
        >
        <span
          ><svg class="validation" viewBox="0 0 32 12" aria-hidden="true">
            <path d="M0 6h32" stroke="currentColor" stroke-width="2.25" stroke-dasharray="6 4" />
            <circle cx="16" cy="6" r="3" fill="var(--surface)" stroke="currentColor" stroke-width="1.5" /></svg
          >${words.validation}</span
        >
      </div>
      ${
        isUnavailable
          ? html`<p class="soft">${msg("The figure could not be loaded; the table has its values.")}</p>`
          : html`<div class="panels ${two ? "two" : ""}">
              ${this.#renderPanel("accuracy", panelWidth, words)} ${this.#renderPanel("loss", panelWidth, words)}
            </div>`
      }
      ${this.history.length > 0 ? this.#renderTable(words) : nothing}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "tamis-curves": Curves;
  }
}
